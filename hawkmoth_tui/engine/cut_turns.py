"""The money of turns whose process died: priced by what had arrived, as an estimate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import AttemptEnded
from hawkmoth_tui.core.money import cost_pico, list_price_pico
from hawkmoth_tui.core.turn import Outcome, advance
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.metrics import measured
from hawkmoth_tui.routing.tokens import estimate, estimate_messages
from hawkmoth_tui.store.rows import LedgerRow

if TYPE_CHECKING:
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.models import Models


def priced_cut(turn: Turn, models: Models) -> tuple[Turn, tuple[LedgerRow, ...]]:
    """The turn with its cut attempt priced, and the ledger row; no row when nothing had been sent. Its input counts this prompt alone."""
    attempt = turn.attempt
    if attempt is None or attempt.cost_pico is not None:
        return turn, ()
    models.complete_prices_now(attempt.model)
    model = models.find(attempt.model)
    prices = model.prices if model else None
    reasoning = estimate(turn.reasoning)
    usage = attempt.usage or Usage(
        estimate_messages((turn.prompt,)), estimate(turn.text) + reasoning, reasoning_tokens=reasoning, estimated=True
    )
    priced = replace(attempt, usage=usage, cost_pico=cost_pico(usage, prices))
    row = LedgerRow(
        attempt_id=attempt.id,
        at_ms=turn.ended_at_ms or turn.created_at_ms,
        session_id=turn.session_id,
        turn_id=turn.id,
        model=attempt.model,
        lane=model.lane if model else "",
        usage=usage,
        prices=prices,
        amount_pico=priced.cost_pico,
        list_pico=list_price_pico(usage, prices),
        measured=measured(turn, replace(priced, outcome=Outcome.INTERRUPTED)),
    )
    return advance(turn, AttemptEnded(priced)), (row,)
