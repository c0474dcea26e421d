"""Google's gemini wire: `streamGenerateContent`, on its public API and on Vertex."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from hawkmoth_tui.core.errors import BadResponse, Refused
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.endpoints import gemini_url
from hawkmoth_tui.providers.failures import from_document
from hawkmoth_tui.providers.fields import count, items, record, text
from hawkmoth_tui.providers.outgoing import base64_of, sendable, thinking_tokens
from hawkmoth_tui.providers.text import whole
from hawkmoth_tui.providers.tool_calls import arguments_record, arguments_text, make_call
from hawkmoth_tui.providers.usage import gemini_usage
from hawkmoth_tui.providers.wire import Call, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hawkmoth_tui.core.exchange import Chunk, ModelRequest
    from hawkmoth_tui.core.messages import Part

ORIGIN = "gemini"
MODELS_A_PAGE = 1000

_THINKS_IN_LEVELS = re.compile(r"gemini-(?!1|2)")
"""Models from 3 on are told a level of thinking; earlier ones a budget of tokens."""
_OAUTH_PREFIX = "ya29."
"""How Google's OAuth tokens begin, which go into another header than API keys."""


class Gemini:
    """The wire with one server's base URL."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, request: ModelRequest) -> Call:
        model = quote(request.model_id.removeprefix("models/"), safe="")
        url = gemini_url(self._base_url, f"/models/{model}:streamGenerateContent") + "?alt=sse"
        return Call("POST", url, document=contents_document(request))

    def reader(self) -> GeminiReader:
        return GeminiReader()

    def json_lines(self) -> None:
        return None

    def key_header(self, key: str) -> tuple[str, str]:
        is_token = key.startswith(_OAUTH_PREFIX)
        return ("authorization", f"Bearer {key}") if is_token else ("x-goog-api-key", key)

    def list_call(self) -> Call:
        return Call("GET", gemini_url(self._base_url, "/models") + f"?pageSize={MODELS_A_PAGE}")

    def list_page(self, document: object, url: str) -> Page:
        return gemini_page(document, url)


def contents_document(request: ModelRequest) -> dict[str, object]:
    """The request as this wire's JSON."""
    messages = sendable(request.messages, ORIGIN)
    names = {part.id: part.name for message in messages for part in message.parts if isinstance(part, ToolCall)}
    document: dict[str, object] = {"contents": list(_contents(messages, names))}
    if request.system.strip():
        document["systemInstruction"] = {"parts": [{"text": whole(request.system)}]}
    config: dict[str, object] = {}
    if request.max_output_tokens is not None:
        config["maxOutputTokens"] = request.max_output_tokens
    if request.temperature is not None:
        config["temperature"] = float(request.temperature)
    if request.reasoning_effort and Capability.REASONING in request.capabilities:
        config["thinkingConfig"] = _thinking(request.model_id, request.reasoning_effort)
    if config:
        document["generationConfig"] = config
    return document


def _thinking(model_id: str, effort: str) -> dict[str, object]:
    if _THINKS_IN_LEVELS.search(model_id):
        return {"includeThoughts": True, "thinkingLevel": effort}
    return {"includeThoughts": True, "thinkingBudget": thinking_tokens(effort)}


def _contents(messages: list[Message], names: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """The messages in two roles, neighbours of one role joined: tool results are the user's here."""
    role, parts = "", list[dict[str, object]]()
    for message in messages:
        speaker = "model" if message.role is Role.ASSISTANT else "user"
        if parts and speaker != role:
            yield {"role": role, "parts": parts}
            parts = []
        role = speaker
        parts += _parts(message.parts, names)
    if parts:
        yield {"role": role, "parts": parts}


def _parts(parts: tuple[Part, ...], names: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """The parts; the seal of a thought goes back on the call that it preceded, as newer models demand."""
    seal = ""
    for part in parts:
        match part:
            case Text(said):
                yield {"text": whole(said)}
            case Image():
                yield {"inlineData": {"mimeType": part.media_type, "data": base64_of(part)}}
            case Thinking(_, signature):
                seal = signature
            case ToolCall():
                call: dict[str, object] = {"name": part.name, "args": arguments_record(part.arguments)}
                yield {"functionCall": call, **({"thoughtSignature": seal} if seal else {})}
                seal = ""
            case ToolResult():
                name = names.get(part.call_id, part.call_id)
                outcome = "error" if part.is_error else "result"
                yield {"functionResponse": {"name": name, "response": {outcome: whole(part.text)}}}


class GeminiReader:
    """Reads one answer, streamed or whole; only the first candidate counts."""

    def __init__(self) -> None:
        self._assembly = Assembly(ORIGIN)
        self._calls = 0

    @property
    def assembly(self) -> Assembly:
        return self._assembly

    def read(self, document: Mapping[str, object], name: str = "") -> list[Chunk]:
        if document.get("error") or name == "error":
            raise from_document(document)
        chunks: list[Chunk] = []
        for entry in items(document.get("candidates")):
            candidate = record(entry)
            if candidate.get("index") in (None, 0):
                chunks += self._candidate(candidate)
        usage = record(document.get("usageMetadata"))
        if usage:
            chunks += self._assembly.usage(gemini_usage(usage), usage)
        blocked = text(record(document.get("promptFeedback")).get("blockReason"))
        if blocked and not self._assembly.progress:
            raise Refused(f"Google blocked the prompt ({blocked[:40]})", "change the prompt or choose another model")
        return chunks

    def read_whole(self, document: Mapping[str, object]) -> list[Chunk]:
        chunks = self.read(document)
        if self._assembly.holds_something:
            self._assembly.came_whole()
        return chunks

    def _candidate(self, candidate: Mapping[str, object]) -> list[Chunk]:
        chunks: list[Chunk] = []
        for entry in items(record(candidate.get("content")).get("parts")):
            chunks += self._part(record(entry))
        self._assembly.finish(text(candidate.get("finishReason")))
        return chunks

    def _part(self, part: Mapping[str, object]) -> list[Chunk]:
        call = record(part.get("functionCall"))
        if text(call.get("name")):
            seal = self._assembly.thinking("", text(part.get("thoughtSignature")))
            arguments = arguments_text(call.get("args"))
            made = make_call(text(call.get("id")), text(call.get("name")), arguments, self._calls)
            self._calls += 1
            return seal + self._assembly.call(made)
        said = text(part.get("text"))
        return self._assembly.thinking(said) if part.get("thought") is True else self._assembly.text(said)


def gemini_page(document: object, url: str) -> Page:
    """A page of /models: those that can generate content, with their limits; it tells no prices."""
    entries = record(document).get("models")
    if not isinstance(entries, list):
        raise BadResponse("the server's model list cannot be read", "check base_url and protocol")
    models = tuple(
        ListedModel(
            id=text(fields.get("name")).removeprefix("models/"),
            context_tokens=count(fields.get("inputTokenLimit")) or None,
            max_output_tokens=count(fields.get("outputTokenLimit")) or None,
            capabilities=frozenset({Capability.REASONING} if fields.get("thinking") is True else ()),
        )
        for fields in map(record, entries[:MODELS_A_PAGE])
        if text(fields.get("name")) and "generateContent" in items(fields.get("supportedGenerationMethods"))
    )
    token = text(record(document).get("nextPageToken"))
    return Page(models, _next_page(url, token) if token else "")


def _next_page(url: str, token: str) -> str:
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), "pageToken": token}
    return parts._replace(query=urlencode(query)).geturl()
