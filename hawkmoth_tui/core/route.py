"""The decision: which model takes a turn, in which order the others follow, and every vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import ModelRef


PINNED = "pinned"
"""The rule that rules out all models but the pinned one."""
BUDGET = "budget"
"""The rule that rules out what does not fit a limit of the user's."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One rule's opinion of one candidate."""

    rule: str
    score: float
    """-1..+1, already multiplied by the policy's weight for this rule."""
    reason: str
    """In words, naming the value that decided."""


@dataclass(frozen=True, slots=True)
class Veto:
    """One rule's no to one candidate."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that could take this turn, judged."""

    model: ModelRef
    score: float
    """Sum of the votes; meaningless when vetoed."""
    expected_quality: float | None
    """0..1. None: unknown."""
    expected_cost_pico: int | None
    """What this turn will probably cost. None: price unknown."""
    votes: tuple[Vote, ...] = ()
    veto: Veto | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The whole decision."""

    chosen: ModelRef | None
    """None: every candidate is vetoed."""
    fallbacks: tuple[ModelRef, ...]
    """Who follows, best first; empty for a pinned model."""
    candidates: tuple[Candidate, ...]
    """All of them, best first, vetoed ones last."""
    policy: str
    policy_sha256: str
    task: str
    """Named kind of work, or "unknown"."""
    confidence: float
    """0..1: how clear the choice was."""
    reason: str
    """Why, in about five words: "cheapest that is good enough"."""
    elapsed_ms: float
    difficulty: float | None = None
    """0..1. None: not judged."""
    is_pinned: bool = False

    @property
    def pin(self) -> ModelRef | None:
        """The model that the user chose; None when the router did."""
        if not self.is_pinned:
            return None
        return next((c.model for c in self.candidates if c.veto is None or c.veto.rule != PINNED), None)

    def candidate(self, model: ModelRef) -> Candidate | None:
        """The judgement on one model; None when it was no candidate."""
        return next((c for c in self.candidates if c.model == model), None)
