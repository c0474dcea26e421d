"""One turn in words: prompt, header, parts, endings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import Image, Text, Thinking, ToolCall, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState, Wait, advance
from hawkmoth_tui.engine.attachments import fenced
from hawkmoth_tui.ui.transcript.asked import PROMPT_LIMIT
from hawkmoth_tui.ui.transcript.folds import Folds
from hawkmoth_tui.ui.transcript.transcript import Transcript
from hawkmoth_tui.ui.transcript.turnview import THINKING_ROWS, TurnView
from hawkmoth_tui.ui.transcript.words import KeyNames, offers
from tests.ui.transcript.turns import ATTEMPT, MODEL, done, live

BROKEN = TurnError("StreamBroken", "the stream ended early", "the text is kept", "lab")


def view(turn: Turn, width: int = 60) -> TurnView:
    return TurnView(turn, width, lambda: 0.0)


def shown(turn: Turn, width: int = 60) -> list[str]:
    return [row.text.rstrip() for row in view(turn, width).rows]


def test_a_turn_is_prompt_header_answer() -> None:
    assert shown(done(0, "The *answer*.", "Two\nlines")) == [
        "▌ Two",
        "▌ lines",
        "",
        "lab/small-model · $0.0004 · cheapest good enough for coding",
        "The answer.",
        "",
    ]


def test_the_prompt_is_not_markdown() -> None:
    assert shown(done(0, "x", "# not *a* heading"))[0] == "▌ # not *a* heading"


def test_images_of_the_prompt_are_named() -> None:
    turn = replace(done(0, "x"), prompt=user("look", Image("image/png", b"png", "moth.png"), Image("image/png", b"")))

    assert shown(turn)[:3] == ["▌ look", "▌ • moth.png · picture · 3 B", "▌ • picture · picture · 0 B"]


def test_texts_beside_the_prompt_are_one_row_each_until_they_are_unfolded() -> None:
    notes, paste = Text(fenced("notes.txt", "line one\nline two\n")), Text(fenced("pasted text 1", "x" * 25_000))
    asked = view(replace(done(0, "x"), prompt=user("what is this?", notes, paste)))
    folded = ["▌ what is this?", "▌ ▸ notes.txt · text · 18 B", "▌ ▸ pasted text 1 · 25 kB", ""]

    assert [row.text for row in asked.rows[:4]] == folded
    asked.fold(Folds().toggled(0, 0))
    assert [row.text for row in asked.rows[1:5]] == [
        "▌ ▾ notes.txt · text · 18 B",
        "▌ line one",
        "▌ line two",
        "▌ ▸ pasted text 1 · 25 kB",
    ]
    asked.fold(Folds())
    assert [row.text for row in asked.rows[:4]] == folded


def test_an_edited_prompt_with_files_says_so_below_them() -> None:
    turn = replace(done(0, "x", kind=TurnKind.EDIT), prompt=user("look", Text(fenced("a.md", "words"))))

    assert shown(turn)[:3] == ["▌ look", "▌ ▸ a.md · text · 6 B", "▌ edited"]


def test_a_huge_prompt_is_cut_and_counted() -> None:
    rows = shown(done(0, "x", "a" * 10_000_000))

    assert len(rows) < PROMPT_LIMIT / 50
    assert f"▌ … {10_000_000 - PROMPT_LIMIT:,} more characters" in rows


def test_an_unknown_price_and_an_estimate_say_so() -> None:
    unknown = replace(ATTEMPT, cost_pico=None)
    assert ATTEMPT.usage is not None
    estimated = replace(ATTEMPT, usage=replace(ATTEMPT.usage, estimated=True))

    assert "price ?" in shown(done(0, "x", attempts=(unknown,)))[2]
    assert "~$0.0004" in shown(done(0, "x", attempts=(estimated,)))[2]


def test_a_narrow_header_is_cut_with_an_ellipsis() -> None:
    assert shown(done(0, "x"), 30)[2] == "lab/small-model · $0.0004 · c…"


def test_an_attempt_that_fell_back_and_notices_have_a_row_each() -> None:
    failed = Attempt("a", ModelRef("far", "big"), 0, Outcome.FAILED, TurnError("Overloaded", "busy"), retries=1)

    rows = shown(done(0, "x", attempts=(failed, ATTEMPT), notices=("2 turns were left out",)))

    assert rows[3:7] == ["↷ far/big failed 2 times: busy", "· 2 turns were left out", "", "x"]


def test_reasoning_folds_to_a_row_once_the_answer_begins() -> None:
    answer = (Thinking("hm " * 100), Text("Yes."))

    assert shown(done(0, answer))[3:6] == ["▸ thought · 300 characters", "", "Yes."]


@pytest.mark.parametrize(("took_ms", "told"), [(0, ""), (1, " under 1 s"), (1_400, " 1 s"), (93_000, " 93 s")])
def test_reasoning_that_was_stored_has_its_time(took_ms: int, told: str) -> None:
    answer = (Thinking("hm " * 100, took_ms=took_ms), Text("Yes."))

    assert shown(done(0, answer))[3] == f"▸ thought{told} · 300 characters"


def test_hidden_reasoning_says_so() -> None:
    assert "thought · not shown by the provider" in shown(done(0, (Thinking("", "seal"), Text("Yes."))))


def test_reasoning_shows_its_last_rows_while_it_goes_on_and_then_its_time() -> None:
    turn = live()
    made = TurnView(turn, 30, lambda: 0.0)
    for number in range(40):
        turn = advance(turn, ev.ThinkingDelta(f"line {number}\n", took_ms=100))
    made.update(turn)
    during = [row.text for row in made.rows]
    made.update(advance(turn, ev.TextDelta("Yes.")))

    assert during[3] == "reasoning 4 s · 310 characters"
    assert during[4:-1] == [f"┊ line {number}" for number in range(40 - THINKING_ROWS, 40)]
    assert [row.text for row in made.rows][3] == "▸ thought 4 s · 310 characters"


def test_the_end_of_long_reasoning_does_not_dance() -> None:
    turn = advance(live(), ev.ThinkingDelta("words and more words " * 400))
    made = view(turn)
    before = made.rows[4:-2]

    made.update(advance(turn, ev.ThinkingDelta("x")))

    assert made.rows[4:-2] == before


def test_tool_calls_stand_on_a_row() -> None:
    answer = (Text("Let me look."), ToolCall("1", "read", '{"path": "a\\nb"}'))

    assert shown(done(0, answer))[3:5] == ["Let me look.", '→ read({"path": "a\\nb"})']


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (TurnState.WAITING, "waiting"),
        (TurnState.FAILED, "failed"),
        (TurnState.INTERRUPTED, "interrupted"),
        (TurnState.CANCELLED, "stopped"),
        (TurnState.BLOCKED, "blocked"),
    ],
)
def test_every_state_has_a_word(state: TurnState, words: str) -> None:
    error = None if state.is_live or state is TurnState.CANCELLED else BROKEN

    assert words in shown(done(0, "x", state=state, error=error))[2]


def test_a_live_header_says_what_happens() -> None:
    turn = live()
    route = turn.route
    assert "waiting" in shown(turn)[2]
    assert "routing" in shown(replace(turn, route=None, attempts=()))[2]
    turn = advance(turn, ev.FirstToken(3))
    assert "thinking" in shown(advance(turn, ev.ThinkingDelta("hm")))[2]
    assert "answering" in shown(advance(turn, ev.TextDelta("x")))[2]
    assert route is not None


def test_an_error_is_a_block_with_its_hint_and_the_keys_that_help() -> None:
    rows = shown(done(0, "Half", state=TurnState.INTERRUPTED, error=BROKEN))

    assert rows[-5:] == [
        "",
        "▌ interrupted: the stream ended early",
        "▌ the text is kept",
        "▌ Ctrl+X r retry · Ctrl+X c continue",
        "",
    ]


def test_nothing_to_continue_offers_no_continuing() -> None:
    rows = shown(done(0, (), state=TurnState.FAILED, error=TurnError("Overloaded", "busy", status=503)))

    assert rows[-3:] == ["▌ failed: busy (503)", "▌ Ctrl+X r retry", ""]


@pytest.mark.parametrize(
    ("state", "finish_reason", "words"),
    [
        (TurnState.CANCELLED, None, "stopped · Ctrl+X r retry · Ctrl+X c continue"),
        (TurnState.DONE, "length", "cut at the output limit · Ctrl+X c continue"),
        (TurnState.DONE, "content_filter", "cut by the provider's filter · Ctrl+X r retry"),
    ],
)
def test_an_answer_that_is_not_whole_says_why(state: TurnState, finish_reason: str | None, words: str) -> None:
    assert shown(done(0, "Half", state=state, finish_reason=finish_reason))[-2] == words


@pytest.mark.parametrize(
    ("kind", "row"),
    [(TurnKind.RETRY, "▌ asked again"), (TurnKind.EDIT, "▌ edited"), (TurnKind.CONTINUE, "↳ continued")],
)
def test_the_kind_of_a_turn_shows(kind: TurnKind, row: str) -> None:
    assert row in shown(done(0, "x", kind=kind))[:2]


def test_a_continued_turn_does_not_show_our_own_prompt() -> None:
    assert not any("prompt" in row for row in shown(done(0, "x", kind=TurnKind.CONTINUE)))


def test_no_control_character_reaches_a_row() -> None:
    evil = "\x1b]52;c;x\x07\u202e"
    error = TurnError("Refused", evil, evil)
    turn = done(0, (Thinking(evil), Text(evil), ToolCall("1", evil, evil)), evil, error=error, state=TurnState.FAILED)
    turn = replace(turn, notices=(evil,), attempts=(replace(ATTEMPT, model=ModelRef(evil, evil)),))

    assert not any(ord(ch) < 32 or ch == "\u202e" for row in shown(turn) for ch in row)


def test_every_style_has_a_component_class() -> None:
    turns = [
        done(0, (Thinking("x"), Text("y"), ToolCall("1", "t", "{}")), notices=("n",)),
        done(1, "x", state=TurnState.INTERRUPTED, error=BROKEN),
        done(2, "x", state=TurnState.CANCELLED),
        advance(live(), ev.ThinkingDelta("x")),
    ]
    words = {word for turn in turns for row in view(turn).rows for _, style in row.spans for word in style.split()}

    assert {f"transcript--{word}" for word in words} <= Transcript.COMPONENT_CLASSES


def test_rows_that_did_not_change_stay_the_same_objects() -> None:
    turn = advance(live(), ev.TextDelta("First paragraph.\n\nSecond one"))
    made = view(turn)
    before = made.rows

    made.update(advance(turn, ev.TextDelta(" goes on")))

    assert [old is new for old, new in zip(before, made.rows, strict=True)] == [True] * 5 + [False, True]


def test_a_place_outlives_rows_that_come_above_it() -> None:
    turn = advance(live(), ev.TextDelta("one\n\ntwo\n\nthree"))
    made = view(turn)
    row = next(number for number, line in enumerate(made.rows) if line.text == "two")
    place = made.place(row)

    made.update(advance(turn, ev.Notice("something was left out")))

    assert made.rows[made.row_at(place, is_same_width=True)].text == "two"


def test_a_place_outlives_another_width() -> None:
    made = view(done(0, "word " * 60 + "\n\ntwo\n\nthree"))
    row = next(number for number, line in enumerate(made.rows) if line.text == "two")
    place = made.place(row)

    made.resize(20)

    assert made.rows[made.row_at(place, is_same_width=False)].text == "two"


def test_a_block_gives_its_source() -> None:
    made = view(done(0, "text\n\n```python\nx = 1\n```\n"))
    row = next(number for number, line in enumerate(made.rows) if "x = 1" in line.text)

    assert made.block_source(row) == "x = 1"
    assert made.block_source(0) == ""


def test_the_model_of_a_route_shows_before_an_attempt() -> None:
    assert str(MODEL) in shown(replace(live(), attempts=()))[2]


WAIT = Wait("rate limited", 11.2, ModelRef("lab", "large"))


@pytest.mark.parametrize(
    ("wait", "row"),
    [
        (WAIT, "◌ rate limited, 12 s  [w]ait  [s]witch to lab/large  [Esc] stop"),
        (replace(WAIT, then=None), "◌ rate limited, 12 s  [w]ait  [Esc] stop"),
        (replace(WAIT, is_kept=True), "◌ rate limited, 12 s  Ctrl+X g switches to lab/large · Esc stops"),
        (replace(WAIT, until_s=-3.0, then=None, is_kept=True), "◌ rate limited, 1 s  Esc stops"),
    ],
)
def test_a_wait_is_counted_down_with_the_keys_that_end_it(wait: Wait, row: str) -> None:
    turn = advance(live(), ev.Waiting(wait))

    assert row in shown(turn, 90)
    assert not any("rate limited" in other for other in shown(advance(turn, ev.Waiting(None)), 90))


def test_the_keys_of_a_wait_are_those_in_force() -> None:
    names = KeyNames.of({"wait.switch": "x", "wait.keep": "", "turn.switch": "z", "turn.stop": "f12"})

    assert offers(WAIT, names, is_writing=False) == "[x] switch to lab/large  [F12] stop"
    assert offers(WAIT, names, is_writing=True) == "Ctrl+X z switches to lab/large · F12 stops"
