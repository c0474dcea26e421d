"""Usage adds up, and keeps apart what was counted from what was billed."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.usage import Usage

COUNTS = st.integers(0, 10**9)
USAGES = st.builds(
    Usage,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    st.booleans(),
    st.one_of(st.none(), st.decimals(0, 100, places=6)),
)


@given(USAGES, USAGES, USAGES)
def test_the_order_of_adding_does_not_matter(one: Usage, two: Usage, three: Usage) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)


@given(USAGES)
def test_nothing_added_changes_nothing(usage: Usage) -> None:
    assert usage + Usage() == usage
    assert sum((usage, usage), Usage()).total_tokens == 2 * usage.total_tokens


def test_one_estimate_makes_the_sum_an_estimate() -> None:
    assert (Usage(1) + Usage(1, estimated=True)).estimated


def test_billed_amounts_add_and_silence_stays_silence() -> None:
    billed = Usage(reported_cost_usd=Decimal("0.1"))

    assert (billed + billed).reported_cost_usd == Decimal("0.2")
    assert (billed + Usage()).reported_cost_usd == Decimal("0.1")
    assert (Usage() + Usage()).reported_cost_usd is None
