"""Cohere's own wire, version 2 of its chat API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import BadResponse, StreamBroken
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.messages import Message, Role, Thinking, ToolResult
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.complaints import is_complaint
from hawkmoth_tui.providers.endpoints import cohere_url
from hawkmoth_tui.providers.failures import from_document
from hawkmoth_tui.providers.fields import count, items, record, text
from hawkmoth_tui.providers.outgoing import chat_content, function_calls, sendable, texts, thinking_tokens
from hawkmoth_tui.providers.text import whole
from hawkmoth_tui.providers.tool_calls import ANY_ID, arguments_text, make_call
from hawkmoth_tui.providers.usage import cohere_usage
from hawkmoth_tui.providers.wire import Call, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hawkmoth_tui.core.exchange import Chunk, ModelRequest

ORIGIN = "cohere"
MODELS_A_PAGE = 1000


class Cohere:
    """The wire with one server's base URL."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, request: ModelRequest) -> Call:
        return Call("POST", cohere_url(self._base_url, "/v2/chat"), document=chat_document(request))

    def reader(self) -> CohereReader:
        return CohereReader()

    def json_lines(self) -> None:
        return None

    def key_header(self, key: str) -> tuple[str, str]:
        return "authorization", f"Bearer {key}"

    def list_call(self) -> Call:
        return Call("GET", cohere_url(self._base_url, "/v1/models") + f"?endpoint=chat&page_size={MODELS_A_PAGE}")

    def list_page(self, document: object, url: str) -> Page:
        return cohere_page(document)


def chat_document(request: ModelRequest) -> dict[str, object]:
    """The request as this wire's JSON."""
    document: dict[str, object] = {
        "model": request.model_id,
        "messages": list(_messages(request)),
        "stream": True,
    }
    if request.max_output_tokens is not None:
        document["max_tokens"] = request.max_output_tokens
    if request.temperature is not None:
        document["temperature"] = min(1.0, float(request.temperature))
    if request.reasoning_effort and Capability.REASONING in request.capabilities:
        document["thinking"] = {"type": "enabled", "token_budget": thinking_tokens(request.reasoning_effort)}
    return document


def _messages(request: ModelRequest) -> Iterator[dict[str, object]]:
    if request.system.strip():
        yield {"role": "system", "content": whole(request.system)}
    for message in sendable(request.messages, ORIGIN):
        for part in message.parts:
            if isinstance(part, ToolResult):
                yield {"role": "tool", "tool_call_id": ANY_ID.fit(part.call_id), "content": whole(part.text)}
        if message.role is Role.ASSISTANT:
            yield _assistant_message(message)
        elif content := chat_content(message):
            yield {"role": "user", "content": content}


def _assistant_message(message: Message) -> dict[str, object]:
    calls = function_calls(message, ANY_ID)
    if not calls:
        return {"role": "assistant", "content": texts(message)}
    thoughts: list[dict[str, object]] = [
        {"type": "thinking", "thinking": whole(part.text)}
        for part in message.parts
        if isinstance(part, Thinking) and part.text
    ]
    said = texts(message)
    content: list[dict[str, object]] = thoughts + ([{"type": "text", "text": said}] if said else [])
    return {"role": "assistant", **({"content": content} if content else {}), "tool_calls": calls}


class CohereReader:
    """Reads one answer, streamed or whole."""

    def __init__(self) -> None:
        self._assembly = Assembly(ORIGIN)

    @property
    def assembly(self) -> Assembly:
        return self._assembly

    def read(self, document: Mapping[str, object], name: str = "") -> list[Chunk]:
        delta = record(document.get("delta"))
        message = record(delta.get("message"))
        match text(document.get("type")) or name:
            case "content-start" | "content-delta":
                return self._content(record(message.get("content")))
            case "tool-call-start" | "tool-call-delta":
                self._call_piece(document.get("index"), record(message.get("tool_calls")))
                return []
            case "message-end":
                chunks = self._usage(delta)
                words = one_line(text(delta.get("error")), 200)
                if words:
                    raise StreamBroken(f"the server stopped the answer: {words}", "retry it or choose another model")
                self._assembly.finish(text(delta.get("finish_reason")))
                self._assembly.done()
                return chunks
            case "error":
                raise from_document(document)
            case _:
                if is_complaint(document) or document.get("error"):
                    raise from_document(document)
                return []

    def read_whole(self, document: Mapping[str, object]) -> list[Chunk]:
        if is_complaint(document):
            raise from_document(document)
        message = record(document.get("message"))
        chunks: list[Chunk] = []
        for part in items(message.get("content")):
            chunks += self._content(record(part))
        for position, entry in enumerate(items(message.get("tool_calls"))):
            call = record(entry)
            function = record(call.get("function"))
            if text(function.get("name")):
                arguments = arguments_text(function.get("arguments"))
                made = make_call(text(call.get("id")), text(function.get("name")), arguments, position)
                chunks += self._assembly.call(made)
        chunks += self._usage(document)
        self._assembly.finish(text(document.get("finish_reason")))
        if self._assembly.holds_something:
            self._assembly.came_whole()
        return chunks

    def _content(self, part: Mapping[str, object]) -> list[Chunk]:
        return self._assembly.thinking(text(part.get("thinking"))) + self._assembly.text(text(part.get("text")))

    def _call_piece(self, index: object, call: Mapping[str, object]) -> None:
        function = record(call.get("function"))
        self._assembly.call_piece(
            index if type(index) is int else None,
            text(call.get("id")),
            text(function.get("name")),
            arguments_text(function.get("arguments")),
        )

    def _usage(self, fields: Mapping[str, object]) -> list[Chunk]:
        usage = record(fields.get("usage"))
        return self._assembly.usage(cohere_usage(usage), usage) if usage else []


def cohere_page(document: object) -> Page:
    """The list of /v1/models: those that chat, with their windows; it tells no prices."""
    entries = record(document).get("models")
    if not isinstance(entries, list):
        raise BadResponse("the server's model list cannot be read", "check base_url and protocol")
    models = tuple(
        ListedModel(
            id=text(fields.get("name")),
            context_tokens=count(fields.get("context_length")) or None,
            capabilities=_capabilities(fields),
        )
        for fields in map(record, entries[:MODELS_A_PAGE])
        if text(fields.get("name")) and "chat" in (items(fields.get("endpoints")) or ("chat",))
    )
    return Page(models)


def _capabilities(fields: Mapping[str, object]) -> frozenset[Capability]:
    named = {"tools": Capability.TOOLS, "vision": Capability.VISION, "reasoning": Capability.REASONING}
    told = frozenset(named[name] for name in map(text, items(fields.get("features"))) if name in named)
    return told | ({Capability.VISION} if fields.get("supports_vision") is True else frozenset())
