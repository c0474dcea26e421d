"""The grammar of calculations: what it reads, what it leaves alone, and how operators bind."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.expressions import Binary, Expression, Factorial, Negative, Number, Operator, Percent, Root
from hawkmoth_tui.routing.arithmetic import number, parse
from hawkmoth_tui.routing.numerals import numeral


def n(value: int | str) -> Number:
    return Number(Fraction(value))


def two(operator: Operator, left: Expression, right: Expression) -> Binary:
    return Binary(operator, left, right)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("1 + 2 * 3", two(Operator.PLUS, n(1), two(Operator.TIMES, n(2), n(3)))),
        ("(1 + 2) * 3", two(Operator.TIMES, two(Operator.PLUS, n(1), n(2)), n(3))),
        ("10 - 4 - 3", two(Operator.MINUS, two(Operator.MINUS, n(10), n(4)), n(3))),
        ("2^3^2", two(Operator.POWER, n(2), two(Operator.POWER, n(3), n(2)))),
        ("-2^2", Negative(two(Operator.POWER, n(2), n(2)))),
        ("2 ** -1", two(Operator.POWER, n(2), Negative(n(1)))),
        ("√16 + 1", two(Operator.PLUS, Root(2, n(16)), n(1))),
        ("5! / 2", two(Operator.OVER, Factorial(n(5)), n(2))),
        ("15% of 80", two(Operator.OF, Percent(n(15)), n(80))),
        ("17 % 5", two(Operator.MODULO, n(17), n(5))),
        ("50% * 8", two(Operator.TIMES, Percent(n(50)), n(8))),
        ("80 + 15%", two(Operator.PLUS, n(80), two(Operator.OF, Percent(n(15)), n(80)))),
        ("1,234.5 + .5", two(Operator.PLUS, n("1234.5"), n("0.5"))),
        ("2e3 - 1", two(Operator.MINUS, n(2000), n(1))),
        ("seven times eight", two(Operator.TIMES, n(7), n(8))),
        ("two hundred and five minus twenty-one", two(Operator.MINUS, n(205), n(21))),
        ("3 cubed", two(Operator.POWER, n(3), n(3))),
        ("half of 90", two(Operator.OF, n("1/2"), n(90))),
        ("12 x 12", two(Operator.TIMES, n(12), n(12))),
    ],
)
def test_a_calculation_is_read_with_its_precedence(text: str, expression: Expression) -> None:
    assert parse(text) == expression


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "5",
            "-5",
            "50%",
            "1 2",
            "1 +",
            "* 2",
            "(1 + 2",
            "1 + 2)",
            "()",
            "1 + + 2",
            "2 3 + 4",
            "1.2.3 + 1",
            "1,23 + 4",
        ),
        *(
            "5%%",
            "3 % 4 % ",
            "10% 50",
            "80 + 5 + 15%",
            "two three + 1",
            "one plus 12",
            "x + 1",
            "2 + 2 = 4",
            "__import__('os')",
        ),
        *(
            "2024-12-24",
            "24/7",
            "9-11",
            "1/2/2024",
            "5 of 8",
            "2 + 3!",
            "1e999 + 1",
            "10 ** ",
            "½",
            "nan + 1",
            "inf * 2",
            "0x10 + 1",
        ),
        "(" * 40 + "1 + 1" + ")" * 40,
    ],
)
def test_everything_else_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("text", ["24/7", "9-11", "144/12", "1914-1918"])
def test_what_looks_like_a_name_counts_where_it_was_ordered(text: str) -> None:
    assert parse(text, is_ordered=True) is not None


@pytest.mark.parametrize("text", ["seven times eight", "2 x 4", "5!"])
def test_words_count_only_where_something_was_asked(text: str) -> None:
    assert parse(text, is_asked=False) is None


@given(st.fractions(max_denominator=1).map(int))
def test_a_whole_number_is_read_back(value: int) -> None:
    assert number(f"{value:,}") == number(str(value)) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        *(("zero", 0), ("nineteen", 19), ("forty-two", 42), ("one hundred", 100), ("three hundred and seven", 307)),
        *(
            ("two thousand twelve", 2012),
            ("one million two hundred thousand", 1_200_000),
            ("five hundred thousand", 500_000),
        ),
    ],
)
def test_numerals_are_read(words: str, value: int) -> None:
    assert numeral(words) == value


@pytest.mark.parametrize(
    "words",
    ["two three", "twenty eleven", "hundred", "ten hundred", "thousand", "one thousand one million", "ten five"],
)
def test_what_only_sounds_like_a_numeral_is_none(words: str) -> None:
    assert numeral(words) is None
