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


class GroupBy(StrEnum):
    """What the totals are grouped by. Days and months are those of the user's time zone."""

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
    """ISO date or month, provider/model-id, lane, provider, session id, cause, or task type; empty for what none is known of."""
    label: str
    """For people: a session's title, else the key."""
    cost_pico: int
    unknown_turns: int
    turns: int
    """A turn counts on the day of its first attempt, and with each model that tried it."""
    input_tokens: int
    output_tokens: int
    saved_pico: int
    """As in `Spent`."""


@dataclass(frozen=True, slots=True)
class CostTotals:
    """The ledger summed up. Days and months in order of time, all else dearest first."""

    total_pico: int
    unknown_turns: int
    groups: tuple[CostGroup, ...]


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
