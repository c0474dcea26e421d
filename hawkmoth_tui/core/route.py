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
class Record:
    """How often a model's answers to such prompts were good enough, and how much is known about that."""

    win: float
    """0..1: the expected share."""
    graded: int
    """Graded answers behind it, public and own."""
    own: int
    """How many of them are the user's."""
    spread: float
    """Standard deviation of `win`."""

    def __str__(self) -> str:
        """`wins 93 % here, n=41, 12 yours`; `wins ~60 % here, by its rating` where nobody has graded it."""
        if self.graded == 0:
            return f"wins ~{100 * self.win:.0f} % here, by its rating"
        own = f", {self.own} yours" if self.own else ""
        return f"wins {100 * self.win:.0f} % here, n={self.graded}{own}"


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
    record: Record | None = None
    """None: nothing is known of it at this kind of work beyond its rating."""
    cached_tokens: int = 0
    """Tokens of this request's beginning that it probably still holds in its cache."""


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
    task_weight: float | None = None
    """0..1: how much of the evidence speaks for the task. None: not told."""
    looks_like: str = ""
    """The learned task that the prompt is most like; empty when it is like none."""
    note: str = ""
    """Why the records had no say and the rules decided alone; empty when they had one."""

    @property
    def pin(self) -> ModelRef | None:
        """The model that the user chose; None when the router did."""
        if not self.is_pinned:
            return None
        return next((c.model for c in self.candidates if c.veto is None or c.veto.rule != PINNED), None)

    def candidate(self, model: ModelRef) -> Candidate | None:
        """The judgement on one model; None when it was no candidate."""
        return next((c for c in self.candidates if c.model == model), None)


def task_words(route: Route) -> str:
    """`task coding 0.71, like "code reasoning"`."""
    weight = "" if not route.task_weight else f" {route.task_weight:.2f}"
    return f"task {route.task}{weight}" + (f', like "{route.looks_like}"' if route.looks_like else "")
