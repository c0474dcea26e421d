"""Signs of how good an answer was: the user's plain word, or what the user did next, each with its weight."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import ModelRef


class SignKind(StrEnum):
    """What was said or done."""

    GOOD = "good"
    TOO_WEAK = "too_weak"
    OVERKILL = "overkill"
    """Good, but a cheaper model would have done."""
    REGENERATED = "regenerated"
    """The same prompt was asked again."""
    WENT_STRONGER = "went_stronger"
    """The same prompt was given to a better model."""
    EDITED = "edited"
    """The prompt was changed and asked again."""
    ACCEPTED = "accepted"
    """What the answer proposed was taken over."""


WEIGHTS: dict[SignKind, int] = {
    SignKind.GOOD: 100,
    SignKind.TOO_WEAK: -100,
    SignKind.OVERKILL: 100,
    SignKind.REGENERATED: -40,
    SignKind.WENT_STRONGER: -70,
    SignKind.EDITED: -15,
    SignKind.ACCEPTED: 30,
}
"""In hundredths of a plain word; below zero: the answer was not good enough."""


PLAIN_WORDS = (SignKind.GOOD, SignKind.TOO_WEAK, SignKind.OVERKILL)
"""What the user says outright; of one answer at most one of them stands."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign about one answer."""

    id: str
    at_ms: int
    kind: SignKind
    model: ModelRef
    """The model that answered."""
    task: str
    """Task type of the turn; empty when the router named none."""
    turn_id: str | None

    @property
    def weight(self) -> int:
        return WEIGHTS[self.kind]
