"""What a baseline would have read and written in an attempt's place: the same tokens, or our estimate where no model was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.routing.tokens import estimate, estimate_messages

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.turn import Attempt, Turn


def at_baseline(attempt: Attempt, turn: Turn, model: Model | None) -> Usage:
    """The tokens to price at the baseline.

    Where Hawkmoth answered itself, the prompt and the answer alone: a model would have read the whole session, so this claims too little.
    A failed attempt answered nothing, so nothing was saved: what it cost counts against the savings.
    """
    if attempt.outcome is Outcome.FAILED:
        return Usage()
    if model is not None and model.is_facts and attempt.outcome is Outcome.OK:
        return Usage(estimate_messages((turn.prompt,)), estimate(turn.text), estimated=True)
    return attempt.usage or Usage()
