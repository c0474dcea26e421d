"""Which rows are on the screen, what moves them, and what is painted again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.turn import TurnKind, advance
from hawkmoth_tui.ui.transcript.pile import KEPT_VIEWS
from hawkmoth_tui.ui.transcript.sheet import HERE, Sheet
from hawkmoth_tui.ui.transcript.viewport import Place
from tests.ui.transcript.turns import done, live, streamed

if TYPE_CHECKING:
    from hawkmoth_tui.core.turn import Turn

WIDTH, HEIGHT = 40, 10


def sheet(*turns: Turn) -> Sheet:
    made = Sheet(lambda: 0.0)
    made.load(turns)
    made.arrange(WIDTH, HEIGHT)
    return made


def texts(made: Sheet) -> list[str]:
    return [line.text for _, line in made.shown]


def many(count: int) -> list[Turn]:
    return [done(number, f"answer {number}") for number in range(count)]


def test_few_rows_stand_at_the_top() -> None:
    made = sheet(done(0, "x"))

    assert made.shown[0][0] == Place(0, 0)
    assert len(made.shown) == 5
    assert made.viewport.is_following


def test_many_rows_show_their_end() -> None:
    assert texts(sheet(*many(50)))[-2:] == ["answer 49", ""]


def test_nothing_is_shown_for_no_turns() -> None:
    assert sheet().shown == []


def test_new_rows_are_followed_at_the_end() -> None:
    made = sheet(*many(5), live(5))
    for _, turn in streamed(live(5), ["one\n\n", "two\n\n", "three"]):
        made.put(turn)
        made.arrange(WIDTH, HEIGHT)

    assert texts(made)[-2] == "three"
    assert not made.has_new_below


def test_a_growing_answer_moves_up_in_strides_and_never_out_of_sight() -> None:
    made = sheet(*many(5), live(5))
    made.viewport.stride = 3
    tops = []
    for number, (_, turn) in enumerate(streamed(live(5), [f"{number}\n\n" for number in range(20)])):
        made.put(turn)
        made.arrange(WIDTH, HEIGHT)
        tops.append(made.viewport.top)
        assert any(text.strip() == str(number) for text in texts(made))
        assert len(made.shown) >= HEIGHT - 2

    assert len(set(tops)) < len(tops)
    assert tops == sorted(tops)


def test_what_fits_the_screen_stands_at_its_top_whatever_the_stride() -> None:
    made = Sheet(lambda: 0.0)
    made.viewport.stride = 3
    made.load([done(0, "\n\n".join("word" for _ in range(12)))])
    made.arrange(WIDTH, 9)
    made.arrange(WIDTH, 60)

    assert made.viewport.top == Place(0, 0)


def test_going_to_the_end_leaves_no_room_below() -> None:
    made = sheet(*many(5), live(5))
    made.viewport.stride = 3
    for _, turn in streamed(live(5), [f"{number}\n\n" for number in range(6)]):
        made.put(turn)
        made.arrange(WIDTH, HEIGHT)

    made.viewport.to_end()
    made.arrange(WIDTH, HEIGHT)

    assert len(made.shown) == HEIGHT


def test_what_the_user_reads_does_not_move_when_more_arrives() -> None:
    made = sheet(*many(5), live(5))
    made.viewport.scroll(-4)
    made.arrange(WIDTH, HEIGHT)
    before = texts(made)

    for _, turn in streamed(live(5), ["one\n\n", "two\n\n" * 20]):
        made.put(turn)
        changed = made.arrange(WIDTH, HEIGHT)

    assert texts(made)[: HEIGHT - 4] == before[: HEIGHT - 4]
    assert set(changed) <= set(range(HEIGHT))
    assert made.has_new_below
    assert made.badge_row == HEIGHT - 1


def test_a_row_inside_the_growing_turn_does_not_move_either() -> None:
    turn = advance(live(), ev.TextDelta("\n\n".join(f"paragraph {number}" for number in range(30))))
    made = sheet(turn)
    made.viewport.scroll(-20)
    made.arrange(WIDTH, HEIGHT)
    before = texts(made)

    made.put(advance(advance(turn, ev.Notice("left out")), ev.TextDelta(" and more")))
    made.arrange(WIDTH, HEIGHT)

    assert texts(made) == before


def test_only_rows_that_look_different_are_painted_again() -> None:
    turn = advance(live(), ev.TextDelta("First.\n\nSecond"))
    made = sheet(turn)

    made.put(advance(turn, ev.TextDelta(" goes on")))

    assert made.arrange(WIDTH, HEIGHT) == [5]
    assert made.arrange(WIDTH, HEIGHT) == []


def test_scrolling_to_the_end_follows_again() -> None:
    made = sheet(*many(20))
    made.viewport.scroll(-30)
    made.put(advance(live(20), ev.TextDelta("more")))
    made.arrange(WIDTH, HEIGHT)
    before = made.viewport.is_following, made.has_new_below, made.badge_row

    made.viewport.scroll(1000)
    made.arrange(WIDTH, HEIGHT)

    assert before == (False, True, HEIGHT - 1)
    assert (made.viewport.is_following, made.has_new_below, made.badge_row) == (True, False, -1)


def test_a_shorter_session_takes_the_place_of_a_longer_one() -> None:
    made = sheet(*many(50))
    assert texts(made)[-2] == "answer 49"

    made.load(many(2))
    made.arrange(WIDTH, HEIGHT)
    assert texts(made)[-2:] == ["answer 1", ""]

    made.load(())
    made.arrange(WIDTH, HEIGHT)
    assert texts(made) == []


def test_scrolling_stops_at_both_ends() -> None:
    made = sheet(*many(20))

    assert made.viewport.scroll(-100_000)
    assert made.viewport.top == Place(0, 0)
    assert not made.viewport.scroll(-1)
    assert made.viewport.scroll(100_000)
    assert not made.viewport.scroll(1)


def test_a_screen_with_room_cannot_scroll() -> None:
    made = sheet(done(0, "x"))

    assert not made.viewport.scroll(-3)
    assert not made.viewport.scroll(3)
    assert made.viewport.is_following or made.viewport.top == Place(0, 0)


def test_a_page_up_and_down_returns_to_the_same_rows() -> None:
    made = sheet(*many(40))
    made.viewport.scroll(-50)
    made.arrange(WIDTH, HEIGHT)
    before = texts(made)

    made.viewport.scroll(-8)
    made.viewport.scroll(8)
    made.arrange(WIDTH, HEIGHT)

    assert texts(made) == before


def test_only_turns_in_sight_are_laid_out() -> None:
    made = sheet(*many(2000))

    assert sum(made.pile.peek(index) is not None for index in range(2000)) < 6


def test_far_views_are_let_go() -> None:
    made = sheet(*many(500))
    for _ in range(200):
        made.viewport.scroll(-HEIGHT)
        made.arrange(WIDTH, HEIGHT)

    assert sum(made.pile.peek(index) is not None for index in range(500)) <= KEPT_VIEWS


def test_the_position_shows_only_while_it_does_not_follow() -> None:
    made = sheet(*many(40))
    assert made.marks == []

    made.viewport.to(Place(0, 0))
    made.arrange(WIDTH, HEIGHT)

    assert made.mark(0) == HERE
    assert made.mark(HEIGHT - 1) == " "


def test_a_retry_takes_the_place_of_what_followed_its_parent() -> None:
    made = sheet(*many(3))
    retry = replace(done(99, "another answer", kind=TurnKind.RETRY), parent_id="turn-1")

    made.put(retry)
    made.arrange(WIDTH, 100)

    assert [turn.id for turn in made.pile.turns] == ["turn-0", "turn-1", "turn-99"]
    assert "answer 2" not in texts(made)


def test_another_width_keeps_the_block_at_the_top() -> None:
    made = sheet(*(done(number, "word " * 80 + f"\n\nmark {number}") for number in range(9)))
    made.viewport.to(next(Place(4, row) for row, line in enumerate(made.pile.view(4).rows) if line.text == "mark 4"))
    made.arrange(WIDTH, HEIGHT)

    changed = made.arrange(23, HEIGHT)

    assert texts(made)[0] == "mark 4"
    assert changed == list(range(HEIGHT))
    assert not made.viewport.is_following


def test_another_height_keeps_following() -> None:
    made = sheet(*many(20))

    made.arrange(WIDTH, 4)

    assert made.viewport.is_following
    assert texts(made)[-2:] == ["answer 19", ""]


def test_a_block_and_a_turn_are_found_around_a_row() -> None:
    made = sheet(done(0, "one\ntwo\n\nthree"))

    assert made.around(4, is_block=True) == (Place(0, 3), Place(0, 4))
    assert made.around(4, is_block=False) == (Place(0, 0), Place(0, 7))
    assert made.around(9, is_block=True) is None


@given(st.lists(st.sampled_from(["up", "down", "far up", "end", "text", "narrow", "wide", "low", "new"]), max_size=30))
def test_the_screen_is_always_full_and_in_order(steps: list[str]) -> None:
    turn = live(6)
    made = sheet(*(done(number, f"answer {number}\n\n" + "word " * number * 5) for number in range(6)), turn)
    width, height = WIDTH, HEIGHT
    count = 6
    for step in steps:
        match step:
            case "up" | "down" | "far up":
                made.viewport.scroll({"up": -3, "down": 2, "far up": -40}[step])
            case "end":
                made.viewport.to_end()
            case "text":
                turn = advance(turn, ev.TextDelta("more words\n\n"))
                made.put(turn)
            case "new":
                count += 1
                turn = live(count)
                made.put(turn)
            case _:
                width = {"narrow": 20, "wide": 70}.get(step, width)
                height = 5 if step == "low" else HEIGHT
        made.arrange(width, height)

        places = [place for place, _ in made.shown]
        everything = [Place(index, row) for index in range(count + 1) for row in range(made.pile.view(index).height)]
        assert len(places) == min(height, len(everything))
        start = everything.index(places[0])
        assert places == everything[start : start + len(places)]
        assert not made.viewport.is_following or places[-1] == everything[-1]
