"""How models did: what is measured of an attempt, and the figures that front ends read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.store.rollups import ALWAYS_MS
from hawkmoth_tui.store.rows import Measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.performance import MetricsBy, Performance
    from hawkmoth_tui.core.turn import Attempt, Turn
    from hawkmoth_tui.store.store import Store

UNKNOWN_TASK = "unknown"


def measured(turn: Turn, attempt: Attempt) -> Measured:
    """How a closed attempt went; the router's time counts with the first attempt of its turn."""
    is_first = not turn.attempts or turn.attempts[0].id == attempt.id
    route = turn.route
    return Measured(
        task=task_of(turn),
        outcome=attempt.outcome.value if attempt.outcome else "",
        error=attempt.error.type if attempt.error else None,
        retries=attempt.retries,
        is_fallback=not is_first,
        ttft_ms=attempt.ttft_ms,
        duration_ms=attempt.duration_ms,
        route_us=round(route.elapsed_ms * 1000) if route and is_first else None,
    )


def task_of(turn: Turn) -> str:
    """Task type of the turn; empty when the router named none."""
    task = turn.route.task if turn.route else ""
    return "" if task == UNKNOWN_TASK else task


class Metrics:
    """Figures over the ledger."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    async def read(
        self, by: MetricsBy, since_ms: int | None = None, until_ms: int | None = None
    ) -> tuple[Performance, ...]:
        """From `since_ms` until before `until_ms`, the most asked first; None is open."""
        since = -ALWAYS_MS if since_ms is None else since_ms
        return await self._store().performances(by, since, ALWAYS_MS if until_ms is None else until_ms)
