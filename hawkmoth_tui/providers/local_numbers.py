"""Calculations worked out: exact as far as there is an exact result, and never larger than a page. Pure; standard library only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import assert_never

from hawkmoth_tui.core.expressions import (
    Binary,
    Expression,
    Factorial,
    Gathered,
    Gathering,
    Negative,
    Number,
    Operator,
    Percent,
    Root,
)

MOST_BITS = 10_000
"""Of a numerator or denominator: about 3,000 digits."""
LARGEST_FACTORIAL = 1_000
SIGNIFICANT_DIGITS = 12
"""Of a result that has no end."""
MOST_DECIMALS = 20
"""Of a result that is written out exactly."""
LONG_DIGITS = 40
"""From here on the number of digits is told beside them."""

_FINE = Context(prec=60, Emax=999_999, Emin=-999_999)


class UnworkableError(Exception):
    """There is no result, or none that fits; the message says why, in words for the user."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A result."""

    value: Fraction
    is_exact: bool = True
    """False: correct to 50 digits."""


def work_out(expression: Expression) -> Worked:
    """The result. Raises UnworkableError."""
    match expression:
        case Number(value):
            return _sized(Worked(value))
        case Negative(inner):
            worked = work_out(inner)
            return Worked(-worked.value, worked.is_exact)
        case Percent(inner):
            worked = work_out(inner)
            return _sized(Worked(worked.value / 100, worked.is_exact))
        case Factorial(inner):
            return _factorial(work_out(inner))
        case Root(degree, inner):
            return _root(work_out(inner), degree)
        case Binary(operator, left, right):
            return _binary(operator, work_out(left), work_out(right))
        case Gathered(how, items):
            return _gathered(how, [work_out(item) for item in items])
        case _:
            assert_never(expression)


def _binary(operator: Operator, left: Worked, right: Worked) -> Worked:
    one, other, is_exact = left.value, right.value, left.is_exact and right.is_exact
    match operator:
        case Operator.PLUS:
            value = one + other
        case Operator.MINUS:
            value = one - other
        case Operator.TIMES | Operator.OF:
            value = one * other
        case Operator.OVER:
            value = one / _divisor(other)
        case Operator.MODULO:
            value = one % _divisor(other)
        case Operator.POWER:
            return _power(left, right)
        case _:
            assert_never(operator)
    return _sized(Worked(value, is_exact))


def _divisor(value: Fraction) -> Fraction:
    if value == 0:
        raise UnworkableError("a division by zero has no result")
    return value


def _gathered(how: Gathering, items: list[Worked]) -> Worked:
    values, is_exact = [item.value for item in items], all(item.is_exact for item in items)
    match how:
        case Gathering.SUM:
            value = sum(values, Fraction(0))
        case Gathering.PRODUCT:
            value = math.prod(values, start=Fraction(1))
        case Gathering.AVERAGE:
            value = sum(values, Fraction(0)) / len(values)
        case _:
            assert_never(how)
    return _sized(Worked(value, is_exact))


def _factorial(worked: Worked) -> Worked:
    if worked.value.denominator != 1 or worked.value < 0:
        raise UnworkableError("a factorial needs a whole number that is not negative")
    if worked.value > LARGEST_FACTORIAL:
        raise _too_large()
    return Worked(Fraction(math.factorial(int(worked.value))))


def _power(base: Worked, exponent: Worked) -> Worked:
    value, times = base.value, exponent.value
    if value == 0 and times < 0:
        raise UnworkableError("a division by zero has no result")
    if times.denominator == 1:
        bits = max(value.numerator.bit_length(), value.denominator.bit_length())
        if bits > 1 and abs(times) * (bits - 1) > MOST_BITS:
            raise _too_large()
        power = value if value in (0, 1) and times > 0 else _whole_power(value, int(times))
        return _sized(Worked(power, base.is_exact))
    if value < 0:
        raise UnworkableError("a broken power of a negative number is no real number")
    if value == 0:
        return Worked(Fraction(0))
    if abs(times) * abs(_decimal(value).adjusted() + 1) > MOST_BITS:
        raise _too_large()
    return _sized(Worked(Fraction(_FINE.power(_decimal(value), _decimal(times))), is_exact=False))


def _whole_power(value: Fraction, times: int) -> Fraction:
    if value in (1, -1):
        return value if times % 2 else Fraction(1)
    return Fraction(value**times)


def _root(worked: Worked, degree: int) -> Worked:
    value = worked.value
    if value < 0 and degree == 2:
        raise UnworkableError("the square root of a negative number is no real number")
    sign, size = (-1 if value < 0 else 1), abs(value)
    top, bottom = _whole_root(size.numerator, degree), _whole_root(size.denominator, degree)
    if top is not None and bottom is not None:
        return Worked(sign * Fraction(top, bottom), worked.is_exact)
    power = (
        _FINE.sqrt(_decimal(size))
        if degree == 2
        else _FINE.power(_decimal(size), _FINE.divide(Decimal(1), Decimal(degree)))
    )
    return Worked(sign * Fraction(power), is_exact=False)


def _whole_root(value: int, degree: int) -> int | None:
    """The whole root, if there is one."""
    if degree == 2:
        root = math.isqrt(value)
    else:
        low, high = 0, 1 << (value.bit_length() // degree + 1)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if middle**degree <= value else (low, middle - 1)
        root = low
    return root if root**degree == value else None


def _sized(worked: Worked) -> Worked:
    if max(worked.value.numerator.bit_length(), worked.value.denominator.bit_length()) > MOST_BITS:
        raise _too_large()
    return worked


def _too_large() -> UnworkableError:
    return UnworkableError("the result would have more than 3,000 digits, which is more than Hawkmoth works out")


def _decimal(value: Fraction) -> Decimal:
    return _FINE.divide(Decimal(value.numerator), Decimal(value.denominator))


def is_plain(worked: Worked) -> bool:
    """Whether `shown` writes the result out in full."""
    return worked.is_exact and _decimals(worked.value) is not None


def shown(worked: Worked, digits: int = SIGNIFICANT_DIGITS) -> str:
    """The result in figures: in full where it ends soon, else rounded to so many significant digits."""
    value = worked.value
    places = _decimals(value) if worked.is_exact else None
    if places is not None:
        whole = abs(value.numerator) * 10**places // value.denominator
        text = f"{whole:0{places + 1}}"
        front, back = (text[:-places], text[-places:]) if places else (text, "")
        return f"{'−' if value < 0 else ''}{int(front):,}{'.' + back if back else ''}"
    rounded = Context(prec=digits).divide(Decimal(value.numerator), Decimal(value.denominator))
    sign = "−" if rounded < 0 else ""
    rounded = abs(rounded)
    if -7 <= rounded.adjusted() <= 15:
        text = f"{rounded:,f}"
        return sign + (text.rstrip("0").rstrip(".") if "." in text else text)
    exponent = rounded.adjusted()
    mantissa = f"{rounded.scaleb(-exponent):f}".rstrip("0").rstrip(".")
    return f"{sign}{mantissa} × 10^{exponent}".replace("^-", "^−")


def _decimals(value: Fraction) -> int | None:
    """How many decimals the number has. None: more than are written out, or no end."""
    rest, places = value.denominator, 0
    twos = fives = 0
    while rest % 2 == 0 and twos <= MOST_DECIMALS:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0 and fives <= MOST_DECIMALS:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return places if rest == 1 and places <= MOST_DECIMALS else None


_RANKS = {
    Operator.PLUS: 1,
    Operator.MINUS: 1,
    Operator.TIMES: 2,
    Operator.OVER: 2,
    Operator.MODULO: 2,
    Operator.OF: 2,
    Operator.POWER: 4,
}


def spelled(expression: Expression) -> str:
    """The calculation as it was understood, with all the brackets it needs."""
    match expression:
        case Number(value):
            number = Worked(value)
            return shown(number) if is_plain(number) else f"{value.numerator}/{value.denominator}"
        case Negative(inner):
            return f"−{_inside(inner, 3)}"
        case Percent(inner):
            return f"{_inside(inner, 6)} %"
        case Factorial(inner):
            return f"{_inside(inner, 6)}!"
        case Root(degree, inner):
            return f"{'√' if degree == 2 else '∛'}{_inside(inner, 6)}"
        case Binary(operator, left, right):
            rank = _RANKS[operator]
            is_power = operator is Operator.POWER
            gap = "" if is_power else " "
            return f"{_inside(left, rank + is_power)}{gap}{operator}{gap}{_inside(right, rank + 1 - is_power)}"
        case Gathered(how, items):
            listed = ", ".join(spelled(item) for item in items[:-1])
            return f"the {how} of {listed} and {spelled(items[-1])}"
        case _:
            assert_never(expression)


def _inside(expression: Expression, rank: int) -> str:
    """In brackets where it binds less than what stands around it."""
    text = spelled(expression)
    return f"({text})" if _rank(expression) < rank else text


def _rank(expression: Expression) -> int:
    match expression:
        case Number(value):
            return 7 if value >= 0 and is_plain(Worked(value)) else 2
        case Negative():
            return 3
        case Root():
            return 5
        case Percent() | Factorial():
            return 6
        case Binary(operator):
            return _RANKS[operator]
        case Gathered():
            return 0
        case _:
            assert_never(expression)
