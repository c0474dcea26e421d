"""Turns for these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import Part, Text, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.route import Route
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState, advance
from hawkmoth_tui.core.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODEL = ModelRef("lab", "small-model")
ROUTE = Route(MODEL, (), (), "balanced", "", "coding", 1.0, "cheapest good enough for coding", 1.0)
ATTEMPT = Attempt("attempt", MODEL, 0, Outcome.OK, ttft_ms=5, usage=Usage(10, 20), cost_pico=400_000_000)


def done(
    number: int,
    answer: str | tuple[Part, ...],
    prompt: str = "",
    *,
    state: TurnState = TurnState.DONE,
    error: TurnError | None = None,
    attempts: tuple[Attempt, ...] = (ATTEMPT,),
    notices: tuple[str, ...] = (),
    kind: TurnKind = TurnKind.PROMPT,
    finish_reason: str | None = "stop",
) -> Turn:
    """A turn that is over; its parent is the one numbered before it."""
    return Turn(
        id=f"turn-{number}",
        session_id="session",
        parent_id=f"turn-{number - 1}" if number else None,
        kind=kind,
        prompt=user(prompt or f"prompt {number}"),
        created_at_ms=0,
        state=state,
        answer=(Text(answer),) if isinstance(answer, str) else answer,
        route=ROUTE,
        attempts=attempts,
        notices=notices,
        finish_reason=finish_reason,
        error=error,
    )


def live(number: int = 0, prompt: str = "") -> Turn:
    """A turn whose request has just left."""
    turn = Turn(
        f"turn-{number}",
        "session",
        f"turn-{number - 1}" if number else None,
        TurnKind.PROMPT,
        user(prompt or f"prompt {number}"),
        0,
        route=ROUTE,
    )
    return advance(turn, ev.AttemptStarted(Attempt("attempt", MODEL, 0)))


def streamed(turn: Turn, pieces: Iterable[str]) -> Iterator[tuple[ev.TurnEvent, Turn]]:
    """The events of an answer that arrives in pieces, each with the turn after it."""
    for piece in pieces:
        event = ev.TextDelta(piece)
        turn = advance(turn, event)
        yield event, turn
