"""What is expected of each candidate at a prompt: the learned judge held against the plain words, the public records, the user's own.

The kind of work is told by the words of a prompt; a learned task is believed only where it is of that kind, or where the words tell
nothing and the prompt is very much like it. On such prompts the records choose. On others the rules decide alone: where the user has
graded answers of that kind these move a model's rating, and where nothing is known it is said so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.route import Record
from hawkmoth_tui.routing.abilities import assumed, known_as
from hawkmoth_tui.routing.learned import Learned
from hawkmoth_tui.routing.quality import assumed_quality, expected_quality
from hawkmoth_tui.routing.records import MOST_PRIOR, Beta, Records, prior, public_records
from hawkmoth_tui.routing.tasks import Task, TaskGuess

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.routing.abilities import Abilities
    from hawkmoth_tui.routing.learned import Judgement
    from hawkmoth_tui.routing.weights import Weights

AGREED = 0.6
"""Share of the evidence that must speak for the kind of work the words tell."""
UNMISTAKABLE = 0.5
"""How much a prompt must look like a learned task where its words tell nothing: 1 is typical of the task."""
TIER_STRENGTH = 10.0
"""Graded answers that the mean of a tier counts for, where a model has no record of its own."""
NEARLY_ALL, MOST = 0.9, 0.97
"""Above the first a line through shares bends, so that it never reaches the second: nobody wins always."""
SLOPE_DOUBT = 0.002
"""Keeps two models that are rated alike from making a task look as if rating told everything."""

UNKNOWN_WORK = "like nothing the records know: the rules decide alone"
UNMEASURED = "no public record of such work: the rules decide alone"


class Graded(NamedTuple):
    """The user's own evidence about a model at one kind of work."""

    good: float
    bad: float
    signs: int
    """Signs behind the two weights, none of them faded."""


Evidence = dict[tuple["ModelRef", str], Graded]
"""By model and kind of work, as the ledger names it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected at one prompt."""

    task: TaskGuess
    """The kind of work; its confidence is its share of the evidence."""
    records: Mapping[ModelRef, Record] = field(default_factory=dict)
    """By candidate; one that nobody has graded at such work, here or in public, may be missing."""
    is_measured: bool = False
    """Whether the records may choose. If not, they only move ratings."""
    looks_like: str = ""
    """The learned task that it is most like; empty: like none that may be believed."""
    difficulty: float | None = None
    """0..1, 0.5 being usual for the task. None: not judged."""
    note: str = ""
    """Why the records do not choose; empty when they do."""

    @property
    def best(self) -> float:
        """The highest expected share of good answers among all candidates; 0 where there is none."""
        return max((record.win for record in self.records.values()), default=0.0)


class Expectations:
    """Worked out once for a set of candidates and the evidence of the day."""

    def __init__(
        self,
        weights: Weights,
        abilities: Abilities,
        models: Sequence[Model],
        evidence: Mapping[tuple[ModelRef, str], Graded],
    ) -> None:
        self.models = tuple(models)
        self.evidence = evidence
        self._abilities = abilities
        self._names = known_as(models, abilities)
        graded = {ref for ref, _ in evidence}
        self._labels = {model.ref: self._label(model, is_graded=model.ref in graded) for model in models}
        speakers = {self._labels[model.ref]: model for model in models}
        self._assumed = {label: assumed((model,))[str(model.ref)] for label, model in speakers.items()}
        known = {
            label: self._names[str(model.ref)] for label, model in speakers.items() if str(model.ref) in self._names
        }
        self._learned = Learned(weights, self._records(weights, speakers, known), known)

    def of(self, text: str, told: TaskGuess) -> Expected:
        """The expectation for a prompt whose words tell `told`."""
        judgement = self._learned.judge(text, self._assumed)
        task, weight = self._believed(judgement, told)
        if task is not None:
            return Expected(
                TaskGuess(task, weight, told.signs),
                {ref: self._record(ref, label, judgement, task) for ref, label in self._labels.items()},
                is_measured=True,
                looks_like=self._likest(judgement, task),
                difficulty=min(1.0, max(0.0, 0.5 + judgement.difficulty)) if judgement.difficulty else None,
            )
        own = {model.ref: record for model in self.models if (record := self._own_record(model, told.task))}
        return Expected(told, own, note=UNKNOWN_WORK if told.task is Task.UNKNOWN else UNMEASURED)

    def record(self, model: Model, kind: str) -> Beta:
        """The record of a model at a kind of work as far as words tell it: its rating, and the user's own evidence."""
        own = self.evidence.get((model.ref, kind), Graded(0.0, 0.0, 0))
        return with_own(rated(model, kind), own)

    def _believed(self, judgement: Judgement, told: TaskGuess) -> tuple[Task | None, float]:
        """The kind of work that words and likeness agree on with its weight; None where the records must not choose."""
        if not judgement.is_known:
            return None, 0.0
        kind = self._abilities.kind_of(judgement.task)
        weights: dict[str, float] = {}
        for task, share in judgement.shares:
            name = self._abilities.kind_of(task)
            weights[name] = weights.get(name, 0.0) + share
        if weights.get(told.task.value, 0.0) >= AGREED:
            return told.task, weights[told.task.value]
        is_open = told.task in (Task.UNKNOWN, Task.QUESTION) and kind not in ("", Task.QUESTION.value)
        if is_open and judgement.closeness >= UNMISTAKABLE and weights.get(kind, 0.0) >= AGREED:
            return Task(kind), weights[kind]
        return None, 0.0

    def _likest(self, judgement: Judgement, kind: Task) -> str:
        """The learned task of that kind with the largest share."""
        ours = [each for each in judgement.shares if self._abilities.kind_of(each[0]) == kind.value]
        return max(ours, key=lambda each: each[1])[0]

    def _record(self, ref: ModelRef, label: str, judgement: Judgement, task: Task) -> Record:
        outlook = judgement.outlooks[label]
        own = self.evidence.get((ref, task.value), Graded(0.0, 0.0, 0)).signs
        return Record(outlook.win, max(0, outlook.graded - outlook.own) + own, own, outlook.spread)

    def _own_record(self, model: Model, task: Task) -> Record | None:
        """Only where the user has graded it: a rating alone is no record."""
        if (model.ref, task.value) not in self.evidence:
            return None
        known = self.record(model, task.value)
        return Record(known.mean, known.own, known.own, known.spread)

    def _label(self, model: Model, *, is_graded: bool) -> str:
        """Candidates of which the same is known share a label, so that a long catalogue costs no more than a short one."""
        name = self._names.get(str(model.ref))
        if is_graded:
            return str(model.ref)
        return f"record {name}" if name else f"rated {assumed((model,))[str(model.ref)]:.2f}"

    def _records(self, weights: Weights, speakers: Mapping[str, Model], known: Mapping[str, str]) -> Records:
        """Every label's record on every task that may choose: the public one, else the tier's mean, the user's own added."""
        public = public_records(weights.records)
        cells = {}
        for task, row in weights.records.items():
            kind = self._abilities.kind_of(task)
            if not kind:
                continue
            level = _level(row, self._abilities.ratings)
            for label, model in speakers.items():
                own = self.evidence.get((model.ref, kind)) if label == str(model.ref) else None
                cell = public.of(task, known[label]) if label in known else None
                if cell is None:
                    share = level(self._assumed[label])
                    cell = Beta(share * TIER_STRENGTH, (1.0 - share) * TIER_STRENGTH)
                cells[task, label] = with_own(cell, own) if own else cell
        return Records(cells)


class Level(NamedTuple):
    """How good models of a rating are on one task: the line through those that were measured."""

    middle: float
    mean: float
    slope: float

    def __call__(self, rating: float) -> float:
        share = self.mean + self.slope * (rating - self.middle)
        if share > NEARLY_ALL:
            room = MOST - NEARLY_ALL
            share = NEARLY_ALL + room * (1.0 - math.exp((NEARLY_ALL - share) / room))
        return max(0.02, share)


def _level(row: Mapping[str, tuple[float, float]], ratings: Mapping[str, float]) -> Level:
    """The line through the measured models of one task; better rated ones are never expected to do worse."""
    points = [(ratings[name], share) for name, (share, _) in row.items() if name in ratings]
    if not points:
        return Level(0.5, 0.5, 0.0)
    middle = math.fsum(rating for rating, _ in points) / len(points)
    mean = math.fsum(share for _, share in points) / len(points)
    both = math.fsum((rating - middle) * (share - mean) for rating, share in points)
    width = math.fsum((rating - middle) ** 2 for rating, _ in points)
    return Level(middle, mean, max(0.0, both / (width + SLOPE_DOUBT)))


def rated(model: Model, kind: str) -> Beta:
    """What a model's rating alone gives at a kind of work."""
    rating = expected_quality(model, Task(kind) if kind in set(Task) else Task.UNKNOWN)
    return Beta(*_split(assumed_quality(model) if rating is None else rating))


def with_own(before: Beta, own: Graded) -> Beta:
    """A record with the user's own evidence added."""
    return Beta(before.good + own.good, before.bad + own.bad, before.public, before.own + own.signs)


def _split(share: float) -> tuple[float, float]:
    known = prior(share, MOST_PRIOR)
    return known.good, known.bad
