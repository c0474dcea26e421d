"""Which known tasks a prompt looks like, softly, and whether it looks like any at all. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.routing.weights import Scores, Weights


LEAST_HEIGHT = 0.7
"""Below this height a prompt is unknown."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a prompt stands to the known tasks."""

    shares: tuple[float, ...]
    """One weight per task; they add up to 1."""
    best: int
    """Index of the likeliest task."""
    closeness: float
    """Score of the best task: near 1 for a typical prompt of it, near 0 for one like nothing known."""
    height: float
    """Closeness as a share of the least that is usual for prompts of that task; at most 1."""

    @property
    def is_known(self) -> bool:
        """Whether it is close enough. If not, the prompt belongs to the unknown bucket and nothing learned may be claimed."""
        return self.height >= LEAST_HEIGHT


def likeness(scores: Scores, weights: Weights) -> Likeness:
    """The soft weights of the tasks."""
    closeness = max(scores.tasks)
    powers = [math.exp(weights.sharpness * (score - closeness)) for score in scores.tasks]
    whole = math.fsum(powers)
    shares = tuple(power / whole for power in powers)
    best = scores.tasks.index(closeness)
    return Likeness(shares, best, closeness, min(1.0, max(0.0, closeness) / weights.floors[best]))
