"""The documents are the contract: names, nulls, exact decimals, and texts that arrive as they were sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import ToolCall
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.tree import Standing
from hawkmoth_tui.core.turn import Outcome, TurnState, advance
from hawkmoth_tui.engine.document import dumps, event_document, session_document, turn_document
from tests.headless.values import ATTEMPT, LARGE, ROUTE, SMALL, USAGE, error, turn


def test_a_turn_prints_every_field_of_the_contract() -> None:
    document = turn_document(turn())

    assert document == {
        "session": "s1",
        "turn": "t1",
        "text": "Hello.",
        "reasoning": "Hm.",
        "model": "lab/small-model",
        "state": "done",
        "finish_reason": "stop",
        "tool_calls": [{"id": "c1", "name": "look", "arguments": '{"at": 1}'}],
        "usage": {
            "input_tokens": 12,
            "output_tokens": 7,
            "cached_input_tokens": 4,
            "cache_write_tokens": 1,
            "reasoning_tokens": 2,
            "estimated": False,
        },
        "cost_usd": "0.000123",
        "savings": None,
        "escalations": [],
        "asked": None,
        "attempts": [
            {
                "model": "lab/small-model",
                "outcome": "ok",
                "error": None,
                "retries": 0,
                "ttft_ms": 120,
                "duration_ms": 900,
                "cost_usd": "0.000123",
            }
        ],
        "route": {
            "chosen": "lab/small-model",
            "policy": "balanced",
            "policy_sha256": "ab" * 32,
            "task": "coding",
            "task_weight": 0.71,
            "looks_like": "code reasoning",
            "difficulty": 0.42,
            "confidence": 0.9,
            "reason": "cheapest that is good enough",
            "note": "",
            "elapsed_ms": 0.8,
            "candidates": [
                {
                    "model": "lab/small-model",
                    "score": 0.3,
                    "expected_quality": 0.8,
                    "expected_cost_usd": "0.0004",
                    "cached_tokens": 700,
                    "record": {"win": 0.8, "graded": 41, "own": 12, "spread": 0.05},
                    "votes": [{"rule": "cost", "score": 0.2, "reason": "expected $0.0004"}],
                    "veto": None,
                },
                {
                    "model": "lab/family/large-model",
                    "score": -0.1,
                    "expected_quality": None,
                    "expected_cost_usd": None,
                    "cached_tokens": 0,
                    "record": None,
                    "votes": [],
                    "veto": {"rule": "window", "reason": "100 tokens do not fit 50"},
                },
            ],
        },
        "error": None,
    }


def test_an_unknown_price_is_null_and_never_zero() -> None:
    unknown = turn(attempts=(ATTEMPT, type(ATTEMPT)("a2", LARGE, 1_000, Outcome.OK, cost_pico=None)))

    assert turn_document(unknown)["cost_usd"] is None


def test_an_error_carries_its_five_fields() -> None:
    document = turn_document(turn(state=TurnState.FAILED, error=error(), finish_reason=None))

    assert document["error"] == {
        "type": "RateLimited",
        "status": 429,
        "message": "slow down",
        "hint": "wait a minute",
        "provider": "lab",
    }
    assert document["finish_reason"] is None


def test_a_turn_without_a_route_prints_null() -> None:
    document = turn_document(turn(route=None, attempts=()))

    assert (document["route"], document["model"], document["cost_usd"]) == (None, None, "0")


def test_text_stays_utf8_and_only_controls_are_escaped() -> None:
    text = "naïve ☕ 日本語 \x1b]52;c;x\x07 \x7f \x9b2J \u202egnp\u2066 \u2028 \U000e0041\U000e007f end"

    shown = dumps({"text": text})

    assert "naïve ☕ 日本語" in shown
    assert r"\u001b]52;c;x\u0007 \u007f \u009b2J \u202egnp\u2066 \u2028 \udb40\udc41\udb40\udc7f end" in shown
    assert json.loads(shown) == {"text": text}


def test_halves_of_a_pair_are_joined_and_lone_ones_replaced() -> None:
    shown = dumps({"text": "\ud83d\ude00 \ud83d alone \ude00"})

    assert json.loads(shown) == {"text": "😀 \ufffd alone \ufffd"}
    shown.encode("utf-8")


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    shown = dumps([text])

    assert json.loads(shown) == [text]
    assert len(shown.splitlines()) == 1
    assert not [c for c in shown if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0xE0000 <= ord(c) < 0xE0080]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (ev.TurnStarted(turn()), {"event": "turn_started", "session": "s1", "turn": "t1"}),
        (ev.AttemptStarted(ATTEMPT), {"event": "attempt_started", "model": str(SMALL)}),
        (ev.TextDelta("Hel"), {"event": "text_delta", "text": "Hel"}),
        (ev.ThinkingDelta("Hm"), {"event": "thinking_delta", "text": "Hm"}),
        (
            ev.ToolCallReceived(ToolCall("c1", "look", "{}")),
            {"event": "tool_call", "id": "c1", "name": "look", "arguments": "{}"},
        ),
        (ev.Notice("left out 3 turns"), {"event": "notice", "message": "left out 3 turns"}),
        (ev.FirstToken(12), None),
        (ev.AttemptEnded(ATTEMPT), None),
    ],
)
def test_each_event_has_its_line(event: ev.TurnEvent, expected: dict[str, object] | None) -> None:
    assert event_document(event, turn()) == expected


def test_the_route_and_usage_events_carry_their_objects() -> None:
    routed = event_document(ev.RouteChosen(ROUTE), turn())
    counted = event_document(ev.UsageReported(USAGE), turn())

    assert routed is not None
    assert counted is not None
    assert routed["route"] == turn_document(turn())["route"]
    assert counted == {"event": "usage", **turn_document(turn())["usage"]}  # type: ignore[dict-item]


def test_a_saving_is_told_with_its_terms_and_its_sign() -> None:
    dearer = turn(baseline="lab/large", baseline_cost_pico=100_000_000)

    assert turn_document(dearer)["savings"] == {
        "baseline": "lab/large",
        "baseline_usd": "0.0001",
        "saved_usd": "-0.000023",
    }


def test_the_last_event_carries_the_document() -> None:
    ended = ev.TurnEnded(TurnState.DONE, 2_000, "stop")
    finished = advance(turn(), ended)

    assert event_document(ended, finished) == {"event": "turn_ended", "turn": turn_document(finished)}


def test_a_turn_of_a_session_says_which_version_it_is() -> None:
    session = Session("s1", "moths", 0, 0, tags=("work",), is_archived=True)
    whole = (turn(id="a"), turn(id="b"), turn(id="c", parent_id="b"))

    document = session_document(session, whole)
    branch = session_document(session, whole[1:], {"b": Standing(2, 2)})

    def told(turns: object) -> list[tuple[object, object]]:
        assert isinstance(turns, list)
        return [(one["version"], one["versions"]) for one in turns]

    assert told(document["turns"]) == [(1, 2), (2, 2), (1, 1)]
    assert told(branch["turns"]) == [(2, 2), (1, 1)]
    assert (document["tags"], document["archived"], document["on_top"]) == (["work"], True, False)
