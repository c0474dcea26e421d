"""Finding names by parts of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.fuzzy import Narrowing, ranked

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = [
    "anthropic/claude-opus-4.1",
    "openai/gpt-5-mini",
    "openrouter/openai/gpt-5-mini",
    "together/meta-llama/llama-3.3-70b-instruct-turbo",
    "together/deepseek-ai/deepseek-v3",
]


def find(typed: str) -> list[str]:
    return ranked(typed, NAMES, str)


def test_nothing_typed_finds_everything_in_its_order() -> None:
    assert find("  ") == NAMES


def test_words_are_found_in_any_order() -> None:
    assert find("opus claude") == ["anthropic/claude-opus-4.1"]
    assert find("mini gpt") == ["openai/gpt-5-mini", "openrouter/openai/gpt-5-mini"]


def test_letters_are_found_with_others_between_them() -> None:
    assert find("gpt5m") == ["openai/gpt-5-mini", "openrouter/openai/gpt-5-mini"]
    assert find("l3370b") == ["together/meta-llama/llama-3.3-70b-instruct-turbo"]


def test_a_beginning_comes_before_a_middle() -> None:
    assert ranked("deep", ["lab/indeep", "lab/deep"], str) == ["lab/deep", "lab/indeep"]


def test_what_does_not_fit_is_left_out() -> None:
    assert find("gemini") == []
    assert find("gpt zzz") == []


@given(st.text(max_size=60), st.lists(st.text(max_size=80), max_size=10))
def test_anything_can_be_typed(typed: str, names: list[str]) -> None:
    found = ranked(typed, names, str)

    assert len(found) <= len(names)
    assert set(found) <= set(names)


def least_s(work: Callable[[], object]) -> float:
    """The processor's time that the work takes when nothing disturbs it."""
    times = []
    for _ in range(5):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def test_2500_names_take_a_fraction_of_a_key_press() -> None:
    names = [f"provider{n % 9}/owner-{n % 40}/some-long-model-name-{n}-instruct-turbo" for n in range(2_500)]

    assert least_s(lambda: ranked("smn 42 ins", names, str)) < 0.05


def test_no_name_is_so_uniform_that_a_letter_more_takes_long() -> None:
    names = ["a rule: " + "-" * 200] * 10

    assert ranked("-" * 30 + "x", names, str) == []
    assert least_s(lambda: ranked("-" * 30 + "x", names, str)) < 0.05


@given(st.lists(st.text("ab -1", max_size=8), max_size=6), st.lists(st.text("ab -1", max_size=12), max_size=10))
def test_narrowing_step_by_step_finds_what_a_fresh_look_finds(typed: list[str], names: list[str]) -> None:
    narrowing = Narrowing(names, str)

    for text in typed:
        for end in (*range(len(text) + 1), *range(len(text), -1, -1)):
            assert narrowing.ranked(text[:end]) == ranked(text[:end], names, str)
