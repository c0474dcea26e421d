"""Turns, routes and events that the tests of the command line print."""

from __future__ import annotations

from hawkmoth_tui.core.messages import Text, Thinking, ToolCall, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.route import Candidate, Record, Route, Veto, Vote
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState
from hawkmoth_tui.core.usage import Usage

SMALL = ModelRef("lab", "small-model")
LARGE = ModelRef("lab", "family/large-model")

ROUTE = Route(
    chosen=SMALL,
    fallbacks=(LARGE,),
    candidates=(
        Candidate(
            SMALL, 0.3, 0.8, 400_000_000, (Vote("cost", 0.2, "expected $0.0004"),), None, Record(0.8, 41, 12, 0.05), 700
        ),
        Candidate(LARGE, -0.1, None, None, (), Veto("window", "100 tokens do not fit 50")),
    ),
    policy="balanced",
    policy_sha256="ab" * 32,
    task="coding",
    confidence=0.9,
    reason="cheapest that is good enough",
    elapsed_ms=0.8,
    difficulty=0.42,
    task_weight=0.71,
    looks_like="code reasoning",
)

USAGE = Usage(input_tokens=12, output_tokens=7, cached_input_tokens=4, cache_write_tokens=1, reasoning_tokens=2)

ATTEMPT = Attempt("a1", SMALL, 1_000, Outcome.OK, ttft_ms=120, duration_ms=900, usage=USAGE, cost_pico=123_000_000)


def turn(text: str = "Hello.", **changes: object) -> Turn:
    """A finished turn; `changes` replace its fields."""
    fields: dict[str, object] = {
        "id": "t1",
        "session_id": "s1",
        "parent_id": None,
        "kind": TurnKind.PROMPT,
        "prompt": user("Say hello"),
        "created_at_ms": 1_000,
        "state": TurnState.DONE,
        "answer": (Thinking("Hm."), Text(text), ToolCall("c1", "look", '{"at": 1}')),
        "route": ROUTE,
        "attempts": (ATTEMPT,),
        "finish_reason": "stop",
        "ended_at_ms": 2_000,
        **changes,
    }
    return Turn(**fields)  # type: ignore[arg-type]  # the fields are those of Turn


def error(**changes: object) -> TurnError:
    """An error as a provider gave it."""
    fields: dict[str, object] = {
        "type": "RateLimited",
        "message": "slow down",
        "hint": "wait a minute",
        "provider": "lab",
        "status": 429,
        **changes,
    }
    return TurnError(**fields)  # type: ignore[arg-type]  # the fields are those of TurnError
