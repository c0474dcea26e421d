"""How good a model probably is at a task: our prior until the user's own record takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.routing.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.models import Model

REASONING_BONUS = 0.03
"""What thinking adds on code, mathematics and analysis."""

_THOUGHTFUL = frozenset({Task.CODING, Task.MATH, Task.ANALYSIS})

LANE_MEANS: Mapping[str, float] = {"local": 0.46, "economy": 0.50, "standard": 0.60, "premium": 0.80, "reasoning": 0.80}
"""Mean quality of a lane, for models that nobody has rated."""

UNRATED_MARGIN = 0.10
"""What an unrated model loses against the mean of its lane."""


def expected_quality(model: Model, task: Task) -> float | None:
    """0..1: the chance that the answer is good enough. None: nobody has rated the model."""
    if model.quality is None:
        return None
    bonus = REASONING_BONUS if task in _THOUGHTFUL and Capability.REASONING in model.capabilities else 0.0
    return min(1.0, model.quality + bonus)


def assumed_quality(model: Model) -> float:
    """What the rules go by for an unrated model: the mean of its lane less a margin."""
    return LANE_MEANS.get(model.lane, LANE_MEANS["standard"]) - UNRATED_MARGIN
