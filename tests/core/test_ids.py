"""Ids sort by the time they were made, also when the clock jumps back."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.ids import IdSource

NOW_MS = 1_795_000_000_000


@given(st.lists(st.integers(0, 2**47), min_size=2, max_size=50), st.integers())
def test_every_id_is_greater_than_the_one_before(clock: list[int], seed: int) -> None:
    ticks = iter(clock)
    source = IdSource(lambda: next(ticks), random.Random(seed).getrandbits)

    made = [source.next() for _ in clock]

    assert made == sorted(set(made))
    assert {len(each) for each in made} == {26}


def test_a_clock_that_jumps_back_an_hour_does_not_reorder() -> None:
    clock = iter([NOW_MS, NOW_MS - 3_600_000, NOW_MS - 3_600_000, NOW_MS + 1])
    source = IdSource(lambda: next(clock), lambda bits: 7)

    first, second, third, later = (source.next() for _ in range(4))

    assert first < second < third < later
    assert first[:10] == second[:10] == third[:10]


def test_ids_of_different_milliseconds_sort_by_time() -> None:
    early = IdSource(lambda: NOW_MS, lambda bits: 2**bits - 1).next()
    late = IdSource(lambda: NOW_MS + 1, lambda bits: 0).next()

    assert early < late


def test_even_the_last_random_number_has_a_successor() -> None:
    source = IdSource(lambda: NOW_MS, lambda bits: 2**bits - 1)

    assert source.next() < source.next()


def test_ids_are_lower_case_crockford() -> None:
    made = IdSource(lambda: NOW_MS, random.Random(1).getrandbits).next()

    assert set(made) <= set("0123456789abcdefghjkmnpqrstvwxyz")
