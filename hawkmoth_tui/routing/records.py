"""How often each model was right on each task: counts of good and bad answers, public ones first, the user's own added.

Pure values. A record's mean is what we expect, its spread is how little we know; nothing is ever drawn at random from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PRIOR = 20.0
"""However many public answers there are, they weigh as much as this many of the user's own, so that these are heard."""

HALF_LIFE_DAYS = 60.0
"""After this long the user's evidence weighs half."""


@dataclass(frozen=True, slots=True)
class Beta:
    """Good and bad answers, as weights."""

    good: float
    bad: float
    public: int = 0
    """Public graded answers behind it, before they were weighed down."""
    own: int = 0
    """The user's own."""

    @property
    def mean(self) -> float:
        """0..1: the expected share of good answers."""
        return self.good / (self.good + self.bad)

    @property
    def spread(self) -> float:
        """Standard deviation of that share."""
        total = self.good + self.bad
        return math.sqrt(self.good * self.bad / (total * total * (total + 1)))

    def plus(self, good: float, weight: float) -> Beta:
        """With one more answer of the user's; `good` is 0..1, `weight` how telling the sign was (1 said, .7 done, .5 guessed)."""
        if not (0.0 <= good <= 1.0 and weight >= 0.0):
            raise ValueError("good is a share and weight is not negative")
        return replace(self, good=self.good + weight * good, bad=self.bad + weight * (1.0 - good), own=self.own + 1)


def prior(mean: float, graded: float) -> Beta:
    """The record that public evidence gives: its share of wins, shrunk away from certainty, at most MOST_PRIOR answers strong."""
    strength = min(max(graded, 2.0), MOST_PRIOR)
    share = min(max(mean, 0.01), 0.99)
    return Beta(share * strength, (1.0 - share) * strength, public=round(graded))


def faded(weight: float, days: float) -> float:
    """What a sign of the user's is worth after so many days."""
    return weight * math.exp2(-max(0.0, days) / HALF_LIFE_DAYS)


@dataclass(frozen=True, slots=True)
class Records:
    """All records by task and model."""

    cells: Mapping[tuple[str, str], Beta] = field(default_factory=dict)

    def of(self, task: str, model: str) -> Beta | None:
        """The record of a model on a task. None: nobody has graded it there."""
        return self.cells.get((task, model))

    def plus(self, task: str, model: str, good: float, weight: float = 1.0, *, assumed: float = 0.5) -> Records:
        """With one more graded answer; `assumed` is the expected share where there was no record yet."""
        before = self.cells.get((task, model)) or prior(assumed, 0.0)
        return Records({**self.cells, (task, model): before.plus(good, weight)})


def public_records(table: Mapping[str, Mapping[str, tuple[float, float]]]) -> Records:
    """The records that a table of shares and counts seeds."""
    return Records(
        {(task, model): prior(mean, graded) for task, row in table.items() for model, (mean, graded) in row.items()}
    )
