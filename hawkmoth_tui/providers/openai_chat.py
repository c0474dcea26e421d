"""The openai-chat wire: chat completions, as OpenAI and a great many others speak it. Vendors' quirks come from their profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Message, Role, Thinking, ToolResult
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.complaints import is_complaint
from hawkmoth_tui.providers.endpoints import root_url
from hawkmoth_tui.providers.failures import from_document
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.inquiries import Inquiry
from hawkmoth_tui.providers.openai_wire import OpenAiWire
from hawkmoth_tui.providers.outgoing import chat_content, function_calls, sendable, texts, tool_loop_start
from hawkmoth_tui.providers.profiles import Effort, Profile
from hawkmoth_tui.providers.text import whole
from hawkmoth_tui.providers.tool_calls import arguments_text
from hawkmoth_tui.providers.usage import openai_usage
from hawkmoth_tui.providers.wire import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hawkmoth_tui.core.exchange import Chunk, ListedModel, ModelRequest

ORIGIN = "openai-chat"


class OpenAiChat(OpenAiWire):
    """The wire with one server's base URL and profile."""

    def ask(self, request: ModelRequest) -> Call:
        return Call(
            "POST", self._url("/chat/completions"), self._profile.headers, chat_document(request, self._profile)
        )

    def reader(self) -> ChatReader:
        return ChatReader(self._profile)

    def inquiries(self, models: Sequence[ListedModel]) -> tuple[Inquiry, ...]:
        """The page on which a local server says more, where it has one."""
        page = self._profile.page
        if page is None or not models:
            return ()
        return (Inquiry(Call("GET", root_url(self._base_url, page.path), self._profile.headers), page.learn),)


def chat_document(request: ModelRequest, profile: Profile) -> dict[str, object]:
    """The request as this wire's JSON."""
    document: dict[str, object] = {
        "model": request.model_id,
        "messages": list(_messages(request, profile)),
        "stream": True,
        **profile.extra,
    }
    if request.max_output_tokens is not None:
        document[profile.limit_parameter] = request.max_output_tokens
    reasons = Capability.REASONING in request.capabilities
    if request.temperature is not None and not (reasons and profile.reasoning_refuses_temperature):
        document["temperature"] = float(request.temperature)
    if request.reasoning_effort and reasons:
        match profile.effort:
            case Effort.PLAIN:
                document["reasoning_effort"] = request.reasoning_effort
            case Effort.OBJECT:
                document["reasoning"] = {"effort": request.reasoning_effort}
            case Effort.NONE:
                pass
    return document


def _messages(request: ModelRequest, profile: Profile) -> Iterator[dict[str, object]]:
    if request.system.strip():
        yield {"role": profile.system_role, "content": whole(request.system)}
    messages = sendable(request.messages, ORIGIN)
    loop_start = tool_loop_start(messages)
    for index, message in enumerate(messages):
        for part in message.parts:
            if isinstance(part, ToolResult):
                yield {"role": "tool", "tool_call_id": profile.id_form.fit(part.call_id), "content": whole(part.text)}
        match message.role:
            case Role.ASSISTANT:
                yield _assistant_message(message, profile, is_in_tool_loop=index >= loop_start)
            case Role.USER | Role.TOOL:
                content = chat_content(message)
                if content:
                    yield {"role": "user", "content": content}


def _assistant_message(message: Message, profile: Profile, *, is_in_tool_loop: bool) -> dict[str, object]:
    calls = function_calls(message, profile.id_form)
    document: dict[str, object] = {"role": "assistant", "content": texts(message) or (None if calls else "")}
    if calls:
        document["tool_calls"] = calls
    thinking = "".join(part.text for part in message.parts if isinstance(part, Thinking))
    if profile.reasoning_back and is_in_tool_loop and calls and thinking:
        document[profile.reasoning_back] = whole(thinking)
    return document


class ChatReader:
    """Reads one answer, streamed or whole; only the first choice counts."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._assembly = Assembly(ORIGIN)

    @property
    def assembly(self) -> Assembly:
        return self._assembly

    def read(self, document: Mapping[str, object], name: str = "") -> list[Chunk]:
        chunks = self._usage(document)
        if document.get("error") or name == "error" or (not document.get("choices") and is_complaint(document)):
            raise from_document(document)
        for entry in items(document.get("choices")):
            choice = record(entry)
            if choice.get("index") in (None, 0):
                chunks += self._choice(choice)
        return chunks

    def read_whole(self, document: Mapping[str, object]) -> list[Chunk]:
        chunks = self.read(document)
        if self._assembly.progress:
            self._assembly.came_whole()
        return chunks

    def _usage(self, document: Mapping[str, object]) -> list[Chunk]:
        raw = document.get("usage") or record(document.get("x_groq")).get("usage")
        if not isinstance(raw, dict):
            return []
        profile = self._profile
        usage = openai_usage(raw, excludes_reasoning=profile.excludes_reasoning, reports_cost=profile.reports_cost)
        return self._assembly.usage(usage, raw)

    def _choice(self, choice: Mapping[str, object]) -> list[Chunk]:
        delta = choice.get("delta")
        is_whole = not isinstance(delta, dict)
        delta = record(choice.get("message")) if is_whole else record(delta)
        content = delta.get("content")
        said = content if isinstance(content, str) else _visible(content)
        chunks = self._assembly.thinking(_reasoning(delta))
        chunks += self._assembly.whole_text(said) if is_whole else self._assembly.text(said)
        chunks += self._assembly.text(text(delta.get("refusal")))
        if delta.get("tool_calls") or delta.get("function_call"):
            self._take_calls(delta)
        self._assembly.finish(text(choice.get("finish_reason")))
        return chunks

    def _take_calls(self, delta: Mapping[str, object]) -> None:
        for entry in items(delta.get("tool_calls")):
            fragment = record(entry)
            function = record(fragment.get("function"))
            index = fragment.get("index")
            if fragment:
                self._assembly.call_piece(
                    index if type(index) is int else None,
                    text(fragment.get("id")),
                    text(function.get("name")),
                    arguments_text(function.get("arguments")),
                )
        legacy = record(delta.get("function_call"))
        if legacy:
            self._assembly.call_piece(0, "", text(legacy.get("name")), arguments_text(legacy.get("arguments")))


def _reasoning(delta: Mapping[str, object]) -> str:
    """Reasoning from the one field that holds it; vendors repeat the same tokens in several."""
    for name in ("reasoning_content", "reasoning"):
        found = delta.get(name)
        if found and isinstance(found, str):
            return found
    content = delta.get("content")
    if isinstance(content, list):
        thoughts = (items(record(part).get("thinking")) for part in content if record(part).get("type") == "thinking")
        return "".join(text(record(thought).get("text")) for thought_list in thoughts for thought in thought_list)
    details = delta.get("reasoning_details")
    if isinstance(details, list):
        return "".join(text(record(detail).get("text")) or text(record(detail).get("summary")) for detail in details)
    return ""


def _visible(content: object) -> str:
    """Text in a list of parts, as Mistral sends it."""
    return "".join(
        text(record(part).get("text"))
        for part in items(content)
        if record(part).get("type") in ("text", "output_text", None)
    )
