"""The anthropic-messages wire. Requests carry cache marks; thinking goes back with its signature."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.complaints import is_complaint
from hawkmoth_tui.providers.endpoints import versioned_url
from hawkmoth_tui.providers.failures import from_document
from hawkmoth_tui.providers.fields import count, items, record, text
from hawkmoth_tui.providers.model_lists import anthropic_page
from hawkmoth_tui.providers.outgoing import base64_of, sendable, thinking_tokens
from hawkmoth_tui.providers.text import whole
from hawkmoth_tui.providers.tool_calls import ANTHROPIC_ID, arguments_record, arguments_text, make_call
from hawkmoth_tui.providers.usage import anthropic_usage
from hawkmoth_tui.providers.wire import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.exchange import Chunk, ModelRequest
    from hawkmoth_tui.core.messages import Part
    from hawkmoth_tui.providers.wire import Page

ORIGIN = "anthropic-messages"
VERSION_HEADERS = {"anthropic-version": "2023-06-01"}
DEFAULT_LIMIT_TOKENS = 4096
"""Sent where nobody set a limit, because the protocol demands one."""
LEAST_THINKING_TOKENS = 1024
"""The smallest thinking budget the API takes."""

_MARK = {"cache_control": {"type": "ephemeral"}}
_REDACTED = "redacted:"
"""Before the sealed data of a redacted thinking block, where others have their signature."""
_ADAPTIVE = re.compile(r"claude-(?!3|(?:opus|sonnet|haiku)-4(?:-[0-5])?(?:[-@]\d{8})?$)")
"""Claude models from 4.6 on choose their thinking themselves; earlier ones and other vendors' take a budget of tokens."""
_OAUTH_PREFIX = "sk-ant-oat"


class AnthropicMessages:
    """The wire with one server's base URL."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, request: ModelRequest) -> Call:
        return Call("POST", versioned_url(self._base_url, "/v1/messages"), VERSION_HEADERS, messages_document(request))

    def reader(self) -> MessagesReader:
        return MessagesReader()

    def json_lines(self) -> None:
        return None

    def key_header(self, key: str) -> tuple[str, str]:
        return ("authorization", f"Bearer {key}") if key.startswith(_OAUTH_PREFIX) else ("x-api-key", key)

    def list_call(self) -> Call:
        return Call("GET", versioned_url(self._base_url, "/v1/models") + "?limit=1000", VERSION_HEADERS)

    def list_page(self, document: object, url: str) -> Page:
        return anthropic_page(document, url)


def messages_document(request: ModelRequest) -> dict[str, object]:
    """The request as this wire's JSON.

    Two cache marks: on the system prompt, and on the last message before the newest one, so that each token is written to the cache
    once, when the next turn needs it, and an edited or repeated prompt costs no second write.
    """
    limit = request.max_output_tokens or DEFAULT_LIMIT_TOKENS
    messages = [_message(message) for message in _in_two_roles(sendable(request.messages, ORIGIN))]
    if len(messages) > 1:
        _mark(messages[-2])
    document: dict[str, object] = {
        "model": request.model_id,
        "max_tokens": limit,
        "messages": messages,
        "stream": True,
    }
    if request.system.strip():
        document["system"] = [{"type": "text", "text": whole(request.system), **_MARK}]
    thinking = _thinking(request, limit)
    document.update(thinking)
    if request.temperature is not None and not thinking:
        document["temperature"] = min(1.0, float(request.temperature))
    return document


def _thinking(request: ModelRequest, limit: int) -> dict[str, object]:
    """The fields that ask for thinking; none unless an effort was asked for and the model can reason."""
    effort = request.reasoning_effort
    if not effort or Capability.REASONING not in request.capabilities:
        return {}
    if _ADAPTIVE.search(request.model_id):
        return {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low" if effort == "minimal" else effort}}
    budget = min(max(LEAST_THINKING_TOKENS, thinking_tokens(effort)), limit // 2)
    return {"thinking": {"type": "enabled", "budget_tokens": budget}} if budget >= LEAST_THINKING_TOKENS else {}


def _in_two_roles(messages: list[Message]) -> list[Message]:
    """Tool results are the user's here; neighbours that so come to share a role are joined."""
    joined: list[Message] = []
    for message in messages:
        role = Role.ASSISTANT if message.role is Role.ASSISTANT else Role.USER
        if joined and joined[-1].role is role:
            joined[-1] = Message(role, joined[-1].parts + message.parts)
        else:
            joined.append(Message(role, message.parts))
    if joined and joined[-1].role is Role.ASSISTANT:
        joined[-1] = _without_trailing_space(joined[-1])
    return joined


def _without_trailing_space(message: Message) -> Message:
    """A last assistant message must not end in white space."""
    last = message.parts[-1]
    return Message(message.role, (*message.parts[:-1], Text(last.text.rstrip()))) if isinstance(last, Text) else message


def _message(message: Message) -> dict[str, object]:
    results_first = sorted(message.parts, key=lambda part: not isinstance(part, ToolResult))
    blocks = [block for part in results_first if (block := _block(part)) is not None]
    return {"role": message.role.value, "content": blocks}


def _block(part: Part) -> dict[str, object] | None:
    match part:
        case Text(said):
            return {"type": "text", "text": whole(said)}
        case Thinking(_, signature) if signature.startswith(_REDACTED):
            return {"type": "redacted_thinking", "data": signature.removeprefix(_REDACTED)}
        case Thinking(thought, signature):
            return {"type": "thinking", "thinking": whole(thought), "signature": signature} if signature else None
        case Image():
            source = {"type": "base64", "media_type": part.media_type, "data": base64_of(part)}
            return {"type": "image", "source": source}
        case ToolCall():
            arguments = arguments_record(part.arguments)
            return {"type": "tool_use", "id": ANTHROPIC_ID.fit(part.id), "name": part.name, "input": arguments}
        case ToolResult():
            result: dict[str, object] = {"type": "tool_result", "tool_use_id": ANTHROPIC_ID.fit(part.call_id)}
            return result | {"content": whole(part.text)} | ({"is_error": True} if part.is_error else {})


def _mark(message: dict[str, object]) -> None:
    """Puts a cache mark on the message's last block; thinking blocks take none."""
    for block in reversed(items(message["content"])):
        if isinstance(block, dict) and "thinking" not in str(block.get("type")):
            block.update(_MARK)
            return


class MessagesReader:
    """Reads one answer, streamed or whole."""

    def __init__(self) -> None:
        self._assembly = Assembly(ORIGIN, splits_think=False)
        self._raw_usage: dict[str, object] = {}
        self._kinds: dict[int, str] = {}
        self._calls: dict[int, tuple[str, str, list[str]]] = {}
        self._signature: list[str] = []

    @property
    def assembly(self) -> Assembly:
        return self._assembly

    def read(self, document: Mapping[str, object], name: str = "") -> list[Chunk]:
        match document.get("type"):
            case "content_block_delta":
                return self._delta(_index(document), record(document.get("delta")))
            case "content_block_start":
                return self._start(_index(document), record(document.get("content_block")))
            case "content_block_stop":
                return self._stop(_index(document))
            case "message_start":
                message = record(document.get("message"))
                return self._usage(message, is_final=False) + self._blocks(message)
            case "message_delta":
                chunks = self._usage(document)
                self._assembly.finish(text(record(document.get("delta")).get("stop_reason")))
                return chunks
            case "message_stop":
                self._assembly.done()
                return []
            case "error":
                raise from_document(document)
            case _:
                if name == "error" or document.get("error"):
                    raise from_document(document)
                return []

    def read_whole(self, document: Mapping[str, object]) -> list[Chunk]:
        if is_complaint(document):
            raise from_document(document)
        chunks = self._blocks(document) + self._usage(document)
        self._assembly.finish(text(document.get("stop_reason")))
        if self._assembly.holds_something:
            self._assembly.came_whole()
        return chunks

    def _blocks(self, message: Mapping[str, object]) -> list[Chunk]:
        """The whole blocks of a message."""
        chunks: list[Chunk] = []
        for index, entry in enumerate(items(message.get("content"))):
            chunks += self._start(index, record(entry))
            chunks += self._stop(index)
        return chunks

    def _start(self, index: int, block: Mapping[str, object]) -> list[Chunk]:
        kind = text(block.get("type"))
        self._kinds[index] = kind
        match kind:
            case "text":
                return self._assembly.text(text(block.get("text")))
            case "thinking":
                self._signature = [text(block.get("signature"))]
                return self._assembly.thinking(text(block.get("thinking")))
            case "redacted_thinking":
                return self._assembly.thinking("", _REDACTED + text(block.get("data")))
            case "tool_use":
                given = block.get("input")
                arguments = arguments_text(given) if given else ""
                self._calls[index] = (text(block.get("id")), text(block.get("name")), [arguments])
        return []

    def _delta(self, index: int, delta: Mapping[str, object]) -> list[Chunk]:
        match delta.get("type"):
            case "text_delta":
                return self._assembly.text(text(delta.get("text")))
            case "thinking_delta":
                return self._assembly.thinking(text(delta.get("thinking")))
            case "signature_delta":
                self._signature.append(self._assembly.counted(text(delta.get("signature"))))
            case "input_json_delta":
                if index in self._calls:
                    self._calls[index][2].append(self._assembly.counted(text(delta.get("partial_json"))))
        return []

    def _stop(self, index: int) -> list[Chunk]:
        kind = self._kinds.pop(index, "")
        if kind == "thinking":
            signature, self._signature = "".join(self._signature), []
            return self._assembly.thinking("", signature)
        if index in self._calls:
            id_, name, pieces = self._calls.pop(index)
            return self._assembly.call(make_call(id_, name, "".join(pieces), index))
        return []

    def _usage(self, document: Mapping[str, object], *, is_final: bool = True) -> list[Chunk]:
        """Later figures replace earlier ones; fields that are null or missing keep what was said.

        The first event counts an output that has hardly begun; only a later count of it is final.
        """
        said = record(document.get("usage"))
        self._raw_usage |= {name: value for name, value in said.items() if value is not None}
        is_final = is_final and count(said.get("output_tokens")) is not None
        usage = anthropic_usage(self._raw_usage)
        return self._assembly.usage(usage, self._raw_usage, is_final=is_final) if said else []


def _index(document: Mapping[str, object]) -> int:
    index = document.get("index")
    return index if type(index) is int else -1
