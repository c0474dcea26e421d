"""The JSON documents of the program: a turn, a route, an event, each exactly as the contract says.

JSON is UTF-8 and carries texts as received; C0, DEL, C1, bidi and tag characters are written as `\\u` escapes, so that a terminal
shows them harmlessly and a parser gets them back.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias, assert_never

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.money import decimal_text
from hawkmoth_tui.core.tree import Standing, standings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.escalation import Escalation
    from hawkmoth_tui.core.messages import ToolCall
    from hawkmoth_tui.core.route import Candidate, Route
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.switching import Asked
    from hawkmoth_tui.core.turn import Attempt, Turn, TurnError
    from hawkmoth_tui.core.usage import Usage

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""What a document is made of."""

_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""What json leaves as it is and a terminal must not get: DEL, C1, line separators, bidi controls, tags."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def dumps(document: Json, indent: int | None = None) -> str:
    """JSON text that is safe on any terminal and valid UTF-8. Halves of a surrogate pair are joined, lone ones become U+FFFD."""
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _ESCAPED.sub(lambda found: _escape(found.group()), text)


def turn_document(turn: Turn) -> dict[str, Json]:
    """The document of `ask --json`."""
    return {
        "session": turn.session_id,
        "turn": turn.id,
        "text": turn.text,
        "reasoning": turn.reasoning,
        "model": str(turn.model) if turn.model else None,
        "state": turn.state.value,
        "finish_reason": turn.finish_reason,
        "tool_calls": [call_document(call) for call in turn.tool_calls],
        "usage": usage_document(turn.usage),
        "cost_usd": usd_text(turn.cost_pico),
        "savings": savings_document(turn),
        "attempts": [attempt_document(attempt) for attempt in turn.attempts],
        "route": route_document(turn.route) if turn.route else None,
        "error": error_document(turn.error),
        "asked": asked_document(turn.asked),
        "escalations": [escalation_document(each) for each in turn.escalations],
    }


def escalation_document(escalation: Escalation) -> dict[str, Json]:
    """A step to a better model: why, and what was set aside."""
    fault = escalation.fault
    return {
        "trigger": fault.trigger.name.lower(),
        "evidence": fault.evidence,
        "from": str(escalation.left),
        "to": str(escalation.taken),
        "text": "".join(part.text for part in escalation.answer if isinstance(part, Text)),
    }


def asked_document(asked: Asked | None) -> dict[str, Json] | None:
    """The model that the prompt's own words asked for, and what was left to answer. None: none."""
    if asked is None:
        return None
    models: list[Json] = [str(ref) for ref in asked.models]
    wish = asked.wish.value if asked.wish else None
    return {
        "words": asked.words,
        "scope": asked.scope.value,
        "wish": wish,
        "models": models,
        "question": asked.question,
    }


def savings_document(turn: Turn) -> dict[str, Json] | None:
    """What the turn saved, and of what: `saved_usd` is `baseline_usd` less the cost. None: there was nothing to compare with."""
    if not turn.baseline or turn.saved_pico is None:
        return None
    return {
        "baseline": turn.baseline,
        "baseline_usd": usd_text(turn.baseline_cost_pico),
        "saved_usd": usd_text(turn.saved_pico),
    }


def saved_turn_document(turn: Turn) -> dict[str, Json]:
    """A turn in an export: the document of `ask --json` with its prompt, its place in the tree, and what the providers themselves said of
    each attempt's usage and ending."""
    return {
        "prompt": turn.prompt.text,
        "kind": turn.kind.value,
        "parent": turn.parent_id,
        "created_at": iso(turn.created_at_ms),
        "ended_at": iso(turn.ended_at_ms),
        **turn_document(turn),
        "attempts": [{**attempt_document(attempt), **_reported(attempt)} for attempt in turn.attempts],
    }


def _reported(attempt: Attempt) -> dict[str, Json]:
    said = attempt.reported
    if said is None:
        return {"reported_usage": None, "reported_finish_reason": None}
    usage: Json = json.loads(said.usage) if said.usage else None
    return {"reported_usage": usage, "reported_finish_reason": said.finish_reason or None}


def session_document(
    session: Session, turns: tuple[Turn, ...], known: Mapping[str, Standing] | None = None
) -> dict[str, Json]:
    """A session with its turns, each as `ask --json` prints it, its prompt, and which of how many versions it is.

    `known` are the standings of turns with siblings; None: all turns of the session are here, so that they tell it themselves.
    """
    families: dict[str | None, list[str]] = {}
    for turn in turns:
        families.setdefault(turn.parent_id, []).append(turn.id)
    told = standings(families.values()) if known is None else known
    alone = Standing(1, 1)
    documents: list[Json] = []
    for turn in turns:
        standing = told.get(turn.id, alone)
        documents.append({**saved_turn_document(turn), "version": standing.number, "versions": standing.count})
    return {**session_facts(session), "turns": documents}


def session_facts(session: Session) -> dict[str, Json]:
    """What is known of a session beside its turns."""
    return {
        "id": session.id,
        "title": session.title,
        "created_at": iso(session.created_at_ms),
        "updated_at": iso(session.updated_at_ms),
        "model": str(session.model) if session.model else None,
        "policy": session.policy,
        "tags": list(session.tags),
        "archived": session.is_archived,
        "on_top": session.is_on_top,
    }


def route_document(route: Route) -> dict[str, Json]:
    """The document of `route --json`."""
    return {
        "chosen": str(route.chosen) if route.chosen else None,
        "policy": route.policy,
        "policy_sha256": route.policy_sha256,
        "task": route.task,
        "task_weight": route.task_weight,
        "looks_like": route.looks_like,
        "difficulty": route.difficulty,
        "confidence": route.confidence,
        "reason": route.reason,
        "note": route.note,
        "elapsed_ms": round(route.elapsed_ms, 3),
        "candidates": [candidate_document(candidate) for candidate in route.candidates],
    }


def candidate_document(candidate: Candidate) -> dict[str, Json]:
    """One judged model; `veto` names the rule that said no, and why."""
    veto, record = candidate.veto, candidate.record
    return {
        "model": str(candidate.model),
        "score": candidate.score,
        "expected_quality": candidate.expected_quality,
        "expected_cost_usd": usd_text(candidate.expected_cost_pico),
        "cached_tokens": candidate.cached_tokens,
        "record": {"win": record.win, "graded": record.graded, "own": record.own, "spread": record.spread}
        if record
        else None,
        "votes": [{"rule": vote.rule, "score": vote.score, "reason": vote.reason} for vote in candidate.votes],
        "veto": {"rule": veto.rule, "reason": veto.reason} if veto else None,
    }


def attempt_document(attempt: Attempt) -> dict[str, Json]:
    """One request to one provider; `outcome` is null while it runs."""
    return {
        "model": str(attempt.model),
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "error": error_document(attempt.error),
        "retries": attempt.retries,
        "ttft_ms": attempt.ttft_ms,
        "duration_ms": attempt.duration_ms,
        "cost_usd": usd_text(attempt.cost_pico),
    }


def usage_document(usage: Usage) -> dict[str, Json]:
    """Token counts, and whether we counted them ourselves."""
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_input_tokens": usage.cached_input_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "estimated": usage.estimated,
    }


def error_document(error: TurnError | None) -> dict[str, Json] | None:
    """An error as data."""
    if error is None:
        return None
    return {
        "type": error.type,
        "status": error.status,
        "message": error.message,
        "hint": error.hint,
        "provider": error.provider,
    }


def call_document(call: ToolCall) -> dict[str, Json]:
    """A tool call; the arguments stay the text that came."""
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def event_document(event: ev.TurnEvent, turn: Turn) -> dict[str, Json] | None:
    """One line of `ask --stream-json`; None for an event that has no line of its own. `turn` is the turn after the event."""
    match event:
        case ev.TurnStarted():
            return {"event": "turn_started", "session": turn.session_id, "turn": turn.id}
        case ev.RouteChosen(route):
            return {"event": "route_chosen", "route": route_document(route)}
        case ev.AttemptStarted(attempt):
            return {"event": "attempt_started", "model": str(attempt.model)}
        case ev.TextDelta(text):
            return {"event": "text_delta", "text": text}
        case ev.ThinkingDelta(text):
            return {"event": "thinking_delta", "text": text} if text else None
        case ev.ToolCallReceived(call):
            return {"event": "tool_call", **call_document(call)}
        case ev.UsageReported(usage):
            return {"event": "usage", **usage_document(usage)}
        case ev.Notice(message):
            return {"event": "notice", "message": message}
        case ev.TurnEnded():
            return {"event": "turn_ended", "turn": turn_document(turn)}
        case ev.FirstToken() | ev.Waiting() | ev.Escalated() | ev.AnswerRestored() | ev.AttemptEnded():
            return None
        case _:
            assert_never(event)


def usd_text(amount_pico: int | None) -> str | None:
    """An exact decimal string in USD; None stays None, which is unknown and not zero."""
    return None if amount_pico is None else decimal_text(amount_pico)


def iso(at_ms: int | None) -> str | None:
    """A time in UTC as in "2026-11-20T21:50:00.123Z"."""
    if at_ms is None:
        return None
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
