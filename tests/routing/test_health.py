"""Health is a fold over attempts: it cools after failures, recovers after an answer, and remembers how fast the model was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Attempt, Outcome, TurnError
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.routing.health import LONGEST_COOLING_S, Health, describe, joined, observe

NOW = 1_000.0
REF = ModelRef("lab", "small")


def attempt(outcome: Outcome, error: str = "", ttft_ms: int | None = None, duration_ms: int | None = None) -> Attempt:
    told = TurnError(error, "no") if error else None
    return Attempt("1", REF, 0, outcome, told, 0, ttft_ms, duration_ms, Usage(output_tokens=100))


def failed(error: str = "Overloaded") -> Attempt:
    return attempt(Outcome.FAILED, error)


def test_nothing_known_is_fine() -> None:
    assert describe(Health(), NOW) == "ok"
    assert Health().cooling_s(NOW) == 0


def test_a_failure_cools_and_the_next_one_doubles_the_pause() -> None:
    once = observe(Health(), failed(), NOW)
    twice = observe(once, failed(), NOW + 5)

    assert once.cooling_s(NOW) == 5
    assert twice.cooling_s(NOW + 5) == 10
    assert describe(twice, NOW + 5) == "cooling 10 s"
    assert describe(twice, NOW + 60) == "2 failures in a row"


def test_the_server_says_how_long() -> None:
    told = observe(Health(), failed("RateLimited"), NOW, retry_after_s=42)

    assert told.cooling_s(NOW) == 42
    assert told.last_error == "RateLimited"


@pytest.mark.parametrize("error", ["Refused", "ContextTooLong", "Bug"])
def test_what_the_request_is_to_blame_for_cools_nothing(error: str) -> None:
    assert observe(Health(), failed(error), NOW) == Health()


def test_a_cut_stream_counts_as_a_failure() -> None:
    cut = observe(Health(), attempt(Outcome.INTERRUPTED), NOW)

    assert (cut.failures, cut.last_error) == (1, "StreamBroken")


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.SKIPPED])
def test_what_the_user_stopped_says_nothing(outcome: Outcome) -> None:
    ill = observe(Health(), failed(), NOW)

    assert observe(ill, attempt(outcome), NOW + 1) == ill


def test_an_answer_ends_the_pause_and_is_timed() -> None:
    ill = observe(Health(), failed(), NOW)

    well = observe(ill, attempt(Outcome.OK, ttft_ms=400, duration_ms=2_400), NOW + 1)

    assert (well.failures, well.cooling_s(NOW + 1), well.last_error) == (0, 0, "")
    assert (well.ttft_ms, well.tokens_per_s) == (400, 50)


def test_speed_is_a_running_mean() -> None:
    first = observe(Health(), attempt(Outcome.OK, ttft_ms=400, duration_ms=2_400), NOW)

    second = observe(first, attempt(Outcome.OK, ttft_ms=1_400, duration_ms=2_400), NOW)

    assert second.ttft_ms == pytest.approx(700)
    assert second.tokens_per_s == pytest.approx(65)


def test_an_answer_without_a_first_token_time_teaches_no_speed() -> None:
    assert observe(Health(), attempt(Outcome.OK), NOW) == Health()


def test_a_candidate_shares_the_pause_of_its_provider_and_keeps_its_own_speed() -> None:
    model = observe(Health(), attempt(Outcome.OK, ttft_ms=400, duration_ms=2_400), NOW)
    provider = observe(Health(), failed("AuthFailed"), NOW)

    both = joined(model, provider)

    assert (both.cooling_s(NOW), both.last_error, both.ttft_ms) == (60, "AuthFailed", 400)


@given(
    st.lists(st.sampled_from(["Overloaded", "RateLimited", "Unreachable", "BadResponse", "AuthFailed"]), max_size=30)
)
def test_a_pause_has_an_end(errors: list[str]) -> None:
    health = Health()
    for error in errors:
        health = observe(health, failed(error), NOW)

    assert 0 <= health.cooling_s(NOW) <= LONGEST_COOLING_S
    assert health.failures == len(errors)
