"""The record of every model on every task, as the rows give it: share of wins shrunk towards what model and task are like in general."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.training.corpus import Row
    from hawkmoth_tui.training.sparse import Floats, Whole

SHRINKAGE = 10.0
"""Answers that the general expectation counts as."""
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Table:
    """Sums by task and model."""

    tasks: Sequence[str]
    models: Sequence[str]
    wins: Floats
    counts: Floats
    expected: Floats
    """What model and task are like in general, added up."""

    def means(self) -> Floats:
        """The shrunk share of wins."""
        shrunk: Floats = (self.wins + SHRINKAGE * self.expected) / (self.counts + SHRINKAGE)
        return shrunk

    def records(self) -> dict[str, dict[str, list[float]]]:
        """Task, model: share of wins and count, where there was any answer."""
        means = self.means()
        return {
            task: {
                model: [round(float(means[z, m]), 4), int(self.counts[z, m])]
                for m, model in enumerate(self.models)
                if self.counts[z, m]
            }
            for z, task in enumerate(self.tasks)
        }

    def gaps(self, shares: Floats, strong: str, weak: str) -> Floats:
        """What the table expects of the strong model over the weak one, where a row has these shares of the tasks."""
        s, w = self.models.index(strong), self.models.index(weak)
        both = (self.counts[:, s] > 0) & (self.counts[:, w] > 0)
        means = self.means()
        weights = shares * both
        expected: Floats = weights @ np.where(both, means[:, s] - means[:, w], 0.0) / np.maximum(weights.sum(1), 1e-9)
        return expected


def table(rows: Sequence[Row], labels: Whole, tasks: Sequence[str]) -> Table:
    """The sums of the rows."""
    models = sorted({model for row in rows for model in row.models})
    place = {model: at for at, model in enumerate(models)}
    scores = np.full((len(rows), len(models)), np.nan)
    for at, row in enumerate(rows):
        for model, (score, _) in row.models.items():
            scores[at, place[model]] = score
    wins, counts = np.zeros((len(tasks), len(models))), np.zeros((len(tasks), len(models)))
    np.add.at(wins, labels, np.nan_to_num(scores))
    np.add.at(counts, labels, ~np.isnan(scores))
    return Table(tasks, models, wins, counts, _expected(wins, counts))


def _expected(wins: Floats, counts: Floats) -> Floats:
    """Mean of the model plus offset of the task, fitted in turns."""
    by_model = wins.sum(0) / np.maximum(counts.sum(0), 1.0)
    offset = np.zeros(len(wins))
    for _ in range(ROUNDS):
        offset = (wins - counts * by_model).sum(1) / np.maximum(counts.sum(1), 1.0)
        by_model = (wins - counts * offset[:, None]).sum(0) / np.maximum(counts.sum(0), 1.0)
    clipped: Floats = np.clip(by_model + offset[:, None], 0.02, 0.98)
    return clipped
