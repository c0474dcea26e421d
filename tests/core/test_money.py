"""Money is exact: one rounding, half to even, and nothing unknown ever becomes zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.models import Prices
from hawkmoth_tui.core.money import (
    PICO_PER_USD,
    cost_pico,
    decimal_text,
    list_price_pico,
    money_text,
    pico,
    sum_text,
    usd,
)
from hawkmoth_tui.core.usage import Usage

USD_PER_MTOK = st.decimals(0, 1_000, places=6)
TOKENS = st.integers(0, 10**9)
FLAT = Prices(Decimal(3), Decimal(15))
CACHING = Prices(Decimal(3), Decimal(15), Decimal("0.3"), Decimal("3.75"))


@pytest.mark.parametrize(
    ("usage", "dollars"),
    [
        (Usage(input_tokens=1_000), "0.003"),
        (Usage(output_tokens=1_000), "0.015"),
        (Usage(input_tokens=1_000_000, output_tokens=1_000_000), "18"),
        (Usage(input_tokens=1), "0.000003"),
    ],
)
def test_prices_are_per_million_tokens(usage: Usage, dollars: str) -> None:
    cost = list_price_pico(usage, FLAT)

    assert cost == pico(Decimal(dollars))
    assert cost is not None
    assert decimal_text(cost) == dollars


def test_each_kind_of_token_has_its_price() -> None:
    usage = Usage(input_tokens=1_000, output_tokens=100, cached_input_tokens=600, cache_write_tokens=300)

    assert list_price_pico(usage, CACHING) == pico(
        (100 * Decimal(3) + 600 * Decimal("0.3") + 300 * Decimal("3.75") + 1_500) / 10**6
    )


def test_cached_tokens_cost_as_input_where_nobody_says_otherwise() -> None:
    usage = Usage(input_tokens=1_000, cached_input_tokens=600, cache_write_tokens=300)

    assert list_price_pico(usage, FLAT) == pico(Decimal("0.003"))


def test_a_server_that_counts_more_cached_than_input_is_not_paid_twice() -> None:
    usage = Usage(input_tokens=100, cached_input_tokens=600, cache_write_tokens=300)

    assert list_price_pico(usage, CACHING) == pico(Decimal("0.00003"))


def test_reasoning_is_a_part_of_the_output() -> None:
    assert list_price_pico(Usage(output_tokens=10, reasoning_tokens=8), FLAT) == list_price_pico(
        Usage(output_tokens=10), FLAT
    )


def test_an_unknown_price_is_unknown() -> None:
    assert cost_pico(Usage(input_tokens=1_000), None) is None
    assert money_text(None) == "?"


def test_what_the_provider_billed_wins() -> None:
    billed = Usage(input_tokens=1_000, reported_cost_usd=Decimal("0.0001234"))

    assert cost_pico(billed, FLAT) == cost_pico(billed, None) == 123_400_000


@given(TOKENS, TOKENS, st.integers(0, 10**9), USD_PER_MTOK, USD_PER_MTOK, USD_PER_MTOK)
def test_the_sum_is_rounded_once_half_to_even(
    plain: int, output: int, cached: int, input_usd: Decimal, output_usd: Decimal, cached_usd: Decimal
) -> None:
    usage = Usage(input_tokens=plain + cached, output_tokens=output, cached_input_tokens=cached)

    cost = list_price_pico(usage, Prices(input_usd, output_usd, cached_usd))

    exact = plain * Fraction(input_usd) + cached * Fraction(cached_usd) + output * Fraction(output_usd)
    assert cost == round(exact * PICO_PER_USD / 10**6)


@pytest.mark.parametrize(
    ("amount", "whole"), [("0.5E-12", 0), ("1.5E-12", 2), ("2.5E-12", 2), ("-1.5E-12", -2), ("1", PICO_PER_USD)]
)
def test_half_a_pico_dollar_goes_to_the_even_side(amount: str, whole: int) -> None:
    assert pico(Decimal(amount)) == whole


@given(st.integers(-(10**24), 10**24))
def test_amounts_survive_the_way_through_dollars_and_text(amount: int) -> None:
    assert pico(usd(amount)) == amount
    assert pico(Decimal(decimal_text(amount))) == amount
    assert "E" not in decimal_text(amount)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (123_000_000, "0.000123"),
        (1, "0.000000000001"),
        (-1_500_000_000_000, "-1.5"),
        (100 * PICO_PER_USD, "100"),
    ],
)
def test_documents_hold_exact_plain_decimals(amount: int, text: str) -> None:
    assert decimal_text(amount) == text


@pytest.mark.parametrize(
    ("dollars", "text"),
    [
        ("0", "$0.00"),
        ("0.0042", "$0.0042"),
        ("0.00000012345", "$0.00000012"),
        ("0.5", "$0.50"),
        ("0.9999", "$1.00"),
        ("1.375", "$1.38"),
        ("1234.5", "$1,234.50"),
        ("-0.25", "-$0.25"),
        ("0.000000000001", "$0.000000000001"),
    ],
)
def test_people_read_two_digits_or_cents(dollars: str, text: str) -> None:
    assert money_text(pico(Decimal(dollars))) == text


def test_an_estimate_is_marked() -> None:
    assert money_text(pico(Decimal("0.01")), estimated=True) == "~$0.01"
    assert money_text(pico(Decimal("-0.01")), estimated=True) == "~-$0.01"


@given(st.integers(1, 10**18))
def test_what_is_not_zero_never_looks_like_zero(amount: int) -> None:
    assert set(money_text(amount)) & set("123456789")


@pytest.mark.parametrize(
    ("known", "unknown", "text"), [(0, 0, "$0.00"), (10**12, 0, "$1.00"), (10**12, 2, "$1.00 +?"), (0, 1, "?")]
)
def test_a_sum_never_shows_what_is_unknown_as_nothing(known: int, unknown: int, text: str) -> None:
    assert sum_text(known, unknown) == text
