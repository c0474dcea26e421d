"""Counts of good and bad answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.routing.records import HALF_LIFE_DAYS, MOST_PRIOR, Records, faded, prior

SHARES = st.floats(0, 1)


@given(SHARES, st.floats(0, 1e6))
def test_public_evidence_is_never_stronger_than_its_limit(mean: float, graded: float) -> None:
    record = prior(mean, graded)

    assert record.good + record.bad <= MOST_PRIOR + 1e-9
    assert 0 < record.mean < 1
    assert abs(record.mean - mean) <= 0.01 + 1e-9


@given(SHARES, st.lists(st.tuples(st.booleans(), st.floats(0.1, 1)), max_size=20))
def test_own_evidence_moves_the_mean_its_way_and_lessens_the_doubt(
    mean: float, signs: list[tuple[bool, float]]
) -> None:
    record = prior(mean, 100)

    for is_good, weight in signs:
        after = record.plus(float(is_good), weight)
        assert (after.mean > record.mean) == is_good
        assert after.good + after.bad > record.good + record.bad
        record = after

    assert record.own == len(signs)


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.booleans()), max_size=12))
def test_the_order_of_evidence_does_not_matter(signs: list[tuple[str, bool]]) -> None:
    forwards, backwards = Records(), Records()

    for model, is_good in signs:
        forwards = forwards.plus("sums", model, float(is_good))
    for model, is_good in reversed(signs):
        backwards = backwards.plus("sums", model, float(is_good))

    for model in ("a", "b"):
        one, other = forwards.of("sums", model), backwards.of("sums", model)
        assert (one is None) == (other is None)
        if one and other:
            assert one.good == pytest.approx(other.good)
            assert one.own == other.own


def test_a_sign_is_worth_half_after_its_half_life() -> None:
    assert faded(1.0, HALF_LIFE_DAYS) == pytest.approx(0.5)
    assert faded(1.0, -3) == 1.0


def test_a_share_beyond_one_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        prior(0.5, 1).plus(1.5, 1.0)
