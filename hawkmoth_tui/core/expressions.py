"""Arithmetic as a value: what a calculation is made of. `routing.arithmetic` reads it, `providers.local_numbers` works it out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from fractions import Fraction


class Operator(StrEnum):
    """What stands between two operands, as it is shown."""

    PLUS = "+"
    MINUS = "−"
    TIMES = "×"
    OVER = "÷"
    MODULO = "mod"
    OF = "of"
    """A share of something: 15 % of 80."""
    POWER = "^"


class Gathering(StrEnum):
    """What is made of a list of numbers."""

    SUM = "sum"
    PRODUCT = "product"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was given; exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Negative:
    of: Expression


@dataclass(frozen=True, slots=True)
class Percent:
    """A hundredth of it."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Factorial:
    of: Expression


@dataclass(frozen=True, slots=True)
class Root:
    """The root that is not negative; of an odd degree, the real one."""

    degree: int
    """2 or 3."""
    of: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Gathered:
    """One number out of a list."""

    how: Gathering
    items: tuple[Expression, ...]
    """At least two."""


Expression: TypeAlias = Number | Negative | Percent | Factorial | Root | Binary | Gathered
