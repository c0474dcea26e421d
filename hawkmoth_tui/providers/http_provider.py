"""A provider over HTTP: one wire, one server, one key. The engine's only way to a model server."""

from __future__ import annotations

import json
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import AuthFailed, BadResponse, ProviderError, Unreachable
from hawkmoth_tui.core.exchange import QuotaTold
from hawkmoth_tui.providers.body import DOCUMENT_BYTES, WHOLE, BodyReader
from hawkmoth_tui.providers.complaints import is_complaint
from hawkmoth_tui.providers.door import KeyUse, Letter
from hawkmoth_tui.providers.failures import from_document, from_status, redirected, web_page
from hawkmoth_tui.providers.inquiries import Inquisitive, told
from hawkmoth_tui.providers.masking import without_keys
from hawkmoth_tui.providers.quotas import quota_in
from hawkmoth_tui.providers.wire import DONE, Guarded, Yielding
from hawkmoth_tui.settings.address import base_url_problem, host_of
from hawkmoth_tui.settings.builtin import KEY_VARIABLES, vendor_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable

    from hawkmoth_tui.core.exchange import Chunk, ListedModel, ModelRequest
    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.providers.answer import Answer
    from hawkmoth_tui.providers.door import HttpDoor
    from hawkmoth_tui.providers.sse import Event
    from hawkmoth_tui.providers.wire import Call, Reader, Wire
    from hawkmoth_tui.settings.schema import ProviderSettings

AFTER_FINISH_S = 5.0
"""How long usage and the end mark may take after the finish reason; then the answer counts as ended."""
MOST_PAGES = 20
"""Pages of a model list that are read."""

_COMMON_HEADERS = {
    "accept": "text/event-stream, application/x-ndjson, application/json",
    "accept-encoding": "gzip",
    "user-agent": "hawkmoth-tui",
}


class HttpProvider:
    """Implements `Provider` for every wire."""

    def __init__(self, spec: ProviderSettings, secret: Secret | None, door: HttpDoor, wire: Wire) -> None:
        self._spec = spec
        self._secret = secret
        self._door = door
        self._wire = wire

    @property
    def name(self) -> str:
        return self._spec.name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Chunk, None]:
        reader = self._wire.reader()
        try:
            self._check_address()
            async with self._accepted(request) as answer:
                quota = quota_in(answer.headers, self._door.now_s())
                if quota is not None:
                    yield QuotaTold(quota)
                async with aclosing(_chunks(answer, reader, BodyReader(self._wire.json_lines()))) as chunks:
                    async for chunk in chunks:
                        yield chunk
        except ProviderError as error:
            explained = self._explained(error)
        else:
            return
        for chunk in reader.assembly.remains():
            yield chunk
        raise explained

    async def list_models(self) -> tuple[ListedModel, ...]:
        try:
            self._check_address()
            if self._secret and isinstance(self._wire, Guarded) and (page := self._wire.key_call()):
                await self._document(page)
            listed = await self._listed()
            if isinstance(self._wire, Inquisitive):
                listed = await told(listed, self._wire.inquiries(listed), self._document)
        except ProviderError as error:
            explained = self._explained(error)
        else:
            return listed
        raise explained

    async def _listed(self) -> tuple[ListedModel, ...]:
        """All pages of the model list."""
        models: dict[str, ListedModel] = {}
        call = self._wire.list_call()
        for _ in range(MOST_PAGES):
            if call is None:
                break
            page = self._wire.list_page(await self._document(call), call.url)
            models |= {model.id: model for model in page.models}
            call = replace(call, url=page.next_url) if page.next_url else None
        return tuple(models.values())

    @asynccontextmanager
    async def _accepted(self, request: ModelRequest) -> AsyncIterator[Answer]:
        """The answer, once the server takes the request; it is asked again where the wire knows a better way to ask."""
        while True:
            async with self._door.send(self._letter(self._wire.ask(request), "answer")) as answer:
                try:
                    await self._check(answer)
                except ProviderError as error:
                    if not (isinstance(self._wire, Yielding) and self._wire.can_ask_again(request, error)):
                        raise
                else:
                    yield answer
                    return

    def _check_address(self) -> None:
        wanted = base_url_problem(self._spec.base_url)
        if wanted:
            raise Unreachable("base_url is no address that can be asked", f"it must be {wanted}")

    async def _document(self, call: Call) -> object:
        """The JSON document that answers a call."""
        async with self._door.send(self._letter(call, "model list")) as answer:
            await self._check(answer)
            body = bytearray()
            while piece := await answer.read():
                answer.clocks.heard()
                body += piece
                if len(body) > DOCUMENT_BYTES:
                    raise BadResponse(f"the server sent a document of more than {DOCUMENT_BYTES // 1024**2} MB")
        if body.lstrip()[:1] == b"<":
            raise web_page(bytes(body))
        return _parsed(body.decode("utf-8", "replace"))

    async def _check(self, answer: Answer) -> None:
        """Raises the error that the answer's status is."""
        if 200 <= answer.status < 300:
            return
        if 300 <= answer.status < 400:
            raise redirected(answer.status, answer.headers.get("location", ""))
        body = await answer.read_error()
        raise from_status(answer.status, answer.headers, body, self._door.now_s())

    def _letter(self, call: Call, purpose: str) -> Letter:
        headers = {**_COMMON_HEADERS, **call.headers}
        use = None
        if self._secret:
            use = KeyUse(self._spec.name, host_of(call.url), purpose)
            name, value = self._wire.key_header(_checked(self._secret.reveal()))
            headers[name] = value
        body = None
        if call.document is not None:
            headers["content-type"] = "application/json"
            body = json.dumps(call.document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        headers |= {name.lower(): value for name, value in self._spec.headers.items()}
        spec = self._spec
        return Letter(call.method, call.url, headers, body, spec.ca_file, spec.proxy, spec.timeouts, use)

    def _explained(self, error: ProviderError) -> ProviderError:
        """The error with this provider's name and a hint that fits it, without keys in its words or its cause."""
        secrets = [self._secret.reveal()] if self._secret else []
        secrets += [value for value in self._spec.headers.values() if len(value) >= 8]
        error.provider = self._spec.name
        error.message = without_keys(error.message, secrets)
        error.hint = without_keys(error.hint, secrets) or (
            key_hint(self._spec) if isinstance(error, AuthFailed) else ""
        )
        error.args = (error.message,)
        error.__cause__ = None
        error.__suppress_context__ = True
        return error


async def _chunks(answer: Answer, reader: Reader, body: BodyReader) -> AsyncGenerator[Chunk, None]:
    """The answer's chunks, the last of them `Finished`. Raises a ProviderError when it does not come to that."""
    assembly = reader.assembly
    while not assembly.is_done:
        try:
            piece = await answer.read()
        except ProviderError:
            if assembly.is_finished:
                break
            raise
        events = body.feed(piece) if piece else body.end()
        before = assembly.progress
        for chunk in read_events(events, reader, is_last=not piece):
            yield chunk
        if assembly.is_finished:
            answer.clocks.hurry(AFTER_FINISH_S)
        elif assembly.progress != before or body.is_document:
            answer.clocks.heard()
        if not piece:
            break
    for chunk in assembly.end():
        yield chunk
    if assembly.is_done:
        await answer.drain()


def read_events(events: Iterable[Event], reader: Reader, *, is_last: bool) -> Iterable[Chunk]:
    """The chunks of some events. What no JSON object is counts for nothing, half an object at the end neither."""
    for name, data in events:
        if data == DONE:
            reader.assembly.done()
            return
        try:
            document: object = json.loads(data)
        except (ValueError, RecursionError) as error:
            if name != WHOLE and (is_last or not data.startswith("{")):
                continue
            raise BadResponse("the server sent broken JSON", "try again, or check base_url and protocol") from error
        if name == WHOLE:
            yield from _whole(document, reader)
        elif isinstance(document, dict):
            yield from reader.read(document, name)
        if reader.assembly.is_done:
            return


def _whole(document: object, reader: Reader) -> list[Chunk]:
    """The chunks of an answer that came whole; Google puts errors, and the pieces of an unasked stream, into a list."""
    if isinstance(document, list):
        pieces = [piece for piece in document if isinstance(piece, dict) and not is_complaint(piece)]
        if not pieces or len(pieces) < len(document):
            raise from_document(document)
        return [chunk for piece in pieces for chunk in reader.read(piece)]
    if not isinstance(document, dict):
        raise BadResponse("the server sent JSON that is no answer", "check base_url and protocol")
    return reader.read_whole(document)


def _parsed(body: str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadResponse("the server sent something that is not JSON", "check base_url and protocol") from error


def _checked(key: str) -> str:
    """The key, when a header can carry it. Raises AuthFailed, which does not quote it."""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise AuthFailed(
            "the key holds characters that no key has (spaces, line ends, accents)", "store it again without them"
        )
    return key


def key_hint(spec: ProviderSettings) -> str:
    """What to do about a refused key: where this provider's key comes from."""
    kind, _, name = (spec.api_key or "").partition(":")
    match kind:
        case "env":
            return f"check the key in {name}"
        case "command":
            return f"check what the key command of [providers.{spec.name}] prints"
        case "keyring":
            return f"store the key of {spec.name} in the keyring again"
        case "none":
            return f'this server wants a key: set api_key = "env:NAME" in [providers.{spec.name}]'
        case _:
            return f"check the key in {_variable(spec)}; `hawkmoth doctor` shows where it came from"


def _variable(spec: ProviderSettings) -> str:
    """The environment variable that holds this provider's key by custom."""
    vendor = vendor_of(host_of(spec.base_url)) or spec.name
    return KEY_VARIABLES[vendor][0] if vendor in KEY_VARIABLES else f"{vendor.upper().replace('-', '_')}_API_KEY"
