"""Ollama's own wire: newline-delimited JSON. The server is told the window and never cuts a prompt silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Image, Message, Role, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.endpoints import ollama_url
from hawkmoth_tui.providers.failures import from_document
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.model_lists import ollama_page
from hawkmoth_tui.providers.ndjson import NdjsonReader
from hawkmoth_tui.providers.outgoing import base64_of, sendable, texts, tool_loop_start
from hawkmoth_tui.providers.text import whole
from hawkmoth_tui.providers.tool_calls import arguments_record, arguments_text, make_call
from hawkmoth_tui.providers.usage import ollama_usage
from hawkmoth_tui.providers.wire import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hawkmoth_tui.core.exchange import Chunk, ModelRequest
    from hawkmoth_tui.providers.wire import Page

ORIGIN = "ollama"


class Ollama:
    """The wire with one server's base URL."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, request: ModelRequest) -> Call:
        return Call("POST", ollama_url(self._base_url, "/api/chat"), document=chat_document(request))

    def reader(self) -> OllamaReader:
        return OllamaReader()

    def json_lines(self) -> NdjsonReader:
        return NdjsonReader()

    def key_header(self, key: str) -> tuple[str, str]:
        return "authorization", f"Bearer {key}"

    def list_call(self) -> Call:
        return Call("GET", ollama_url(self._base_url, "/api/tags"))

    def list_page(self, document: object, url: str) -> Page:
        return ollama_page(document)


def chat_document(request: ModelRequest) -> dict[str, object]:
    """The request as this wire's JSON. Prompts longer than the window are refused (`truncate`), not cut."""
    options: dict[str, object] = {}
    if request.context_tokens is not None:
        options["num_ctx"] = request.context_tokens
    if request.max_output_tokens is not None:
        options["num_predict"] = request.max_output_tokens
    if request.temperature is not None:
        options["temperature"] = float(request.temperature)
    document: dict[str, object] = {
        "model": request.model_id,
        "messages": list(_messages(request)),
        "stream": True,
        "truncate": False,
    }
    if options:
        document["options"] = options
    if request.reasoning_effort and Capability.REASONING in request.capabilities:
        document["think"] = _think(request)
    return document


def _think(request: ModelRequest) -> bool | str:
    """gpt-oss takes a level, the others only yes."""
    return str(request.reasoning_effort) if "gpt-oss" in request.model_id else True


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
            chunks += self._assembly.usage(ollama_usage(document))
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
