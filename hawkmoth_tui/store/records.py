"""How a turn is written down: JSON text and back, exactly. Saved then loaded equals the turn that was folded.

A turn's own columns are left out, the prompt is apart because it never changes, and the route is a record of its own (`routes`).
Pictures are named by their SHA-256 and kept once.
Absent keys mean None, False or empty, so that later fields need no rewriting of old rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from hawkmoth_tui.core.escalation import Escalation, Fault, Trigger
from hawkmoth_tui.core.messages import Image, Message, Part, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.session import Generation
from hawkmoth_tui.core.switching import Asked, Scope, Wish
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState
from hawkmoth_tui.core.usage import Reported, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hawkmoth_tui.core.route import Route

Data: TypeAlias = "dict[str, Any]"
"""One JSON object of ours."""


@dataclass(frozen=True, slots=True)
class Record:
    """A value as its row holds it."""

    text: str
    """JSON."""
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    """The pictures it names, by SHA-256 in hex."""


@dataclass(frozen=True, slots=True)
class TurnColumns:
    """What the row's other columns say about a turn."""

    id: str
    session_id: str
    parent_id: str | None
    kind: TurnKind
    state: TurnState
    created_at_ms: int
    ended_at_ms: int | None


def storable(text: str) -> str:
    """The text as SQLite can take it: halves of surrogate pairs joined, those without a partner as U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def dump(data: object) -> str:
    """Compact JSON in UTF-8 characters."""
    return storable(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def encode_message(message: Message) -> Record:
    """A message with all its parts."""
    blobs: dict[str, bytes] = {}
    return Record(dump({"role": message.role.value, "parts": _encode_parts(message.parts, blobs)}), blobs)


def encode_turn(turn: Turn) -> Record:
    """Everything but the columns, the prompt and the route."""
    blobs: dict[str, bytes] = {}
    record = _lean(
        answer=_encode_parts(turn.answer, blobs),
        attempts=[_encode_attempt(attempt) for attempt in turn.attempts],
        notices=list(turn.notices),
        finish_reason=turn.finish_reason,
        error=_encode_error(turn.error),
        escalations=[encode_escalation(each, blobs) for each in turn.escalations],
        asked=_encode_asked(turn.asked),
        baseline=turn.baseline,
        baseline_cost_pico=turn.baseline_cost_pico,
    )
    return Record(dump(record), blobs)


def decode_message(text: str, blob: Callable[[str], bytes]) -> Message:
    """The reverse of `encode_message`; raises as `decode_turn` does."""
    data: Data = json.loads(text)
    return Message(Role(data["role"]), _decode_parts(data["parts"], blob))


def decode_turn(
    columns: TurnColumns, prompt: Message, text: str, route: Route | None, blob: Callable[[str], bytes]
) -> Turn:
    """The turn again. Raises ValueError, KeyError, TypeError or AttributeError when the record is not one of ours."""
    data: Data = json.loads(text)
    return Turn(
        id=columns.id,
        session_id=columns.session_id,
        parent_id=columns.parent_id,
        kind=columns.kind,
        prompt=prompt,
        created_at_ms=columns.created_at_ms,
        state=columns.state,
        answer=_decode_parts(data.get("answer", ()), blob),
        route=route,
        attempts=tuple(_decode_attempt(attempt) for attempt in data.get("attempts", ())),
        notices=tuple(data.get("notices", ())),
        finish_reason=data.get("finish_reason"),
        error=_decode_error(data.get("error")),
        ended_at_ms=columns.ended_at_ms,
        escalations=tuple(decode_escalation(each, blob) for each in data.get("escalations", ())),
        asked=_decode_asked(data.get("asked")),
        baseline=data.get("baseline", ""),
        baseline_cost_pico=data.get("baseline_cost_pico"),
    )


def encode_generation(generation: Generation | None) -> str | None:
    """JSON; None stays None."""
    if generation is None:
        return None
    return dump(
        _lean(
            system=generation.system,
            temperature=_decimal_text(generation.temperature),
            max_output_tokens=generation.max_output_tokens,
            reasoning_effort=generation.reasoning_effort,
        )
    )


def decode_generation(text: str | None) -> Generation | None:
    """The reverse of `encode_generation`."""
    if text is None:
        return None
    data: Data = json.loads(text)
    return Generation(
        data.get("system", ""),
        _decimal(data.get("temperature")),
        data.get("max_output_tokens"),
        data.get("reasoning_effort"),
    )


def encode_call(call: ToolCall) -> Data:
    """A tool call, whole."""
    return {"kind": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}


def decode_call(data: Data) -> ToolCall:
    """The reverse of `encode_call`."""
    return ToolCall(data["id"], data["name"], data["arguments"])


def _encode_parts(parts: Iterable[Part], blobs: dict[str, bytes]) -> list[Data]:
    return [_encode_part(part, blobs) for part in parts]


def _encode_part(part: Part, blobs: dict[str, bytes]) -> Data:
    match part:
        case Text(text):
            return {"kind": "text", "text": text}
        case Thinking(text, signature, origin, took_ms):
            return _lean(kind="thinking", text=text, signature=signature, origin=origin, took_ms=took_ms or None)
        case Image(media_type, data, name):
            sha256 = _sha256(data)
            blobs[sha256] = data
            return {"kind": "image", "sha256": sha256, "media_type": media_type, "name": name}
        case ToolCall():
            return encode_call(part)
        case ToolResult(call_id, text, is_error):
            return _lean(kind="tool_result", call_id=call_id, text=text, is_error=is_error)
        case _:
            assert_never(part)


def _sha256(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()


def _decode_parts(parts: Iterable[Data], blob: Callable[[str], bytes]) -> tuple[Part, ...]:
    return tuple(_decode_part(part, blob) for part in parts)


def _decode_part(data: Data, blob: Callable[[str], bytes]) -> Part:
    match data["kind"]:
        case "text":
            return Text(data["text"])
        case "thinking":
            return Thinking(data["text"], data["signature"], data["origin"], data.get("took_ms", 0))
        case "image":
            return Image(data["media_type"], blob(data["sha256"]), data["name"])
        case "tool_call":
            return decode_call(data)
        case "tool_result":
            return ToolResult(data["call_id"], data["text"], data.get("is_error", False))
        case kind:
            raise ValueError(f"no part is called {kind}")


def _encode_attempt(attempt: Attempt) -> Data:
    return _lean(
        id=attempt.id,
        model=[attempt.model.provider, attempt.model.id],
        started_at_ms=attempt.started_at_ms,
        outcome=attempt.outcome.value if attempt.outcome else None,
        error=_encode_error(attempt.error),
        retries=attempt.retries,
        ttft_ms=attempt.ttft_ms,
        duration_ms=attempt.duration_ms,
        usage=_encode_usage(attempt.usage) if attempt.usage else None,
        cost_pico=attempt.cost_pico,
        reported=[attempt.reported.usage, attempt.reported.finish_reason] if attempt.reported else None,
    )


def _decode_attempt(data: Data) -> Attempt:
    outcome, usage = data.get("outcome"), data.get("usage")
    return Attempt(
        id=data["id"],
        model=ModelRef(*data["model"]),
        started_at_ms=data["started_at_ms"],
        outcome=Outcome(outcome) if outcome else None,
        error=_decode_error(data.get("error")),
        retries=data["retries"],
        ttft_ms=data.get("ttft_ms"),
        duration_ms=data.get("duration_ms"),
        usage=_decode_usage(usage) if usage else None,
        cost_pico=data.get("cost_pico"),
        reported=Reported(*reported) if (reported := data.get("reported")) else None,
    )


def _encode_usage(usage: Usage) -> Data:
    return _lean(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cached_input_tokens=usage.cached_input_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        estimated=usage.estimated,
        reported_cost_usd=_decimal_text(usage.reported_cost_usd),
        billed_input_tokens=usage.billed_input_tokens,
        billed_output_tokens=usage.billed_output_tokens,
    )


def _decode_usage(data: Data) -> Usage:
    return Usage(**{**data, "reported_cost_usd": _decimal(data.get("reported_cost_usd"))})


def _encode_error(error: TurnError | None) -> Data | None:
    if error is None:
        return None
    return _lean(type=error.type, message=error.message, hint=error.hint, provider=error.provider, status=error.status)


def _decode_error(data: Data | None) -> TurnError | None:
    return None if data is None else TurnError(**data)


def encode_escalation(escalation: Escalation, blobs: dict[str, bytes]) -> Data:
    """One step, with what was set aside."""
    return {
        "trigger": escalation.fault.trigger.value,
        "evidence": escalation.fault.evidence,
        "left": [escalation.left.provider, escalation.left.id],
        "taken": [escalation.taken.provider, escalation.taken.id],
        "answer": _encode_parts(escalation.answer, blobs),
    }


def decode_escalation(data: Data, blob: Callable[[str], bytes]) -> Escalation:
    """The reverse of `encode_escalation`."""
    fault = Fault(Trigger(data["trigger"]), data["evidence"])
    return Escalation(fault, ModelRef(*data["left"]), ModelRef(*data["taken"]), _decode_parts(data["answer"], blob))


def _encode_asked(asked: Asked | None) -> Data | None:
    if asked is None:
        return None
    models = [[ref.provider, ref.id] for ref in asked.models]
    wish = asked.wish.value if asked.wish else None
    return _lean(words=asked.words, scope=asked.scope.value, question=asked.question, models=models, wish=wish)


def _decode_asked(data: Data | None) -> Asked | None:
    if data is None:
        return None
    models = tuple(ModelRef(*pair) for pair in data.get("models", ()))
    wish = Wish(data["wish"]) if "wish" in data else None
    return Asked(data["words"], Scope(data["scope"]), data["question"], models, wish)


def _decimal_text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _lean(**fields: object) -> Data:
    """Without what is None, False or an empty list; 0 and "" stay, they differ from None."""
    return {name: value for name, value in fields.items() if value is not None and value is not False and value != []}
