"""What a prompt would meet if it were sent now: the model, its cost, how likely it does it well, and who could take it instead. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.routing.tasks import HEAD_CHARS, TAIL_CHARS
from hawkmoth_tui.routing.tokens import estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.route import Candidate, Route


@dataclass(frozen=True, slots=True)
class Prospect:
    """One model that could take the prompt."""

    model: ModelRef
    cost_pico: int | None
    """None: price unknown."""


@dataclass(frozen=True, slots=True)
class Foretaste:
    """The decision in a line's worth of facts."""

    chosen: Prospect | None
    """None: no model may take it."""
    other: Prospect | None
    """Who takes it instead with one key; None: there is nobody else."""
    win: float | None
    """0..1: how likely the chosen one does it well; None: nobody has rated it."""
    is_graded: bool
    """Whether that rests on graded answers, and not on a rating alone."""
    task: str
    reason: str


def glanced(text: str) -> tuple[str, int]:
    """The part of a text that a decision reads, and an estimate of the tokens in the rest: a long text costs no more than a short one."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text, 0
    glance = f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"
    return glance, round(estimate(glance) * (len(text) - len(glance)) / len(glance))


def foretaste(route: Route, unpinned: Route | None = None) -> Foretaste:
    """Of a decision; `unpinned` is what the router would do without the pin."""
    chosen = route.candidate(route.chosen) if route.chosen else None
    record = chosen.record if chosen else None
    other = _other(route, chosen, unpinned) if chosen else None
    return Foretaste(
        Prospect(chosen.model, chosen.expected_cost_pico) if chosen else None,
        Prospect(other.model, other.expected_cost_pico) if other else None,
        chosen.expected_quality if chosen else None,
        record is not None and record.graded > 0,
        route.task,
        route.reason,
    )


def _other(route: Route, chosen: Candidate, unpinned: Route | None) -> Candidate | None:
    """Under a pin the router's own choice; else the best one above the chosen, and where that is the best, the next in line."""
    free = unpinned or route
    if unpinned is not None and unpinned.chosen not in (None, chosen.model):
        return unpinned.candidate(unpinned.chosen) if unpinned.chosen else None
    rest = [each for each in free.candidates if each.veto is None and each.model != chosen.model]
    better = [each for each in rest if _quality(each) > _quality(chosen)]
    return _best(better) or (rest[0] if rest else None)


def _best(candidates: Sequence[Candidate]) -> Candidate | None:
    return max(candidates, key=lambda each: (_quality(each), each.score), default=None)


def _quality(candidate: Candidate) -> float:
    return candidate.expected_quality or 0.0
