"""What the router expects of every row: rows in, one prediction each out, and the two baselines that need a text."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.routing import tasks
from hawkmoth_tui.routing.prompt_features import read
from hawkmoth_tui.routing.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hawkmoth_tui.routing.learned import Learned
    from hawkmoth_tui.training.corpus import Row
    from hawkmoth_tui.training.suites import Role

STRONG, WEAK = 0.7, 0.5
"""Assumed quality of a pair that nobody has graded; of a pool nothing is assumed."""
NEAR_BEST = 0.05
"""The choice is the cheapest model that is expected to win at most this much less often than the best."""

_HARD: Mapping[Task, float] = {
    Task.CODING: 1.0, Task.MATH: 1.0, Task.ANALYSIS: 1.0, Task.WRITING: 0.7, Task.EXTRACTION: 0.6, Task.SUMMARY: 0.5,
    Task.TRANSLATION: 0.4, Task.IMAGE: 0.4, Task.UNKNOWN: 0.4, Task.QUESTION: 0.3, Task.CHITCHAT: 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is expected of one row."""

    need: float
    scores: Mapping[str, float]
    costs: Mapping[str, float] | None
    choice: str
    weak_win: float | None
    """The chance that the weak model of the pair is good enough; None in the unknown bucket."""
    ms: float
    """CPU time."""

    def line(self, row_id: str) -> str:
        """As the public scorer reads it."""
        found = {
            "id": row_id,
            "p_strong": self.need,
            "scores": self.scores,
            "choice": self.choice,
            "ms": round(self.ms, 4),
        }
        if self.costs is not None:
            found["costs"] = self.costs
        return json.dumps(found, ensure_ascii=True)


def predicted(
    learned: Learned, row: Row, role: Role, prices: Mapping[str, float], prompt: str | None = None
) -> Prediction:
    """The prediction for a row. Only its prompt and the names of its models are looked at; `prices` say which model is cheap."""
    began = time.process_time()
    scores = learned.weights.score(read(row.prompt if prompt is None else prompt))
    pair = learned.weigh(scores, {role.strong: STRONG, role.weak: WEAK})
    ms = (time.process_time() - began) * 1000
    names = dict.fromkeys(sorted(row.models), (STRONG + WEAK) / 2)
    whole = learned.weigh(scores, names)
    wins = {name: outlook.win for name, outlook in whole.outlooks.items()}
    enough = max(wins.values()) - NEAR_BEST
    choice = min((name for name in wins if wins[name] >= enough), key=lambda name: (prices[name], name))
    weak_win = pair.outlooks[role.weak].win if pair.is_known else None
    return Prediction(pair.need, wins, learned.costs(scores, names), choice, weak_win, ms)


def same_kind_of_cost(rows: Sequence[Row], found: Sequence[Prediction]) -> list[Prediction]:
    """The predictions with their costs only where every row of a suite has them: one suite, one kind of cost."""
    without = {row.suite for row, each in zip(rows, found, strict=True) if each.costs is None}
    return [_costless(each) if row.suite in without else each for row, each in zip(rows, found, strict=True)]


def _costless(each: Prediction) -> Prediction:
    return Prediction(each.need, each.scores, None, each.choice, each.weak_win, each.ms)


def by_length(row: Row) -> float:
    """The baseline that believes long prompts to be hard."""
    return float(len(row.prompt))


def by_rules(row: Row) -> float:
    """The baseline of the word rules: the task they see, and a little of the length."""
    guess = tasks.guess(row.prompt)
    return _HARD[guess.task] * (0.5 + 0.5 * guess.confidence) + 0.1 * math.log1p(len(row.prompt))
