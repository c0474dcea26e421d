"""The openai-responses wire: OpenAI's newer API of typed items. Nothing is kept on the server (`store: false`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import BadResponse
from hawkmoth_tui.core.messages import Image, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.complaints import is_complaint
from hawkmoth_tui.providers.failures import from_document
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.openai_wire import OpenAiWire
from hawkmoth_tui.providers.outgoing import data_url, sendable, tool_loop_start
from hawkmoth_tui.providers.text import whole
from hawkmoth_tui.providers.tool_calls import arguments_text, make_call
from hawkmoth_tui.providers.usage import responses_usage
from hawkmoth_tui.providers.wire import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hawkmoth_tui.core.exchange import Chunk, ModelRequest
    from hawkmoth_tui.core.messages import Part
    from hawkmoth_tui.providers.profiles import Profile

ORIGIN = "openai-responses"
_SEALED = "reasoning.encrypted_content"


class OpenAiResponses(OpenAiWire):
    """The wire with one server's base URL and profile."""

    def ask(self, request: ModelRequest) -> Call:
        document = responses_document(request, self._profile)
        return Call("POST", self._url("/responses"), self._profile.headers, document)

    def reader(self) -> ResponsesReader:
        return ResponsesReader(reports_cost=self._profile.reports_cost)


def responses_document(request: ModelRequest, profile: Profile) -> dict[str, object]:
    """The request as this wire's JSON."""
    document: dict[str, object] = {
        "model": request.model_id,
        "input": list(_items(request, profile)),
        "stream": True,
        "store": False,
    }
    if request.system.strip():
        document["instructions"] = whole(request.system)
    if request.max_output_tokens is not None:
        document["max_output_tokens"] = request.max_output_tokens
    reasons = Capability.REASONING in request.capabilities
    if request.temperature is not None and not (reasons and profile.reasoning_refuses_temperature):
        document["temperature"] = float(request.temperature)
    if reasons:
        document["include"] = [_SEALED]
        if request.reasoning_effort:
            document["reasoning"] = {"effort": request.reasoning_effort}
    return document


def _items(request: ModelRequest, profile: Profile) -> Iterator[dict[str, object]]:
    """The conversation as items: messages, calls, their results, and inside a tool loop the sealed reasoning before its call."""
    messages = sendable(request.messages, ORIGIN)
    loop_start = tool_loop_start(messages)
    for index, message in enumerate(messages):
        content = [block for part in message.parts if (block := _content(part, message.role)) is not None]
        has_calls = any(isinstance(part, ToolCall) for part in message.parts)
        if has_calls and index >= loop_start:
            yield from filter(None, (_reasoning_item(part) for part in message.parts))
        yield from filter(None, (_result_item(part, profile) for part in message.parts))
        if content:
            role = Role.ASSISTANT if message.role is Role.ASSISTANT else Role.USER
            yield {"role": role.value, "content": content}
        yield from filter(None, (_call_item(part, profile) for part in message.parts))


def _content(part: Part, role: Role) -> dict[str, object] | None:
    match part:
        case Text(said):
            return {"type": "output_text" if role is Role.ASSISTANT else "input_text", "text": whole(said)}
        case Image():
            return {"type": "input_image", "image_url": data_url(part)}
        case Thinking() | ToolCall() | ToolResult():
            return None


def _reasoning_item(part: Part) -> dict[str, object] | None:
    if not isinstance(part, Thinking):
        return None
    id_, _, sealed = part.signature.partition("\n")
    return {"type": "reasoning", "id": id_, "summary": [], "encrypted_content": sealed} if sealed else None


def _call_item(part: Part, profile: Profile) -> dict[str, object] | None:
    if not isinstance(part, ToolCall):
        return None
    call_id = profile.id_form.fit(part.id)
    return {"type": "function_call", "call_id": call_id, "name": part.name, "arguments": part.arguments}


def _result_item(part: Part, profile: Profile) -> dict[str, object] | None:
    if not isinstance(part, ToolResult):
        return None
    return {
        "type": "function_call_output",
        "call_id": profile.id_form.fit(part.call_id),
        "output": whole(part.text),
    }


class ResponsesReader:
    """Reads one answer, streamed or whole. What was streamed in pieces is not taken again from the finished item."""

    def __init__(self, *, reports_cost: bool = False) -> None:
        self._assembly = Assembly(ORIGIN)
        self._reports_cost = reports_cost
        self._streamed: set[tuple[object, ...]] = set()
        """Places of the text that came in pieces: item, kind, and part of the item."""
        self._taken: set[int] = set()
        """Items that are in."""

    @property
    def assembly(self) -> Assembly:
        return self._assembly

    def read(self, document: Mapping[str, object], name: str = "") -> list[Chunk]:
        match text(document.get("type")) or name:
            case "response.output_text.delta" | "response.refusal.delta":
                self._streamed.add(_place(document, "text"))
                return self._assembly.text(text(document.get("delta")))
            case "response.reasoning_text.delta":
                return self._reasoned(document, "reasoning")
            case "response.reasoning_summary_text.delta":
                return self._reasoned(document, "summary")
            case "response.function_call_arguments.delta":
                self._assembly.counted(text(document.get("delta")))
                return []
            case "response.output_item.done":
                index = document.get("output_index")
                return self._item(index if type(index) is int else -1, record(document.get("item")))
            case "response.completed" | "response.incomplete" | "response.failed":
                return self._ended(record(document.get("response")))
            case "error":
                raise from_document(document)
            case _:
                if document.get("error"):
                    raise from_document(document)
                return []

    def read_whole(self, document: Mapping[str, object]) -> list[Chunk]:
        if is_complaint(document):
            raise from_document(document)
        if "output" not in document:
            raise BadResponse("the server sent JSON that is no answer", "check base_url and protocol")
        return self._ended(document)

    def _ended(self, response: Mapping[str, object]) -> list[Chunk]:
        """The finished response: what was not streamed of it, its usage, and why it ended."""
        if response.get("error"):
            raise from_document(response)
        chunks: list[Chunk] = []
        for index, item in enumerate(items(response.get("output"))):
            chunks += self._item(index, record(item))
        usage = record(response.get("usage"))
        if usage:
            chunks += self._assembly.usage(responses_usage(usage, reports_cost=self._reports_cost), usage)
        status = text(response.get("status"))
        match status:
            case "completed" | "":
                self._assembly.finish("completed")
            case "incomplete":
                self._assembly.finish(text(record(response.get("incomplete_details")).get("reason")) or status)
            case _:
                raise BadResponse(f"the server ended the answer as {status[:40]}", "retry it or choose another model")
        self._assembly.done()
        return chunks

    def _item(self, index: int, item: Mapping[str, object]) -> list[Chunk]:
        """A finished item; nothing when it is in already."""
        if index in self._taken:
            return []
        self._taken.add(index)
        match item.get("type"):
            case "message":
                return self._message(index, item)
            case "reasoning":
                return self._reasoning(index, item)
            case "function_call":
                name, arguments = text(item.get("name")), arguments_text(item.get("arguments"))
                id_ = text(item.get("call_id")) or text(item.get("id"))
                return self._assembly.call(make_call(id_, name, arguments, index)) if name else []
        return []

    def _message(self, index: int, item: Mapping[str, object]) -> list[Chunk]:
        chunks: list[Chunk] = []
        for position, entry in enumerate(items(item.get("content"))):
            part = record(entry)
            if (index, "text", position) not in self._streamed:
                chunks += self._assembly.text(text(part.get("text")) + text(part.get("refusal")))
        return chunks

    def _reasoning(self, index: int, item: Mapping[str, object]) -> list[Chunk]:
        """Reasoning in full where the server shows it, else its summary; then the seal under which it can go back."""
        chunks: list[Chunk] = []
        if not any(place[:2] in ((index, "reasoning"), (index, "summary")) for place in self._streamed):
            parts = items(item.get("content")) or items(item.get("summary"))
            chunks += self._assembly.thinking("".join(text(record(part).get("text")) for part in parts))
        sealed = text(item.get("encrypted_content"))
        return chunks + (self._assembly.thinking("", f"{text(item.get('id'))}\n{sealed}") if sealed else [])

    def _reasoned(self, document: Mapping[str, object], kind: str) -> list[Chunk]:
        """A piece of reasoning; where both it and its summary come, the first kind stands."""
        place = _place(document, kind)
        other = "summary" if kind == "reasoning" else "reasoning"
        if any(known[:2] == (place[0], other) for known in self._streamed):
            return []
        self._streamed.add(place)
        return self._assembly.thinking(text(document.get("delta")))


def _place(document: Mapping[str, object], kind: str) -> tuple[object, ...]:
    index, position = document.get("output_index"), document.get("content_index")
    return (
        index if type(index) is int else -1,
        kind,
        position if type(position) is int else 0,
    )
