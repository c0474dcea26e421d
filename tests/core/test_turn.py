"""A turn is the fold of its events: however the deltas are split, the turn is the same."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.events import (
    AttemptEnded,
    AttemptStarted,
    FirstToken,
    Notice,
    RouteChosen,
    TextDelta,
    ThinkingDelta,
    ToolCallReceived,
    TurnEnded,
    TurnEvent,
    TurnStarted,
    UsageReported,
)
from hawkmoth_tui.core.messages import Role, Text, Thinking, ToolCall, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.route import Route
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState, advance
from hawkmoth_tui.core.usage import Usage

SMALL, LARGE = ModelRef("lab", "small"), ModelRef("lab", "large")
FRESH = Turn("t1", "s1", None, TurnKind.PROMPT, user("Hello"), 1_000)
ROUTE = Route(SMALL, (LARGE,), (), "balanced", "0" * 64, "chitchat", 0.9, "cheapest good enough", 0.5)
FIRST = Attempt("a1", SMALL, 1_001)
SECOND = Attempt("a2", LARGE, 1_500)

DELTAS = st.one_of(
    st.builds(TextDelta, st.text(max_size=12)),
    st.builds(
        ThinkingDelta,
        st.text(max_size=12),
        st.sampled_from(["", "", "sealed"]),
        st.sampled_from(["", "ollama"]),
        st.integers(0, 50),
    ),
    st.builds(ToolCallReceived, st.builds(ToolCall, st.text(max_size=3), st.just("search"), st.just("{}"))),
)


def fold(*events: TurnEvent, start: Turn = FRESH) -> Turn:
    return reduce(advance, events, start)


def split(delta: TurnEvent, cuts: list[int]) -> list[TurnEvent]:
    """The delta in pieces at these places; signature and time stay with the last piece, a tool call whole."""
    if not isinstance(delta, TextDelta | ThinkingDelta):
        return [delta]
    places = sorted({0, len(delta.text), *(cut % (len(delta.text) + 1) for cut in cuts)})
    pieces = [delta.text[start:end] for start, end in pairwise(places)] or [""]
    if isinstance(delta, TextDelta):
        return [TextDelta(piece) for piece in pieces]
    last = len(pieces) - 1
    return [
        delta if last == 0 else replace(delta, text=piece) if place == last else ThinkingDelta(piece, "", delta.origin)
        for place, piece in enumerate(pieces)
    ]


@given(st.lists(st.tuples(DELTAS, st.lists(st.integers(0, 20), max_size=4)), max_size=12))
def test_any_split_of_the_deltas_folds_to_the_same_turn(said: list[tuple[TurnEvent, list[int]]]) -> None:
    whole = [delta for delta, _ in said]
    pieces = [piece for delta, cuts in said for piece in split(delta, cuts)]

    assert fold(*pieces) == fold(*whole)


@given(st.lists(DELTAS, max_size=12))
def test_nothing_that_was_said_is_lost(deltas: list[TurnEvent]) -> None:
    turn = fold(*deltas)

    assert turn.text == "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
    assert turn.reasoning == "".join(delta.text for delta in deltas if isinstance(delta, ThinkingDelta))
    assert turn.tool_calls == tuple(delta.call for delta in deltas if isinstance(delta, ToolCallReceived))


@given(st.lists(DELTAS, max_size=12))
def test_parts_stand_in_the_order_of_arrival_without_empty_ones(deltas: list[TurnEvent]) -> None:
    parts = fold(*deltas).answer

    assert all(part != Text("") for part in parts)
    assert all(not (isinstance(one, Text) and isinstance(other, Text)) for one, other in pairwise(parts))


def test_a_signature_closes_the_thought_it_belongs_to() -> None:
    turn = fold(
        ThinkingDelta("one ", origin="a"), ThinkingDelta("thought", "seal", "a"), ThinkingDelta("another", origin="a")
    )

    assert turn.answer == (Thinking("one thought", "seal", "a"), Thinking("another", "", "a"))


def test_a_hidden_thought_keeps_its_seal() -> None:
    assert fold(TextDelta("hi"), ThinkingDelta("", "seal", "a")).answer == (Text("hi"), Thinking("", "seal", "a"))


def test_thoughts_of_different_origin_are_kept_apart() -> None:
    assert len(fold(ThinkingDelta("x", origin="a"), ThinkingDelta("y", origin="b")).answer) == 2


def test_a_turn_from_start_to_end() -> None:
    usage = Usage(10, 2)
    ended = replace(FIRST, outcome=Outcome.OK, ttft_ms=40, duration_ms=90, usage=usage, cost_pico=7)

    turn = fold(
        TurnStarted(FRESH),
        RouteChosen(ROUTE),
        AttemptStarted(FIRST),
        FirstToken(40),
        TextDelta("Hi"),
        UsageReported(Usage(10, 1)),
        UsageReported(usage),
        TextDelta("!"),
        Notice("left out 2 turns"),
        AttemptEnded(ended),
        TurnEnded(TurnState.DONE, 1_100, "stop", baseline="lab/large", baseline_cost_pico=30),
    )

    assert (turn.state, turn.text, turn.finish_reason, turn.ended_at_ms) == (TurnState.DONE, "Hi!", "stop", 1_100)
    assert (turn.route, turn.attempts, turn.notices) == (ROUTE, (ended,), ("left out 2 turns",))
    assert (turn.model, turn.usage, turn.cost_pico, turn.saved_pico) == (SMALL, usage, 7, 23)
    assert turn.answer_message.role is Role.ASSISTANT
    assert not turn.state.is_live


def test_the_last_usage_report_stands_and_none_is_added() -> None:
    turn = fold(AttemptStarted(FIRST), UsageReported(Usage(10, 1)), UsageReported(Usage(10, 5)))

    assert turn.usage == Usage(10, 5)


def test_a_usage_report_before_any_attempt_is_nobodys() -> None:
    assert fold(UsageReported(Usage(10, 1))) == FRESH


def test_the_first_token_makes_it_stream_and_dates_its_attempt() -> None:
    turn = fold(
        AttemptStarted(FIRST),
        AttemptEnded(replace(FIRST, outcome=Outcome.FAILED)),
        AttemptStarted(SECOND),
        FirstToken(25),
    )

    assert turn.state is TurnState.STREAMING
    assert [attempt.ttft_ms for attempt in turn.attempts] == [None, 25]


def test_attempts_of_a_fallback_add_up() -> None:
    failed = replace(FIRST, outcome=Outcome.FAILED, usage=Usage(5), cost_pico=1)
    done = replace(SECOND, outcome=Outcome.OK, usage=Usage(5, 5), cost_pico=4)

    turn = fold(AttemptStarted(FIRST), AttemptEnded(failed), AttemptStarted(SECOND), AttemptEnded(done))

    assert (turn.usage, turn.cost_pico, turn.model, turn.attempt) == (Usage(10, 5), 5, LARGE, done)


def test_one_unknown_cost_makes_the_turn_unknown() -> None:
    done = replace(SECOND, outcome=Outcome.OK, usage=Usage(5, 5), cost_pico=None)
    turn = fold(
        AttemptStarted(replace(FIRST, cost_pico=1)),
        AttemptStarted(done),
        TurnEnded(TurnState.DONE, 2, baseline_cost_pico=9),
    )

    assert turn.cost_pico is None
    assert turn.saved_pico is None


def test_savings_are_signed() -> None:
    dear = fold(AttemptStarted(replace(FIRST, cost_pico=10)), TurnEnded(TurnState.DONE, 2, baseline_cost_pico=4))

    assert dear.saved_pico == -6


@pytest.mark.parametrize("state", [TurnState.FAILED, TurnState.INTERRUPTED, TurnState.CANCELLED, TurnState.BLOCKED])
def test_an_ending_keeps_what_was_said(state: TurnState) -> None:
    error = TurnError("StreamBroken", "cut")

    turn = fold(TextDelta("half an ans"), TurnEnded(state, 5, error=error))

    assert (turn.state, turn.text, turn.error) == (state, "half an ans", error)


def test_before_any_attempt_the_chosen_model_answers() -> None:
    assert FRESH.model is None
    assert fold(RouteChosen(ROUTE)).model == SMALL
    assert FRESH.attempt is None
    assert FRESH.cost_pico == 0
