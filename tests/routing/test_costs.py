"""Expected, reserved and lost money. Prices are per million tokens, and a thousand tokens cost a thousandth of them (defect H5)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hawkmoth_tui.core.models import Capability, Prices
from hawkmoth_tui.core.money import PICO_PER_USD, decimal_text, pico
from hawkmoth_tui.routing.costs import (
    DEFAULT_OUTPUT_LIMIT,
    expected_cost_pico,
    expected_output,
    output_limit,
    reservation_pico,
    switch_cost_pico,
)
from hawkmoth_tui.routing.tasks import Task
from tests.routing.scene import HERE, LARGE, MIDDLE, SMALL, features, model

CACHING = replace(MIDDLE, prices=Prices(Decimal(3), Decimal(15), Decimal("0.3"), Decimal("3.75")))


def test_a_thousand_tokens_at_three_dollars_per_million_cost_a_third_of_a_cent() -> None:
    asked = replace(features(prompt_tokens=1_000), expected_output_tokens=0)

    cost = expected_cost_pico(model("lab/m", "3"), asked)

    assert cost == pico(Decimal("0.003"))
    assert cost is not None
    assert decimal_text(cost) == "0.003"


def test_a_whole_turn_is_exact() -> None:
    assert expected_cost_pico(SMALL, features(prompt_tokens=1_000)) == pico(Decimal("0.0001") + Decimal("0.0002"))


def test_an_unknown_price_stays_unknown_and_a_free_model_is_free() -> None:
    unpriced = replace(MIDDLE, prices=None)

    assert expected_cost_pico(unpriced, features()) is None
    assert reservation_pico(unpriced, features()) is None
    assert switch_cost_pico(unpriced, 100) is None
    assert expected_cost_pico(HERE, features()) == 0


def test_a_model_that_bills_cache_writes_writes_what_it_reads_cold() -> None:
    asked = replace(features(prompt_tokens=2_000), expected_output_tokens=0)
    warm = replace(asked, incumbent=CACHING.ref, cached_tokens=1_500)

    assert expected_cost_pico(CACHING, asked) == pico(Decimal("3.75") * 2_000 / 10**6)
    assert expected_cost_pico(CACHING, warm) == pico((Decimal("0.3") * 1_500 + Decimal("3.75") * 500) / 10**6)


def test_a_short_prompt_is_never_written_to_a_cache() -> None:
    asked = replace(features(prompt_tokens=1_000), expected_output_tokens=0)

    assert expected_cost_pico(CACHING, asked) == pico(Decimal("0.003"))


def test_only_the_incumbent_has_the_context_warm() -> None:
    warm = replace(features(prompt_tokens=2_000), incumbent=MIDDLE.ref, cached_tokens=1_500)

    assert expected_cost_pico(LARGE, warm) == expected_cost_pico(LARGE, features(prompt_tokens=2_000))


def test_reasoning_makes_answers_longer() -> None:
    thinking = replace(MIDDLE, capabilities=frozenset({Capability.REASONING}))

    assert expected_output(thinking, features()) == 750
    assert expected_output(MIDDLE, features()) == 500


def test_no_answer_is_expected_beyond_its_limit() -> None:
    assert expected_output(MIDDLE, replace(features(), output_limit_tokens=100)) == 100
    assert (
        expected_output(
            replace(MIDDLE, max_output_tokens=None), replace(features(Task.CODING), expected_output_tokens=9_000)
        )
        == 9_000
    )


def test_the_reservation_is_the_most_it_can_cost() -> None:
    asked = features(prompt_tokens=2_000)

    assert reservation_pico(CACHING, asked) == pico((Decimal("3.75") * 2_000 + Decimal(15) * 4_000) / 10**6)
    assert reservation_pico(MIDDLE, replace(asked, output_limit_tokens=10)) == pico(Decimal("0.00204"))


def test_without_any_limit_four_thousand_tokens_are_reserved() -> None:
    endless = replace(MIDDLE, max_output_tokens=None)

    assert output_limit(endless, None) == DEFAULT_OUTPUT_LIMIT == 4_096
    assert output_limit(endless, 9_999) == 9_999
    assert output_limit(MIDDLE, 9_999) == 4_000


def test_a_switch_loses_the_difference_between_cold_and_warm() -> None:
    assert switch_cost_pico(MIDDLE, 1_000) == pico(Decimal("0.0009"))
    assert switch_cost_pico(CACHING, 10_000) == pico((Decimal("3.75") - Decimal("0.3")) * 10_000 / 10**6)
    assert switch_cost_pico(MIDDLE, 0) == 0


def test_a_switch_loses_nothing_where_cached_tokens_cost_the_same() -> None:
    flat = replace(MIDDLE, prices=Prices(Decimal(1), Decimal(4)))

    assert switch_cost_pico(flat, 1_000) == 0


def test_pico_dollars_hold_a_token_of_the_cheapest_model() -> None:
    one = replace(features(prompt_tokens=1), expected_output_tokens=0)

    assert expected_cost_pico(model("lab/m", "0.01"), one) == 10_000 == PICO_PER_USD // 10**8
