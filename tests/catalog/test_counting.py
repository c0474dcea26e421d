"""Exact where it can be, an estimate times a factor where not; the factor follows what providers report."""

from __future__ import annotations

from logging.handlers import QueueHandler
from queue import SimpleQueue
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.catalog import counting
from hawkmoth_tui.catalog.counting import LEAST_RATIO, MOST_RATIO, Count, Counter, Learned, learned
from hawkmoth_tui.catalog.families import FACTORS, Family
from hawkmoth_tui.routing.tokens import estimate

if TYPE_CHECKING:
    import logging
    from pathlib import Path

PROSE = "The quick brown fox jumps over the lazy dog, again and again. " * 20


@pytest.fixture(scope="module")
def loaded() -> Counter:
    counter = Counter(estimate)
    counter.load()
    return counter


def test_nothing_is_exact_before_it_is_loaded() -> None:
    counter = Counter(estimate)

    assert counter.count(PROSE, Family.OPENAI) == Count(estimate(PROSE), False)
    assert not counter.is_loaded


def test_only_openais_texts_are_exact(loaded: Counter) -> None:
    exact = [family for family in Family if loaded.count(PROSE, family).is_exact]

    assert exact == [Family.OPENAI]
    assert loaded.count("hello world", Family.OPENAI) == Count(2, True)


@pytest.mark.parametrize("family", Family)
def test_a_family_counts_by_its_factor(loaded: Counter, family: Family) -> None:
    exact = loaded.count(PROSE, Family.OPENAI).tokens

    assert loaded.count(PROSE, family).tokens == round(exact * FACTORS[family])


def test_an_empty_text_is_no_tokens_of_any_family(loaded: Counter) -> None:
    assert {loaded.count("", family) for family in Family} == {Count(0, True)}


def test_a_text_too_long_for_the_screen_is_estimated_and_counted_whole_on_request(loaded: Counter) -> None:
    text = PROSE * 100

    assert loaded.count(text, Family.OPENAI) == Count(estimate(text), False)
    assert loaded.count_whole(text, Family.OPENAI).tokens == pytest.approx(estimate(text), rel=0.2)
    assert loaded.count_whole("line\n" * 50_000, Family.OPENAI).is_exact


def test_counting_whole_loads_what_it_needs() -> None:
    counter = Counter(estimate)

    assert counter.count_whole("hello world", Family.OPENAI) == Count(2, True)
    assert counter.is_loaded


def test_a_file_that_cannot_be_used_leaves_the_estimate_and_is_said_once(tmp_path: Path) -> None:
    counter = Counter(estimate, tmp_path / "gone")
    said: SimpleQueue[logging.LogRecord] = SimpleQueue()
    listener = QueueHandler(said)
    counting.log.addHandler(listener)

    try:
        counter.load()
        counter.load()
        counted = counter.count_whole(PROSE, Family.OPENAI)
    finally:
        counting.log.removeHandler(listener)

    assert counted == Count(estimate(PROSE), False)
    assert "cannot be read" in counter.problem
    assert said.qsize() == 1


def test_a_first_report_moves_half_way_and_later_ones_less() -> None:
    first = learned(None, 1_000, 1_200)
    assert first is not None
    assert first.samples == 1
    assert first.factor == pytest.approx(1.1)

    second = learned(first, 1_000, 1_200)

    assert second is not None
    assert 1.1 < second.factor < 1.15


@given(st.floats(min_value=0.6, max_value=2.9))
def test_steady_reports_are_learned(ratio: float) -> None:
    known: Learned | None = None
    for _ in range(40):
        known = learned(known, 100_000, round(100_000 * ratio)) or known

    assert known is not None
    assert known.factor == pytest.approx(ratio, rel=0.02)


@given(st.integers(min_value=-5, max_value=10**7), st.integers(min_value=0, max_value=10**8))
def test_a_factor_never_leaves_what_a_tokeniser_can_do(expected: int, reported: int) -> None:
    known = learned(Learned(1.0, 3), expected, reported)

    assert known is None or LEAST_RATIO <= known.factor <= MOST_RATIO


@pytest.mark.parametrize(("expected", "reported"), [(0, 10), (100, 0), (100, 40), (100, 301)])
def test_a_report_beyond_belief_teaches_nothing(expected: int, reported: int) -> None:
    assert learned(None, expected, reported) is None
