"""An answer that was not good enough by what can be seen of it, and was set aside for a better model's, inside the same turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.messages import Part
    from hawkmoth_tui.core.models import ModelRef


class Trigger(StrEnum):
    """What was wrong, in words."""

    REFUSED = "refused"
    NO_ACCESS = "says it has no access"
    BAD_JSON = "did not give the JSON that was asked for"
    BAD_CODE = "gave code that does not parse"


@dataclass(frozen=True, slots=True)
class Fault:
    """What was seen, and where."""

    trigger: Trigger
    evidence: str
    """The words of the answer, or what the check said."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """One step to a better model."""

    fault: Fault
    left: ModelRef
    taken: ModelRef
    answer: tuple[Part, ...]
    """What was set aside."""

    def __str__(self) -> str:
        return f"{self.left} {self.fault.trigger}: “{self.fault.evidence}”; {self.taken} answers"
