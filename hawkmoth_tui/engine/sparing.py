"""How often one provider is asked in one turn, over all its models: a server in trouble is left in peace. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.turn import Attempt

MOST_REQUESTS = 3
"""To one provider in one turn; more only where the user sets more retries."""


def retries_left(
    attempts: Iterable[Attempt], model: ModelRef, following: Sequence[ModelRef], max_retries: int
) -> int | None:
    """How often this candidate may be asked again after its first request. None: its provider was asked often enough.

    Where another candidate of the provider follows, one request is left for it.
    """
    before = [
        attempt.retries
        for attempt in attempts
        if attempt.model.provider == model.provider and attempt.outcome is not Outcome.SKIPPED
    ]
    left = max(MOST_REQUESTS, 1 + max_retries) - sum(before) - len(before)
    if left <= 0:
        return None
    spare = any(ref.provider == model.provider for ref in following)
    return max(0, min(max_retries - sum(before), left - 1 - spare))
