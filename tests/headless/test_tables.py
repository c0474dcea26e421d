"""Tables are aligned in terminal cells, fit the width, and are never coloured where nobody sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.headless.tables import Column, Give, Ink, cells, fit, inked, paints, table

COLUMNS = (Column("NAME", gives=Give.FIRST), Column("COST", is_number=True))


def test_numbers_stand_right_and_texts_left() -> None:
    drawn = table(COLUMNS, [("a", "1"), ("long name", "12345")], 80)

    assert drawn == "NAME        COST\na              1\nlong name  12345"


def test_wide_characters_take_two_cells() -> None:
    drawn = table(COLUMNS, [("日本", "1"), ("abcd", "2")], 80)

    assert drawn.splitlines()[1:] == ["日本     1", "abcd     2"]


def test_a_narrow_terminal_shortens_what_can_shrink() -> None:
    drawn = table(COLUMNS, [("a very long name of a model", "0.0001")], 20)

    assert drawn.splitlines()[1] == "a very long…  0.0001"
    assert max(cells(line) for line in drawn.splitlines()) <= 20


def test_cells_are_mapped_and_stay_on_one_line() -> None:
    drawn = table(COLUMNS, [("two\nlines \x1b[31m", "1")], 80)

    assert drawn.splitlines()[1] == "two lines ␛[31m     1"


@given(st.text(max_size=40), st.integers(1, 30))
def test_a_text_is_cut_to_its_cells(text: str, width: int) -> None:
    assert cells(fit(text, width)) <= max(width, 1)


@pytest.mark.parametrize(
    ("env", "is_terminal", "expected"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
        ({"TERM": "xterm"}, False, False),
    ],
)
def test_colour_only_where_a_person_sees_it(
    env: dict[str, str], is_terminal: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal)

    assert paints(env) is expected


def test_ink_stands_around_the_text() -> None:
    assert inked("x", Ink.BAD, is_painted=True) == "\x1b[31mx\x1b[0m"
    assert inked("x", Ink.BAD, is_painted=False) == "x"
