"""Ollama's own wire: newline-delimited JSON. The server makes the room a request needs, and never cuts one silently."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ContextTooLong
from hawkmoth_tui.core.messages import Image, Message, Role, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.endpoints import ollama_url
from hawkmoth_tui.providers.failures import from_document
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.inquiries import Inquiry
from hawkmoth_tui.providers.ndjson import NdjsonReader
from hawkmoth_tui.providers.ollama_models import card_of, tags_page
from hawkmoth_tui.providers.ollama_room import Rooms
from hawkmoth_tui.providers.outgoing import base64_of, sendable, texts, tool_loop_start
from hawkmoth_tui.providers.text import whole
from hawkmoth_tui.providers.tool_calls import arguments_record, arguments_text, make_call
from hawkmoth_tui.providers.usage import ollama_usage
from hawkmoth_tui.providers.wire import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hawkmoth_tui.core.errors import ProviderError
    from hawkmoth_tui.core.exchange import Chunk, ListedModel, ModelRequest
    from hawkmoth_tui.providers.wire import Page

ORIGIN = "ollama"


class Ollama:
    """The wire with one server's base URL. It remembers the room each model was given."""

    def __init__(
        self, base_url: str, keep_alive: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` is monotonic, in seconds."""
        self._base_url = base_url
        self._keep_alive = keep_alive
        self._rooms = Rooms(clock)

    def ask(self, request: ModelRequest) -> Call:
        document = chat_document(request, self._rooms.room(request))
        if self._keep_alive is not None:
            document["keep_alive"] = _keep_alive(self._keep_alive)
        return Call("POST", ollama_url(self._base_url, "/api/chat"), document=document)

    def can_ask_again(self, request: ModelRequest, error: ProviderError) -> bool:
        """Whether the request was only longer than its room, which has grown now."""
        return isinstance(error, ContextTooLong) and self._rooms.widen(request)

    def reader(self) -> OllamaReader:
        return OllamaReader()

    def json_lines(self) -> NdjsonReader:
        return NdjsonReader()

    def key_header(self, key: str) -> tuple[str, str]:
        return "authorization", f"Bearer {key}"

    def list_call(self) -> Call:
        return Call("GET", ollama_url(self._base_url, "/api/tags"))

    def list_page(self, document: object, url: str) -> Page:
        return tags_page(document)

    def inquiries(self, models: Sequence[ListedModel]) -> tuple[Inquiry, ...]:
        """The card of each model: its window and what it can do."""
        url = ollama_url(self._base_url, "/api/show")
        return tuple(Inquiry(Call("POST", url, document={"model": model.id}), card_of, model.id) for model in models)


def chat_document(request: ModelRequest, room_tokens: int | None = None) -> dict[str, object]:
    """The request as this wire's JSON. A prompt that is longer than its room is refused (`truncate`), and an answer that outgrows it ends
    there (`shift`): by itself the server would drop the oldest messages in both cases, and say nothing."""
    options: dict[str, object] = {}
    if room_tokens is not None:
        options["num_ctx"] = room_tokens
    if request.max_output_tokens is not None:
        options["num_predict"] = request.max_output_tokens
    if request.temperature is not None:
        options["temperature"] = float(request.temperature)
    document: dict[str, object] = {
        "model": request.model_id,
        "messages": list(_messages(request)),
        "stream": True,
        "truncate": False,
        "shift": False,
    }
    if options:
        document["options"] = options
    if request.reasoning_effort and Capability.REASONING in request.capabilities:
        document["think"] = _think(request)
    return document


def _think(request: ModelRequest) -> bool | str:
    """gpt-oss takes one of three levels; the others think or do not, and minimal is not."""
    if "gpt-oss" in request.model_id:
        return "low" if request.reasoning_effort == "minimal" else str(request.reasoning_effort)
    return request.reasoning_effort != "minimal"


def _keep_alive(stay: str) -> int | str:
    """A bare number is seconds, and only as a number; everything else is a duration in Go's form."""
    return int(stay) if stay.lstrip("-").isdigit() else stay


def _messages(request: ModelRequest) -> Iterator[dict[str, object]]:
    if request.system.strip():
        yield {"role": "system", "content": whole(request.system)}
    messages = sendable(request.messages, ORIGIN)
    loop_start = tool_loop_start(messages)
    names = {part.id: part.name for message in messages for part in message.parts if isinstance(part, ToolCall)}
    for index, message in enumerate(messages):
        for part in message.parts:
            if isinstance(part, ToolResult):
                yield {"role": "tool", "content": whole(part.text), "tool_name": names.get(part.call_id, "")}
        match message.role:
            case Role.ASSISTANT:
                yield _assistant_message(message, is_in_tool_loop=index >= loop_start)
            case Role.USER | Role.TOOL:
                images = [base64_of(part) for part in message.parts if isinstance(part, Image)]
                said = texts(message)
                if said or images:
                    yield {"role": "user", "content": said} | ({"images": images} if images else {})


def _assistant_message(message: Message, *, is_in_tool_loop: bool) -> dict[str, object]:
    document: dict[str, object] = {"role": "assistant", "content": texts(message)}
    calls = [
        {"function": {"name": part.name, "arguments": arguments_record(part.arguments)}}
        for part in message.parts
        if isinstance(part, ToolCall)
    ]
    if calls:
        document["tool_calls"] = calls
    thinking = "".join(part.text for part in message.parts if isinstance(part, Thinking))
    if calls and thinking and is_in_tool_loop:
        document["thinking"] = whole(thinking)
    return document


class OllamaReader:
    """Reads one answer of /api/chat or /api/generate, streamed or whole."""

    def __init__(self) -> None:
        self._assembly = Assembly(ORIGIN)
        self._call_count = 0

    @property
    def assembly(self) -> Assembly:
        return self._assembly

    def read(self, document: Mapping[str, object], name: str = "") -> list[Chunk]:
        if document.get("error") or name == "error":
            raise from_document(document)
        message = record(document.get("message"))
        chunks = self._assembly.thinking(text(message.get("thinking")) or text(document.get("thinking")))
        chunks += self._assembly.text(text(message.get("content")) or text(document.get("response")))
        for entry in items(message.get("tool_calls")):
            chunks += self._call(record(entry))
        if document.get("done") is True:
            chunks += self._assembly.usage(ollama_usage(document), _figures(document))
            self._assembly.finish(text(document.get("done_reason")))
            self._assembly.done()
        return chunks

    def read_whole(self, document: Mapping[str, object]) -> list[Chunk]:
        return self.read(document)

    def _call(self, entry: Mapping[str, object]) -> list[Chunk]:
        function = record(entry.get("function"))
        name = text(function.get("name"))
        if not name:
            return []
        self._call_count += 1
        arguments = arguments_text(function.get("arguments"))
        return self._assembly.call(make_call(text(entry.get("id")), name, arguments, self._call_count))


def _figures(document: Mapping[str, object]) -> dict[str, object]:
    """The counts and times of the last line."""
    return {name: value for name, value in document.items() if name.endswith(("_count", "_duration"))}
