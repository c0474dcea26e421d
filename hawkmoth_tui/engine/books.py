"""The money of attempts: the most that one can cost is held before it begins, what it did cost is booked when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.money import list_price_pico
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.budget import is_limited, limits_now, limits_of, refusal_text
from hawkmoth_tui.engine.metrics import measured
from hawkmoth_tui.store.rows import Cause, LedgerRow, Reservation

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.turn import Attempt, Turn
    from hawkmoth_tui.engine.attempt import Terms
    from hawkmoth_tui.engine.keeper import Keeper
    from hawkmoth_tui.engine.savings import Savings


class Books:
    """Reservations and ledger rows, by the id of their attempt."""

    def __init__(
        self, keeper: Keeper, clock_ms: Callable[[], int], baseline: Callable[[], Model | None], savings: Savings
    ) -> None:
        """`clock_ms`: UTC epoch milliseconds. `baseline` is the model that savings are measured against."""
        self._keeper = keeper
        self._clock_ms = clock_ms
        self._baseline = baseline
        self._savings = savings

    async def reserve(self, turn: Turn, attempt: Attempt, model: Model, most: int | None, terms: Terms) -> str:
        """Hold the most that the attempt can cost. Why the budget refuses; empty when the amount stands reserved."""
        if most == 0 or not is_limited(terms.budget, terms.turn_limit_pico, model):
            return ""
        if most is None:
            return (
                f"{attempt.model} has no known price and a budget limit applies; "
                "set its input_usd_per_mtok and output_usd_per_mtok"
            )
        now_ms = self._clock_ms()
        limits = (
            *limits_now(terms.budget, turn.session_id, now_ms, turn.id, terms.turn_limit_pico),
            *limits_of(terms.budget, model, now_ms),
        )
        reservation = Reservation(attempt.id, most, turn.session_id, turn.id, model.ref.provider, model.lane)
        refusal = await self._keeper.reserve(reservation, limits)
        return f"{attempt.model}: {refusal_text(refusal, most)}" if refusal else ""

    async def release(self, attempt_id: str) -> None:
        """Let go of what was held for an attempt that never began."""
        await self._keeper.release(attempt_id)

    async def settle(self, turn: Turn, attempt: Attempt, model: Model, cause: Cause = Cause.TURN) -> None:
        """Book an attempt that has ended, and let go of what was held for it. What no turn caused would cost nothing elsewhere."""
        usage = attempt.usage or Usage()
        baseline = self._baseline() if cause is Cause.TURN else None
        at_baseline = self._savings.at_baseline(attempt, turn)
        prices = model.prices
        await self._keeper.settle(
            attempt.id,
            LedgerRow(
                attempt_id=attempt.id,
                at_ms=self._clock_ms(),
                session_id=turn.session_id,
                turn_id=turn.id if cause in (Cause.TURN, Cause.ESCALATION) else None,
                model=attempt.model,
                lane=model.lane,
                usage=usage,
                prices=prices,
                amount_pico=attempt.cost_pico,
                list_pico=list_price_pico(usage, prices),
                baseline=str(baseline.ref) if baseline else "",
                baseline_pico=list_price_pico(at_baseline, baseline.prices) if baseline else None,
                cause=cause,
                measured=measured(turn, attempt),
            ),
        )


def is_open_ended(model: Model, terms: Terms) -> bool:
    """Whether nobody but the budget says how long the answer may get."""
    has_limit = terms.generation.max_output_tokens is not None or model.max_output_tokens is not None
    return is_limited(terms.budget, terms.turn_limit_pico, model) and not has_limit
