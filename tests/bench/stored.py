"""A store with one session of many turns, as Hawkmoth itself would have written it."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.models import ModelRef, Prices
from hawkmoth_tui.core.route import Candidate, Route, Vote
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnKind, TurnState, advance
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.rows import LedgerRow
from hawkmoth_tui.store.store import Store
from tests.bench.prose import Shape, tokens
from tests.bench.server import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SESSION = "0197e000-0000-7000-8000-000000000000"
ANSWER_TOKENS = 150
_REF = ModelRef("bench", MODEL)
_ROUTE = Route(
    chosen=_REF,
    fallbacks=(),
    candidates=(Candidate(_REF, 0.4, 0.7, 1_000_000, (Vote("cost", 0.4, "about $0.000001 for this turn"),)),),
    policy="balanced",
    policy_sha256="0" * 64,
    task="unknown",
    confidence=0.8,
    reason="cheapest good enough for this",
    elapsed_ms=0.5,
)


def store_session(path: Path, turns: int) -> None:
    """Writes a session of so many answered turns, the last one saying `LAST-stored`, and what they cost."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock = count(int(time.time() * 1000) - turns * 1000)
    store = Store.open(path, owner=this_process(), clock_ms=lambda: next(clock))
    try:
        asyncio.run(_write(store, turns, clock))
    finally:
        store.close()


async def _write(store: Store, turns: int, clock: Iterator[int]) -> None:
    await store.create_session(Session(SESSION, "a long session", next(clock), next(clock)))
    parent: str | None = None
    for number in range(turns):
        tag = "stored" if number == turns - 1 else str(number)
        turn = Turn(f"turn-{number}", SESSION, parent, TurnKind.PROMPT, user(f"question {number}"), next(clock))
        await store.start_turn(turn)
        ended = _answered(turn, "".join(tokens(Shape.MIXED, ANSWER_TOKENS, tag)), next(clock))
        await store.finish_turn(ended)
        await store.settle(f"reservation-{number}", _row(ended))
        parent = turn.id


def _answered(turn: Turn, text: str, now_ms: int) -> Turn:
    usage = Usage(ANSWER_TOKENS, ANSWER_TOKENS)
    for event in (
        ev.RouteChosen(_ROUTE),
        ev.AttemptStarted(Attempt(f"attempt-{turn.id}", _REF, now_ms)),
        ev.FirstToken(100),
        ev.TextDelta(text),
        ev.UsageReported(usage),
        ev.AttemptEnded(
            Attempt(
                f"attempt-{turn.id}",
                _REF,
                now_ms,
                Outcome.OK,
                ttft_ms=100,
                duration_ms=900,
                usage=usage,
                cost_pico=750_000_000,
            )
        ),
        ev.TurnEnded(TurnState.DONE, now_ms, finish_reason="stop"),
    ):
        turn = advance(turn, event)
    return turn


def _row(turn: Turn) -> LedgerRow:
    attempt = turn.attempts[-1]
    prices = Prices(Decimal(1), Decimal(4), None, None, "config", "2026-11-01")
    assert attempt.usage is not None
    return LedgerRow(
        attempt.id, attempt.started_at_ms, SESSION, turn.id, _REF, "standard", attempt.usage, prices, attempt.cost_pico
    )
