"""A simulated provider that ships with Hawkmoth: a real HTTP server on loopback that speaks the openai-chat wire and makes its answers up.

`hawkmoth demo`, tests and benchmarks use it. Standard library only, and light to import.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from hawkmoth_tui.providers import demo_answers
from hawkmoth_tui.providers.demo_models import MODELS, PACES, listed
from hawkmoth_tui.providers.demo_wire import STREAM_HEAD, Reply, error, send, write_event, write_piece
from hawkmoth_tui.providers.demo_wishes import FAILURES, HELP, Failure, Wishes, wishes_in
from hawkmoth_tui.providers.fields import items, record, text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAILURES", "HELP", "DemoServer"]

HEAD_BYTES = 64 * 1024
BODY_BYTES = 32 * 1024 * 1024
UNPACED_GROUP = 64
"""Tokens that leave together at full speed."""
REMEMBERED_PREFIXES = 2000
"""Prompt prefixes that count as cached when they come again."""


class DemoServer:
    """Listens on 127.0.0.1 at a port of the system's choice between `start` and `aclose`.

    `is_paced=False` answers without pauses where a prompt does not ask for a rate.
    """

    def __init__(self, *, is_paced: bool = True) -> None:
        self.models = MODELS
        self.base_url = ""
        """Empty until `start`."""
        self._is_paced = is_paced
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._prefixes: dict[bytes, None] = {}
        self._failed_once: set[bytes] = set()
        self._answers = 0

    async def start(self) -> None:
        """Begins to listen; a second call does nothing."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=HEAD_BYTES)
            self.base_url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def aclose(self) -> None:
        """Stops listening and ends every answer that is under way."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            return
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; False when the connection cannot be used again."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
        }
        size = int(headers.get("content-length", "0"))
        if not 0 <= size <= BODY_BYTES:
            await send(writer, 413, error("the request is too large", "invalid_request_error"))
            return False
        body = await reader.readexactly(size)
        path = target.partition("?")[0]
        if method == "GET" and path == "/v1/models":
            return await send(writer, 200, {"object": "list", "data": [listed(model) for model in self.models]})
        if method != "POST" or path != "/v1/chat/completions":
            return await send(writer, 404, error(f"no such path: {path}", "not_found_error"))
        try:
            request = record(json.loads(body))
        except (ValueError, RecursionError):
            return await send(writer, 400, error("the body is not JSON", "invalid_request_error"))
        return await self._complete(request, writer)

    async def _complete(self, request: Mapping[str, object], writer: asyncio.StreamWriter) -> bool:
        model_id = text(request.get("model"))
        messages = [record(message) for message in items(request.get("messages"))]
        if model_id not in PACES or not messages:
            return await send(writer, 404, error(f"the demo has no model {model_id!r}", "model_not_found"))
        prompt = next((_said(message) for message in reversed(messages) if message.get("role") == "user"), "")
        wishes = wishes_in(prompt, model_id)
        if refusal := self._refusal(wishes, prompt, model_id):
            status, document, extra = refusal
            return await send(writer, status, document, extra)
        thought = demo_answers.tokens(demo_answers.reasoning(prompt, model_id))
        said = demo_answers.answer(prompt, model_id)
        pieces = demo_answers.of_length(said, wishes.tokens) if wishes.tokens is not None else demo_answers.tokens(said)
        if wishes.failure is Failure.EMPTY:
            thought, pieces = [], []
        limit = request.get("max_tokens")
        is_cut = type(limit) is int and len(thought) + len(pieces) > limit
        if type(limit) is int and is_cut:
            thought, pieces = thought[:limit], pieces[: max(0, limit - len(thought))]
        self._answers += 1
        reply = Reply(f"chatcmpl-demo-{self._answers}", model_id, thought, pieces, "length" if is_cut else "stop")
        usage = self._usage(model_id, messages, reply)
        if request.get("stream") is not True:
            return await send(writer, 200, reply.whole(usage))
        return await self._stream(reply, usage, wishes, writer)

    def _refusal(
        self, wishes: Wishes, prompt: str, model_id: str
    ) -> tuple[int, Mapping[str, object] | str, Mapping[str, str]] | None:
        """Status, body and headers of a failure before the answer; None for those in its middle."""
        match wishes.failure:
            case Failure.RATE_LIMITED:
                return 429, error("simulated: too many requests", "rate_limit_error"), _wait(wishes)
            case Failure.SERVER_ERROR:
                return 500, error("simulated: internal error", "server_error"), {}
            case Failure.OVERLOADED:
                return 503, error("simulated: overloaded", "overloaded_error"), {}
            case Failure.AUTH:
                return 401, error("simulated: incorrect API key provided", "invalid_api_key"), {}
            case Failure.REFUSE:
                return 403, error("simulated: the prompt was flagged by moderation", "moderation"), {}
            case Failure.CONTEXT:
                return (
                    400,
                    error("simulated: the prompt exceeds the maximum context length", "context_length_exceeded"),
                    {},
                )
            case Failure.PAGE:
                return 200, "<!doctype html><title>Simulated login page</title><h1>Welcome</h1>", {}
            case Failure.ONCE:
                mark = _digest(f"{model_id}\n{prompt}")
                if mark in self._failed_once:
                    self._failed_once.discard(mark)
                    return None
                self._failed_once.add(mark)
                return 503, error("simulated: overloaded, once", "overloaded_error"), {"retry-after": "0.2"}
            case Failure.CUT | Failure.STALL | Failure.EMPTY | None:
                return None

    def _usage(self, model_id: str, messages: list[Mapping[str, object]], reply: Reply) -> dict[str, object]:
        """Token counts; a prefix of messages that this model has read before counts as cached."""
        prompt_tokens = cached_tokens = 0
        mark = _digest(model_id)
        is_known = True
        for message in messages:
            said = f"{message.get('role')}\n{_said(message)}"
            prompt_tokens += 4 + len(said) // 4
            mark = _digest(said, mark)
            is_known = is_known and mark in self._prefixes
            if is_known:
                cached_tokens = prompt_tokens
            self._prefixes[mark] = None
        while len(self._prefixes) > REMEMBERED_PREFIXES:
            del self._prefixes[next(iter(self._prefixes))]
        written = len(reply.thought) + len(reply.pieces)
        return {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": written,
            "total_tokens": prompt_tokens + written,
            "prompt_tokens_details": {"cached_tokens": cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": len(reply.thought)},
        }

    async def _stream(
        self, reply: Reply, usage: dict[str, object], wishes: Wishes, writer: asyncio.StreamWriter
    ) -> bool:
        pace = PACES[reply.model_id]
        delay_ms = wishes.delay_ms if wishes.delay_ms is not None else pace.first_token_ms * self._is_paced
        rate = wishes.rate if wishes.rate is not None else pace.tokens_per_s * self._is_paced
        writer.write(STREAM_HEAD)
        write_event(writer, reply.chunk({"role": "assistant", "content": ""}))
        await writer.drain()
        if delay_ms:
            await asyncio.sleep(delay_ms / 1000)
        deltas = reply.deltas()
        breaks = wishes.failure in (Failure.CUT, Failure.STALL)
        await _write_paced(writer, reply, deltas[: len(deltas) // 2] if breaks else deltas, rate)
        if wishes.failure is Failure.STALL:
            await asyncio.Event().wait()
        if breaks:
            return False
        write_event(writer, reply.chunk({}, finish=True))
        write_event(writer, {**reply.chunk({}), "choices": [], "usage": usage})
        write_piece(writer, b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


async def _write_paced(writer: asyncio.StreamWriter, reply: Reply, deltas: list[dict[str, str]], rate: int) -> None:
    """Writes the deltas at so many per second; at rate 0 in groups, as fast as they are taken."""
    now = asyncio.get_running_loop().time
    start, written = now(), 0
    while written < len(deltas):
        due = max(written, int((now() - start) * rate)) + 1 if rate else written + UNPACED_GROUP
        for delta in deltas[written:due]:
            write_event(writer, reply.chunk(delta))
        await writer.drain()
        written = due
        if rate and written < len(deltas):
            await asyncio.sleep(max(0.0, start + written / rate - now()))


def _wait(wishes: Wishes) -> dict[str, str]:
    """How long the refused are asked to wait."""
    return {"retry-after": str(2 if wishes.wait_s is None else wishes.wait_s)}


def _said(message: Mapping[str, object]) -> str:
    """The message's text, from a string or from parts."""
    content = message.get("content")
    return content if isinstance(content, str) else " ".join(text(record(part).get("text")) for part in items(content))


def _digest(said: str, before: bytes = b"") -> bytes:
    return sha256(before + said.encode("utf-8", "replace")).digest()
