"""From recorded outcomes to weights: task lanes, one difficulty per source, and the general need of a prompt.

A task lane begins as the centroid of its prompts; how much a prompt looks like each of them, and its shape, are then weighed against
each other by least squares, and both steps are folded into one row of weights per lane. What a prompt's own row adds to its centroid is
taken out again before anything is learned from it. Difficulty is believed as far as it predicts rows that it was not fitted on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hawkmoth_tui.routing.prompt_features import BUCKETS, SHAPES
from hawkmoth_tui.training.packing import Lanes, Linear, packed
from hawkmoth_tui.training.sparse import normed, rarity, read_prompts, ridge
from hawkmoth_tui.training.suites import task_name
from hawkmoth_tui.training.table import Table, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hawkmoth_tui.training.corpus import Row
    from hawkmoth_tui.training.sparse import Floats, Matrix, Readings, Whole
    from hawkmoth_tui.training.suites import Role

SHARPNESS = 18.0
SHAPE_IN_TASKS = 0.02
SHAPE_IN_DIFFICULTY = 0.1
TASK_PENALTY = 0.003
DIFFICULTY_PENALTY = 10.0
NEED_PENALTY = 3000.0
STEPS = 15
FOLDS = 3
LEAST_ROWS = 40
"""A source with fewer rows teaches no difficulty."""
USUAL = (0.7, 1.0)
"""Trust in gap and difficulty before a source has shown anything."""
DOUBT = (0.3, 0.7)
"""Standard deviation of that."""
LEAST_TRUST = 0.1
MOST_TRUST = 2.0
FLOOR_SHARE = 0.1
"""This share of a task's own prompts lies below its floor."""
LEAST_FLOOR = 0.02
LENGTH_NEED = 0.06
"""What a prompt one standard deviation longer needs more."""
SHAPE_NEED = 0.04
"""What a prompt whose shape speaks one standard deviation more for failing needs more."""


class Prepared(NamedTuple):
    """Rows and their features, worked out once however often they are fitted on."""

    rows: Sequence[Row]
    readings: Readings

    def take(self, chosen: Whole) -> Prepared:
        """Some of them."""
        return Prepared([self.rows[at] for at in chosen.tolist()], self.readings.take(chosen))


def prepare(rows: Sequence[Row]) -> Prepared:
    """The rows with their features."""
    return Prepared(rows, read_prompts([row.prompt for row in rows]))


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all steps of one fit look at."""

    rows: Sequence[Row]
    matrix: Matrix
    shapes: Floats
    """Standardised."""
    tasks: Sequence[str]
    labels: Whole
    suites: Sequence[str]
    places: Whole
    gains: Floats
    """What the strong model of the pair gains over the weak one."""
    weak: Floats
    folds: Whole


def fit(prepared: Prepared, roles: Mapping[str, Role], made_from: Sequence[Mapping[str, object]] = ()) -> bytes:
    """The weights file."""
    rows, readings = prepared
    weights = rarity(readings)
    middle, width = readings.shapes.mean(0), np.maximum(readings.shapes.std(0), 1.0)
    scene = _scene(rows, roles, normed(readings, weights), (readings.shapes - middle) / width)
    facts = table(rows, scene.labels, scene.tasks)
    tasks, scores = _task_lanes(scene)
    shares = _shares(scores)
    others = [_table_without(scene, fold) for fold in range(FOLDS)]
    sources, lanes = [], []
    for place, suite in enumerate(scene.suites):
        lane, gap, difficulty = _source(scene, place, roles[suite], others, shares)
        lanes.append(lane)
        sources.append(_source_facts(scene, place, gap, difficulty))
    all_lanes = Lanes(
        [each.unstandardised(middle, width) for each in (*tasks, *lanes, _need_lane(scene))],
        weights,
    )
    header = {
        "tasks": list(scene.tasks),
        "sources": sources,
        "sharpness": SHARPNESS,
        "floors": _floors(scene, scores),
        "records": facts.records(),
        "made_from": list(made_from),
    }
    return packed(header, all_lanes)


def _scene(rows: Sequence[Row], roles: Mapping[str, Role], matrix: Matrix, shapes: Floats) -> _Scene:
    names = [task_name(row) for row in rows]
    tasks, suites = sorted(set(names)), sorted({row.suite for row in rows})
    pairs = [(row.models[roles[row.suite].strong].score, row.models[roles[row.suite].weak].score) for row in rows]
    scores = np.array(pairs)
    return _Scene(
        rows, matrix, shapes,
        tasks, np.array([tasks.index(name) for name in names]),
        suites, np.array([suites.index(row.suite) for row in rows]),
        scores[:, 0] - scores[:, 1], scores[:, 1],
        np.array([hashlib.sha256(row.group.encode()).digest()[0] % FOLDS for row in rows]),
    )  # fmt: skip


def _task_lanes(scene: _Scene) -> tuple[list[Linear], Floats]:
    """A lane per task, and what every row scores there with its own part taken out."""
    count = len(scene.tasks)
    sums = scene.matrix.sums(scene.labels, count)
    sizes = np.bincount(scene.labels, minlength=count).astype(float)
    dots = scene.matrix.dots(sums)
    alike = dots / sizes
    own = np.arange(len(scene.rows))
    alike[own, scene.labels] = (dots[own, scene.labels] - 1.0) / np.maximum(sizes[scene.labels] - 1.0, 1.0)
    seen = np.hstack([alike, scene.shapes * SHAPE_IN_TASKS])
    middle = seen.mean(0)
    wanted = np.zeros((len(scene.rows), count))
    wanted[own, scene.labels] = 1.0
    usual = wanted.mean(0)
    square = (seen - middle).T @ (seen - middle) + TASK_PENALTY * np.eye(seen.shape[1])
    mixing = np.linalg.solve(square, (seen - middle).T @ (wanted - usual))
    scores = (seen - middle) @ mixing + usual
    texts = (sums / sizes[:, None]).T @ mixing[:count]
    offsets = usual - middle @ mixing
    shapes = mixing[count:] * SHAPE_IN_TASKS
    return [Linear(texts[:, at], shapes[:, at], float(offsets[at])) for at in range(count)], scores


def _shares(scores: Floats) -> Floats:
    powers = np.exp(SHARPNESS * (scores - scores.max(1, keepdims=True)))
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares


def _floors(scene: _Scene, scores: Floats) -> list[float]:
    """The least score that is usual for the prompts of each task."""
    own = [scores[scene.labels == task, task] for task in range(len(scene.tasks))]
    return [round(max(LEAST_FLOOR, float(np.quantile(each, FLOOR_SHARE))), 4) for each in own]


def _source(
    scene: _Scene, place: int, role: Role, others: Sequence[Table], shares: Floats
) -> tuple[Linear, float, float]:
    """The difficulty lane of one source, and how far its gaps and its difficulty are to be trusted."""
    here = np.flatnonzero(scene.places == place)
    gains = scene.gains[here] - scene.gains[here].mean()
    if len(here) < LEAST_ROWS or not np.any(gains):
        return Linear(np.zeros(BUCKETS), np.zeros(len(SHAPES)), 0.0), 1.0, 0.0
    lane = _difficulty(scene, here, gains)
    apart, gaps = np.zeros(len(here)), np.zeros(len(here))
    for fold in range(FOLDS):
        inside, outside = scene.folds[here] != fold, scene.folds[here] == fold
        apart[outside] = _applied(scene, here[outside], _difficulty(scene, here[inside], gains[inside]))
        gaps[outside] = others[fold].gaps(shares[here[outside]], role.strong, role.weak)
    if len(set(scene.labels[here])) == 1:
        gaps[:] = 0.0
    gap, difficulty = _trust(gains, gaps - gaps.mean(), apart)
    return lane, gap if gaps.any() else 0.0, difficulty


def _table_without(scene: _Scene, fold: int) -> Table:
    others = np.flatnonzero(scene.folds != fold)
    return table([scene.rows[at] for at in others.tolist()], scene.labels[others], scene.tasks)


def _difficulty(scene: _Scene, here: Whole, gains: Floats) -> Linear:
    part = scene.matrix.take(here)
    text, shape = ridge(part, scene.shapes[here] * SHAPE_IN_DIFFICULTY, gains - gains.mean(), DIFFICULTY_PENALTY, STEPS)
    return Linear(text, shape * SHAPE_IN_DIFFICULTY, 0.0)


def _applied(scene: _Scene, here: Whole, lane: Linear) -> Floats:
    return scene.matrix.take(here).times(lane.text) + scene.shapes[here] @ lane.shape


def _trust(gains: Floats, gaps: Floats, apart: Floats) -> tuple[float, float]:
    """How far gap and difficulty predict rows that they were not fitted on: least squares, drawn towards what is usual the less the rows
    prove, never negative, and nothing below LEAST_TRUST."""
    both = np.stack([gaps, apart], 1)
    alone = np.linalg.solve(both.T @ both + 1e-9 * np.eye(2), both.T @ gains)
    noise = float((gains - both @ alone).var())
    pull = np.diag(noise / np.array(DOUBT) ** 2)
    found = np.linalg.solve(both.T @ both + pull, both.T @ gains + pull @ np.array(USUAL))
    kept = np.where(found < LEAST_TRUST, 0.0, np.minimum(found, MOST_TRUST))
    return float(kept[0]), float(kept[1])


def _source_facts(scene: _Scene, place: int, gap: float, difficulty: float) -> dict[str, object]:
    here = np.flatnonzero(scene.places == place)
    rows = [scene.rows[at] for at in here.tolist()]
    models = sorted(set.intersection(*(set(row.models) for row in rows)))
    answers = {model: [row.models[model] for row in rows] for model in models}
    return {
        "name": scene.suites[place],
        "tasks": sorted({int(label) for label in scene.labels[here]}),
        "models": {model: round(float(np.mean([cell.score for cell in cells])), 4) for model, cells in answers.items()},
        "costs": {model: float(f"{np.mean([cell.usd for cell in cells]):.4g}") for model, cells in answers.items()},
        "gap": round(gap, 4),
        "difficulty": round(difficulty, 4),
    }


def _need_lane(scene: _Scene) -> Linear:
    """How often the weak model fails on prompts of this shape, in every suite against its own mean, all suites weighing the same; and
    the length, which predicts a strong model's gain on unseen kinds of task better than any fitted number did."""
    wanted, weight = np.empty(len(scene.rows)), np.empty(len(scene.rows))
    for place in range(len(scene.suites)):
        here = scene.places == place
        wanted[here] = scene.weak[here].mean() - scene.weak[here]
        weight[here] = 1.0 / np.sqrt(here.sum())
    weight /= weight.mean()
    seen = scene.shapes
    square = (seen * weight[:, None]).T @ seen + NEED_PENALTY * np.eye(seen.shape[1])
    shape = np.asarray(np.linalg.solve(square, (seen * weight[:, None]).T @ wanted), np.float64)
    shape *= SHAPE_NEED / max(float((seen @ shape).std()), 1e-9)
    shape[SHAPES.index("characters")] += LENGTH_NEED
    return Linear(np.zeros(BUCKETS), shape, 0.0)
