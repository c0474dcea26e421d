"""Three ways to tell the same turn, and what goes where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import ToolCall
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.document import turn_document
from hawkmoth_tui.headless.streams import Stdout
from hawkmoth_tui.headless.voice import DocumentVoice, EventVoice, PlainVoice, Voice, route_line, usage_line
from tests.headless.values import ATTEMPT, ROUTE, turn

if TYPE_CHECKING:
    import pytest

TURN = turn()
EVENTS: tuple[ev.TurnEvent, ...] = (
    ev.TurnStarted(TURN),
    ev.RouteChosen(ROUTE),
    ev.AttemptStarted(ATTEMPT),
    ev.ThinkingDelta("Hm."),
    ev.TextDelta("Hel"),
    ev.TextDelta("lo \x1b]0;PWN\x07."),
    ev.Notice("left out 2 turns"),
    ev.ToolCallReceived(ToolCall("c1", "look", "{}")),
    ev.UsageReported(ATTEMPT.usage or Usage()),
    ev.TurnEnded(TurnState.DONE, 2_000, "stop"),
)


def _told(voice: Voice) -> None:
    for event in EVENTS:
        voice.show(event, TURN)
    voice.finish(TURN)


def test_plain_text_goes_to_stdout_and_all_else_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    _told(PlainVoice(Stdout()))

    out, err = capsys.readouterr()
    assert out == "Hello ␛]0;PWN␇.\n"
    assert err.splitlines() == [
        "→ lab/small-model · cheapest that is good enough · ~$0.0004",
        "· left out 2 turns",
        "· the model asks for the tool look({}); Hawkmoth does not run it",
        "· 12 in (4 cached) · 7 out (2 reasoning) · $0.00012 · 1.0 s · session s1",
    ]


def test_a_notice_in_mid_answer_puts_no_newline_into_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    voice = PlainVoice(Stdout())
    for event in (ev.TextDelta("one "), ev.Notice("retried"), ev.TextDelta("two")):
        voice.show(event, TURN)
    voice.finish(TURN)

    assert capsys.readouterr().out == "one two\n"


def test_on_a_terminal_a_notice_stands_on_its_own_line_and_is_dim(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    voice = PlainVoice(Stdout())

    for event in (ev.TextDelta("one "), ev.Notice("retried \x1b[31m"), ev.TextDelta("two")):
        voice.show(event, TURN)

    out, err = capsys.readouterr()
    assert out == "one \ntwo"
    assert err == "\x1b[2m· retried ␛[31m\x1b[0m\n"


def test_an_answer_that_ends_with_a_newline_gets_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    voice = PlainVoice(Stdout())
    voice.show(ev.TextDelta("done\n"), TURN)
    voice.finish(TURN)

    assert capsys.readouterr().out == "done\n"


def test_the_document_stands_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    _told(DocumentVoice(Stdout()))

    out, err = capsys.readouterr()
    assert json.loads(out) == turn_document(TURN)
    assert err.splitlines() == ["· left out 2 turns"]


def test_events_come_one_per_line_and_end_once(capsys: pytest.CaptureFixture[str]) -> None:
    _told(EventVoice(Stdout()))

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == [
        "turn_started",
        "route_chosen",
        "attempt_started",
        "thinking_delta",
        "text_delta",
        "text_delta",
        "notice",
        "tool_call",
        "usage",
        "turn_ended",
    ]
    assert lines[-1]["turn"] == turn_document(TURN)


def test_a_turn_that_could_not_end_by_itself_still_has_its_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    voice = EventVoice(Stdout())
    cut = turn(state=TurnState.CANCELLED)
    voice.show(ev.TurnStarted(TURN), TURN)

    voice.finish(cut)

    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["event"], last["turn"]["state"]) == ("turn_ended", "cancelled")


def test_an_unknown_price_is_a_question_mark() -> None:
    line = usage_line(turn(attempts=(type(ATTEMPT)("a", ATTEMPT.model, 0, usage=ATTEMPT.usage),)))

    assert " · ? · " in line


def test_estimates_savings_and_a_cut_are_said() -> None:
    estimated = type(ATTEMPT)("a", ATTEMPT.model, 0, usage=Usage(10, 5, estimated=True), cost_pico=2_000_000_000)
    told = turn(attempts=(estimated,), finish_reason="length", baseline="lab/large", baseline_cost_pico=5_000_000_000)

    assert usage_line(told) == (
        "· ~10 in · ~5 out · ~$0.002 · saved $0.003 against lab/large · 1.0 s · cut at the output limit · session s1"
    )


def test_the_route_line_says_what_and_why() -> None:
    assert route_line(ROUTE) == "→ lab/small-model · cheapest that is good enough · ~$0.0004"
