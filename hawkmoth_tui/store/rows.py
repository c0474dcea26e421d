"""What the store takes and gives beside the values of `core`: ledger rows, limits, reservations, sums and summaries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from hawkmoth_tui.core.models import ModelRef, Prices
    from hawkmoth_tui.core.usage import Usage


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that streams a turn or holds a reservation."""

    pid: int
    started: str
    """When it started, as `store.owner` reads it; it tells a process from a later one of the same id. Empty: not known here."""


class Cause(StrEnum):
    """Who caused an attempt."""

    TURN = "turn"
    TITLE = "title"
    JUDGE = "judge"
    ESCALATION = "escalation"
    COMPARISON = "comparison"
    BRIEF = "brief"
    CORRECTION = "correction"
    """No attempt: what a provider's bill says beyond the rows that are there, or less."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How one attempt went, beside what it cost."""

    task: str = ""
    """Task type of its turn, as the router named it; empty when it named none."""
    outcome: str = ""
    """As in `core.turn.Outcome`."""
    error: str | None = None
    """Class name of the error; None when there was none."""
    retries: int = 0
    """How often the same candidate was asked again."""
    is_fallback: bool = False
    """Whether another model was tried before it in the same turn."""
    ttft_ms: int | None = None
    """Until the first visible token. None: none came."""
    duration_ms: int | None = None
    route_us: int | None = None
    """What the router took to decide; with the turn's first attempt only."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What one attempt cost, at which price, from which source."""

    attempt_id: str
    """Unique in the ledger: a second row of the same attempt is not written."""
    at_ms: int
    session_id: str | None
    turn_id: str | None
    model: ModelRef
    lane: str
    usage: Usage
    prices: Prices | None
    """As they were when the attempt was made. None: unknown."""
    amount_pico: int | None
    """What is booked. None: unknown, which is not zero."""
    list_pico: int | None = None
    """Our own figure at list price, also where the provider reported one. None: unknown."""
    baseline: str = ""
    """The model that savings are measured against; empty when none is known."""
    baseline_pico: int | None = None
    """What the same tokens would have cost there. None: unknown."""
    cause: Cause = Cause.TURN
    measured: Measured | None = None
    """None: nothing was measured."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What is booked for one model on one day in UTC."""

    day: date
    model: str
    """Without its provider."""
    lane: str
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    output_tokens: int
    cost_pico: int
    """All known amounts."""
    unknown: int
    """Attempts of unknown price."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Most that may be spent within a scope, which is one of session, turn, provider and lane, or everything since `since_ms`."""

    name: str
    """Names the limit to the user: turn, session, day, month, openai's day, the premium lane's month."""
    limit_pico: int
    since_ms: int = 0
    """Ledger rows before it do not count. Open reservations always do."""
    session_id: str | None = None
    turn_id: str | None = None
    provider: str | None = None
    lane: str | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """The most that an attempt can cost, held until it is settled. A second one of the same id takes the place of the first."""

    id: str
    amount_pico: int
    session_id: str
    turn_id: str
    provider: str = ""
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The limit that an attempt would have passed."""

    limit: Limit
    spent_pico: int
    """Booked within the limit's scope."""
    reserved_pico: int
    """Held within its scope by other attempts that still run."""


@dataclass(frozen=True, slots=True)
class TokenFactor:
    """What a model's reports have taught about our counting of tokens."""

    model: ModelRef
    basis: str
    """How we counted: each way has a factor of its own."""
    factor: float
    samples: int
    """How many reports it rests on."""
    at_ms: int
    """When it last changed."""
