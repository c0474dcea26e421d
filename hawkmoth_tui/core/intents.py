"""Questions that need no model, as values. `routing.intents` recognises them, `providers.local` answers them from `Facts`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from hawkmoth_tui.core.expressions import Expression


class Moment(StrEnum):
    """What is asked about now."""

    TIME = "time"
    DATE_AND_TIME = "date and time"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Period(StrEnum):
    """Over what money is summed up."""

    SESSION = "session"
    TODAY = "today"
    MONTH = "month"
    EVER = "ever"


class Topic(StrEnum):
    """What is asked about Hawkmoth itself."""

    STATUS = "status"
    SESSION = "session"
    SESSIONS = "sessions"
    MODELS = "models"
    VERSION = "version"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class NowAsked:
    """What time it is, or another part of now."""

    moment: Moment = Moment.TIME
    zone: str = ""
    """IANA name; empty: where this machine is."""
    place: str = ""
    """The zone's place as people write it; empty: here."""


@dataclass(frozen=True, slots=True)
class DayAsked:
    """Which day it is, or will be, or was."""

    shift_days: int = 0
    """From today; negative: back."""


@dataclass(frozen=True, slots=True)
class WeekdayAsked:
    """Which day of the week a date is."""

    day: date


@dataclass(frozen=True, slots=True)
class Anniversary:
    """A date of no certain year: the next one counts."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class SpanAsked:
    """How many days lie between two dates."""

    start: date | None
    """None: today."""
    end: date | Anniversary | None
    """None: today."""
    name: str = ""
    """What the end is called, such as Christmas; empty when it was given as a date."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """Something to work out."""

    expression: Expression
    is_percentage: bool = False
    """The answer is wanted as a percentage."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure."""

    name: str
    """As pint calls it."""
    shown: str
    """As people read it: km, °F, US cup."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A quantity in another unit of the same dimension."""

    amounts: tuple[tuple[Fraction, Unit], ...]
    """Added up: 5 ft 11 in. At least one."""
    target: Unit


@dataclass(frozen=True, slots=True)
class SpendingAsked:
    """What was spent, or saved against the baseline."""

    period: Period
    is_about_savings: bool = False


@dataclass(frozen=True, slots=True)
class SelfAsked:
    """About Hawkmoth itself."""

    topic: Topic


Intent: TypeAlias = (
    NowAsked | DayAsked | WeekdayAsked | SpanAsked | Calculation | Conversion | SpendingAsked | SelfAsked
)
