"""Finding words among turns, as they are shown."""

from __future__ import annotations

from hawkmoth_tui.core.messages import Text, Thinking
from hawkmoth_tui.ui.transcript.finding import Finder, Spot, may_hold
from hawkmoth_tui.ui.transcript.pile import Pile
from tests.ui.transcript.turns import done


def finder(words: str, *answers: str, width: int = 40) -> Finder:
    pile = Pile(lambda: 0.0)
    pile.width = width
    pile.load([done(number, answer, "ask") for number, answer in enumerate(answers)])
    return Finder(pile, words, len(answers) - 1)


def found(words: str, *answers: str, width: int = 40) -> int:
    made = finder(words, *answers, width=width)
    made.look(60.0)
    assert not made.is_looking
    return made.count


def test_case_marks_and_line_breaks_are_not_in_the_way() -> None:
    assert found("needle HERE", "a **nee**dle\nhere", "`needle` here", "needles here") == 2
    assert found("one two three", "word " * 8 + "one two three", width=20) == 1
    assert found("snake_case", "snake\\_case and `snake_case`") == 2


def test_signs_mean_themselves() -> None:
    assert found("a.c[", "abc a.c[ ") == 1


def test_empty_words_find_nothing() -> None:
    assert found("  ", "text") == 0


def test_stepping_goes_round_both_ways_without_looking_through_everything_first() -> None:
    made = finder("x", "x", "-", "x x", "-")

    first = made.step((3, 0, 0), -1)
    assert first == Spot(2, 2, 0, 1)
    second = made.step(first, -1)
    assert second == Spot(2, 2, 0, 0)
    assert made.step(second, -1) == Spot(0, 2, 0, 0)
    assert made.step(Spot(0, 2, 0, 0), -1) == first
    assert made.step(first, 1) == Spot(0, 2, 0, 0)


def test_folded_reasoning_is_looked_through() -> None:
    pile = Pile(lambda: 0.0)
    pile.load([done(0, (Thinking("a secret needle"), Text("answer")))])
    made = Finder(pile, "needle", 0)
    made.look(60.0)

    assert made.count == 1


def test_a_turn_without_the_words_is_not_laid_out() -> None:
    assert not may_hold(done(0, "hay"), "needle")
    assert may_hold(done(0, "the nee**dle**"), "needle")
