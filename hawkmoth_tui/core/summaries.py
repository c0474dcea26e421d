"""Sums and summaries that the store gives and front ends show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.session import Session


@dataclass(frozen=True, slots=True)
class Spent:
    """A sum over the ledger."""

    cost_pico: int
    """All known amounts."""
    unknown_turns: int
    """Turns with at least one attempt of unknown price."""
    baseline_pico: int
    """What the baseline would have cost, over the attempts where both amounts are known."""
    saved_pico: int
    """Baseline less actual over the same attempts; negative when the route was dearer."""
    compared_attempts: int
    """How many attempts that was; 0 means that nothing is known about savings."""
    is_estimate: bool = False
    """Whether a part of the cost stands on tokens that we counted ourselves."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What requests cost beside what the baseline would have cost in their place, over those of which both are known."""

    baseline_pico: int = 0
    actual_pico: int = 0
    count: int = 0
    """Requests; 0: nothing is known about savings."""

    @property
    def saved_pico(self) -> int:
        """Negative when the routes were dearer."""
        return self.baseline_pico - self.actual_pico


class GroupBy(StrEnum):
    """What the totals are grouped by. Hours, days and months are those of the user's time zone."""

    HOUR = "hour"
    """For a few days: every hour is a look of its own."""
    DAY = "day"
    MONTH = "month"
    MODEL = "model"
    LANE = "lane"
    SESSION = "session"
    PROVIDER = "provider"
    CAUSE = "cause"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class CostGroup:
    """One line of the totals."""

    key: str
    """ISO hour, date or month, provider/model-id, lane, provider, session id, cause, or task type; empty for what none is known of."""
    label: str
    """For people: a session's title, else the key."""
    cost_pico: int
    unknown_turns: int
    turns: int
    """A turn counts on the day of its first attempt, and with each model that tried it."""
    input_tokens: int
    output_tokens: int
    compared: Compared = Compared()


@dataclass(frozen=True, slots=True)
class CostTotals:
    """The ledger summed up. Hours, days and months in order of time, all else dearest first."""

    total_pico: int
    unknown_turns: int
    groups: tuple[CostGroup, ...]
    compared: Compared = Compared()


@dataclass(frozen=True, slots=True)
class Charge:
    """What one turn cost: one of those behind a line of the totals."""

    at_ms: int
    """Of its newest request there."""
    session_id: str | None
    turn_id: str | None
    """None: it is of no turn, such as a correction."""
    model: str
    """provider/model-id; of its newest request."""
    task: str
    cause: str
    cost_pico: int
    """All known amounts."""
    is_unknown: bool
    """Whether an amount is missing from it."""
    compared: Compared
    input_tokens: int
    output_tokens: int
    session_title: str
    prompt: str
    """The beginning of the prompt; empty when the turn is gone."""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of the list of sessions."""

    session: Session
    turns: int
    cost_pico: int
    """All known amounts."""
    unknown_turns: int
    preview: str
    """The beginning of the last prompt, on one line; empty in an empty session."""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What using one model has shown."""

    model: ModelRef
    turns: int
    """In which it was asked."""
    last_at_ms: int
    tokens_per_s: float | None
    """Output speed over the latest turns. None: not measured."""
