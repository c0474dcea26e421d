"""What a baseline would have read and written in an attempt's place: the same tokens, what it would have had in its cache among them.

Had the baseline answered the whole session, it would hold the session's beginning in its cache while that is warm, whichever model really
answered. So a switch to a cold cache counts against the savings.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.planning import incumbent
from hawkmoth_tui.routing.costs import LEAST_CACHED_PROMPT
from hawkmoth_tui.routing.tokens import estimate, estimate_messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.turn import Attempt, Turn
    from hawkmoth_tui.engine.past import Past


class Savings:
    """Compares with the baseline, knowing the session that a turn stands in."""

    def __init__(self, past: Past, find: Callable[[ModelRef], Model | None]) -> None:
        self._past = past
        self._find = find

    def at_baseline(self, attempt: Attempt, turn: Turn) -> Usage:
        """The tokens to price at the baseline."""
        return at_baseline(attempt, turn, self._find(attempt.model), self._warm_tokens(turn))

    def of_turn(self, turn: Turn) -> Usage:
        """Over all attempts of a turn."""
        return sum((self.at_baseline(attempt, turn) for attempt in turn.attempts), Usage())

    def _warm_tokens(self, turn: Turn) -> int:
        """What whoever answered last in the session has in its cache since."""
        by_models = (before for before in self._past.branch(turn.parent_id) if not self._is_own_answer(before))
        return incumbent(by_models, turn.created_at_ms)[1]

    def _is_own_answer(self, turn: Turn) -> bool:
        model = self._find(turn.model) if turn.model else None
        return model is not None and model.is_facts


def at_baseline(attempt: Attempt, turn: Turn, model: Model | None, warm_tokens: int = 0) -> Usage:
    """The tokens to price at the baseline, of which it would have had `warm_tokens` in its cache, if not fewer than vendors keep.

    Where Hawkmoth answered itself, the prompt and the answer alone: a model would have read the whole session, so this claims too little.
    A failed attempt answered nothing, so nothing was saved: what it cost counts against the savings.
    """
    if attempt.outcome is Outcome.FAILED:
        return Usage()
    if model is not None and model.is_facts and attempt.outcome is Outcome.OK:
        return Usage(estimate_messages((turn.prompt,)), estimate(turn.text), estimated=True)
    usage = attempt.usage or Usage()
    if warm_tokens < LEAST_CACHED_PROMPT:
        return usage
    cached = min(usage.input_tokens, max(usage.cached_input_tokens, warm_tokens))
    written = min(usage.cache_write_tokens, usage.input_tokens - cached)
    return replace(usage, cached_input_tokens=cached, cache_write_tokens=written)
