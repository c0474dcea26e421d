"""The learned judge: for a prompt and some candidates, how likely each is to do it well, on what evidence, and how sure that is.

    Learned(weights, records).judge(text, {"anthropic/claude-…": 0.8, "ollama/…": 0.46}) -> Judgement

Pure and without any library; about a millisecond at most. It knows nothing of prices, pins and budgets: those stay with the rules. Two
things are learned: which task a prompt is and each model's record there, and one number for how hard the prompt is within its
task, shared by all candidates: it widens or narrows the distance between strong and weak ones. A separate guess for every model would
be worse than none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.routing.centroids import likeness
from hawkmoth_tui.routing.prompt_features import read
from hawkmoth_tui.routing.records import Records, prior, public_records
from hawkmoth_tui.routing.weights import WeightsProblem, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hawkmoth_tui.routing.centroids import Likeness
    from hawkmoth_tui.routing.records import Beta
    from hawkmoth_tui.routing.weights import Scores, Weights

UNKNOWN = "unknown"
"""The name of the bucket for prompts like nothing known."""

HEARD = 0.02
"""Where the tasks on which the candidates were graded have less weight than this together, the prompt counts as unknown to them."""

HEARD_WELL = 8.0
"""Where they have an eighth of all weight they are believed as if they had all."""

HEIGHT_POWER = 1.0

LEAST_NEED = 0.3
"""How much the general need of a prompt counts where its task is known well."""

ALL_HEARD = 8
"""A task on which only a share of the candidates was graded counts with this power of the share: what is known of one says nothing of
another."""

SHARPER = 4.0
"""Power of a source's weight: the likeliest source speaks for the prompt."""

POOL = 0.1
"""How much of the difficulty is believed of a single candidate. It was fitted on the distance between two."""


class Outlook(NamedTuple):
    """What is expected of one candidate."""

    win: float
    """0..1: the chance that its answer is good enough."""
    graded: int
    """Graded answers behind it, public and own, weighed by the likeness of their tasks."""
    own: int
    """How many of them are the user's."""
    spread: float
    """Standard deviation of `win`."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the learned part has to say about one prompt."""

    task: str
    """The likeliest task in words, or UNKNOWN."""
    weight: float
    """Its share among all tasks, 0..1; 0 in the unknown bucket."""
    closeness: float
    """How much the prompt looks like it: near 1 typical, near 0 like nothing known."""
    difficulty: float
    """How much further apart than usual for the task strong and weak candidates are expected to be; 0 when it is switched off."""
    outlooks: Mapping[str, Outlook]
    """By candidate, in the order they were given."""
    need: float
    """For ordering prompts by how much a strong model would help; usable in the unknown bucket too, where no outlook is."""
    shares: Sequence[tuple[str, float]] = ()
    """The tasks that speak for it, with their weights among all tasks."""

    @property
    def is_known(self) -> bool:
        """Whether the judgement may move the choice. If not, the user's default model should be taken, and this be said."""
        return self.task != UNKNOWN

    @property
    def confidence(self) -> float:
        """0..1: how sure it is that the best candidate is better than the next; 0 in the unknown bucket."""
        if not self.is_known or not self.outlooks:
            return 0.0
        best, *others = sorted(self.outlooks.values(), key=lambda outlook: -outlook.win)
        if not others:
            return 1.0
        doubt = math.hypot(best.spread, others[0].spread)
        return math.erf((best.win - others[0].win) / (doubt * math.sqrt(2.0))) if doubt else 1.0


class Absent(NamedTuple):
    """There is no learned judge; the rules decide alone."""

    reason: str


class _Bench(NamedTuple):
    """The candidates' records, task by task, worked out once for a set of candidates."""

    means: Sequence[Sequence[float]]
    """By task, by candidate."""
    heard: Sequence[float]
    """By task: share of the candidates that were graded there."""
    reach: Sequence[float]
    """By candidate: -½ for the weakest to +½ for the strongest over all tasks."""
    sources: Sequence[float]
    """By source: share of the candidates that it measured."""
    levels: Sequence[Sequence[float]]
    """By source, by candidate: the share of wins over the whole source, the assumed quality where it was not measured."""
    usual: Sequence[float]
    """By candidate: the mean over all tasks."""


class _Spread(NamedTuple):
    """How far apart the strongest and the weakest candidate are."""

    gap: float
    difficulty: float
    usual: float
    """The same over all tasks."""


class Learned:
    """The judge with its weights and the records it goes by."""

    def __init__(
        self, weights: Weights, records: Records | None = None, known_as: Mapping[str, str] | None = None
    ) -> None:
        """`records`: the public ones and the user's own; left out, the public ones under their own names. `known_as`: a candidate's name
        in the weights, where it differs (see `abilities`)."""
        self.weights = weights
        self._known_as = known_as or {}
        self.records = public_records(weights.records) if records is None else records
        self._benches: dict[tuple[tuple[str, float], ...], _Bench] = {}

    def judge(self, text: str, candidates: Mapping[str, float]) -> Judgement:
        """The judgement of a prompt. `candidates` gives each name its assumed quality, 0..1, for where nobody has graded it."""
        return self.weigh(self.weights.score(read(text)), candidates)

    def weigh(self, scores: Scores, candidates: Mapping[str, float]) -> Judgement:
        """The same for a prompt that was scored before: other candidates cost almost nothing more."""
        like = likeness(scores, self.weights)
        names = tuple(candidates)
        bench = self._bench(candidates)
        shares, mass = _heard(like, bench)
        is_known = like.is_known and mass >= HEARD
        usual = [math.fsum(w * bench.means[task][i] for task, w in shares) for i in range(len(names))]
        said = self._spread(scores, shares, bench, usual)
        difficulty = said.difficulty if is_known else 0.0
        outlooks = {
            name: self._outlook(name, usual[i] + POOL * bench.reach[i] * difficulty, shares, candidates[name])
            for i, name in enumerate(names)
        }
        trust = min(1.0, HEARD_WELL * mass) * like.height**HEIGHT_POWER
        return Judgement(
            task=self.weights.tasks[like.best] if is_known else UNKNOWN,
            weight=like.shares[like.best] if is_known else 0.0,
            closeness=like.closeness,
            difficulty=difficulty,
            outlooks=outlooks,
            shares=[(self.weights.tasks[task], like.shares[task]) for task, _ in shares],
            need=said.usual + trust * (said.gap - said.usual + difficulty) + max(1.0 - trust, LEAST_NEED) * scores.need,
        )

    def costs(self, scores: Scores, candidates: Mapping[str, float]) -> dict[str, float] | None:
        """What an answer of each candidate cost on average where such prompts come from, in USD. None where any was not measured."""
        bench = self._bench(candidates)
        shares, _ = _heard(likeness(scores, self.weights), bench)
        voices = [
            (weight, source)
            for weight, source in zip(self._voices(shares, bench), self.weights.sources, strict=True)
            if all(self._name(name) in source.costs for name in candidates)
        ]
        if not voices:
            return None
        least = 1e-6  # where no source that measured them knows such prompts, all of them are asked alike
        whole = math.fsum(weight + least for weight, _ in voices)
        return {
            name: math.fsum((weight + least) * source.costs[self._name(name)] for weight, source in voices) / whole
            for name in candidates
        }

    def _name(self, candidate: str) -> str:
        return self._known_as.get(candidate, candidate)

    def _voices(self, shares: Sequence[tuple[int, float]], bench: _Bench) -> list[float]:
        """How much each source has to say about a prompt of these tasks and about these candidates."""
        return [
            bench.sources[k] * math.fsum(w for task, w in shares if task in source.tasks) ** SHARPER
            for k, source in enumerate(self.weights.sources)
        ]

    def _spread(
        self, scores: Scores, shares: Sequence[tuple[int, float]], bench: _Bench, usual: Sequence[float]
    ) -> _Spread:
        """How far apart the strongest and the weakest candidate are expected to be, as the sources of these tasks have it."""
        if not usual:
            return _Spread(0.0, 0.0, 0.0)
        best, worst = bench.reach.index(max(bench.reach)), bench.reach.index(min(bench.reach))
        here = usual[best] - usual[worst]
        weights = self._voices(shares, bench)
        whole = math.fsum(weights)
        if whole <= 0.0:
            return _Spread(here, 0.0, bench.usual[best] - bench.usual[worst])
        gap = difficulty = 0.0
        for k, (weight, source) in enumerate(zip(weights, self.weights.sources, strict=True)):
            if weight:
                general = bench.levels[k][best] - bench.levels[k][worst]
                gap += weight / whole * (general + source.gap * (here - general))
                difficulty += weight / whole * source.difficulty * scores.sources[k]
        return _Spread(gap, difficulty, bench.usual[best] - bench.usual[worst])

    def _outlook(self, name: str, expected: float, shares: Sequence[tuple[int, float]], assumed: float) -> Outlook:
        win = min(max(expected, 0.0), 1.0)
        graded = own = good = bad = 0.0
        for task, share in shares:
            record = self.records.of(self.weights.tasks[task], name)
            if record is not None:
                graded += share * (record.public + record.own)
                own += share * record.own
                good += share * record.good
                bad += share * record.bad
        known: Beta = prior(assumed, 0.0)
        strength = good + bad if good + bad > 0.0 else known.good + known.bad
        return Outlook(win, round(graded), round(own), math.sqrt(max(win * (1.0 - win), 0.01) / (strength + 1.0)))

    def _bench(self, candidates: Mapping[str, float]) -> _Bench:
        key = tuple(candidates.items())
        found = self._benches.get(key)
        if found is None:
            if len(self._benches) > 64:
                self._benches.clear()
            found = self._benches[key] = self._seated(candidates)
        return found

    def _seated(self, candidates: Mapping[str, float]) -> _Bench:
        means, heard = [], []
        for task in self.weights.tasks:
            records = [self.records.of(task, name) for name in candidates]
            graded = [record is not None for record in records]
            heard.append((sum(graded) / max(1, len(graded))) ** ALL_HEARD)
            means.append(
                [
                    record.mean if record else assumed
                    for record, assumed in zip(records, candidates.values(), strict=True)
                ]
            )
        seen = [task for task, share in enumerate(heard) if share > 0.0]
        general = [
            math.fsum(means[task][i] for task in seen) / len(seen) if seen else assumed
            for i, assumed in enumerate(candidates.values())
        ]
        low, high = min(general, default=0.0), max(general, default=0.0)
        reach = [(each - low) / (high - low) - 0.5 if high > low else 0.0 for each in general]
        sources = [
            sum(self._name(name) in source.models for name in candidates) / max(1, len(candidates))
            for source in self.weights.sources
        ]
        levels = [
            [source.models.get(self._name(name), assumed) for name, assumed in candidates.items()]
            for source in self.weights.sources
        ]
        return _Bench(means, heard, reach, sources, levels, general)


def _heard(like: Likeness, bench: _Bench) -> tuple[list[tuple[int, float]], float]:
    """The tasks that have something to say about these candidates with their weights, which add up to 1, and their weight among all."""
    weighed = [
        (task, share * heard) for task, (share, heard) in enumerate(zip(like.shares, bench.heard, strict=True)) if heard
    ]
    mass = math.fsum(weight for _, weight in weighed)
    if mass <= 0.0:
        return list(enumerate(like.shares)), 0.0
    return [(task, weight / mass) for task, weight in weighed if weight > 1e-4 * mass], mass


def learned_from(folder: Path) -> Learned | Absent:
    """The shipped judge, or why there is none: weights missing, or not those that were recorded."""
    try:
        return Learned(load(folder))
    except WeightsProblem as problem:
        return Absent(str(problem))
