"""What comes from outside cannot speak to the terminal, however it is cut into pieces."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.charmap import MAX_COMBINING, hostile, is_mark, is_unmapped, one_line, visible

ANY = st.text(st.characters(), max_size=60)
HARSH = st.text(
    st.sampled_from("\x00\x07\x1b[]\x9b\u202e\u2066\u200b\u0301\ue000a \n\t\r\U000e0041\ud800"), max_size=40
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text\twith a tab\nand a line", "plain text\twith a tab\nand a line"),
        ("\x1b]0;pwned\x07", "␛]0;pwned␇"),
        ("a\rb", "a␍b"),
        ("\x7f", "␡"),
        ("\x9b31m", "�31m"),
        ("user\u202egnp.exe", "user⁇gnp.exe"),
        ("\u2066x\u2069", "⁇x⁇"),
        ("ze\u200bro\ufeff", "zero"),
        ("soft\xadhyphen", "softhyphen"),
        ("\U000e0041\U000e0042tagged", "tagged"),
        ("one\u2028two\u2029", "one\ntwo\n"),
        ("lone \ud800 half", "lone � half"),
        ("家 👩\u200d🚀 é", "家 👩\u200d🚀 é"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * MAX_COMBINING),
    ],
)
def test_a_character_is_shown_as(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.one_of(ANY, HARSH))
def test_nothing_hostile_is_left(text: str) -> None:
    shown = visible(text)

    assert hostile().search(shown) is None
    assert all(unicodedata.category(ch) not in ("Cc", "Cs") or ch in "\n\t" for ch in shown)
    shown.encode("utf-8")


@given(st.one_of(ANY, HARSH))
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(HARSH.filter(lambda text: "\u0301" not in text), st.integers(0, 40))
def test_a_cut_anywhere_changes_nothing(text: str, place: int) -> None:
    assert visible(text[:place]) + visible(text[place:]) == visible(text)


@given(st.text("abcXYZ 0123.,-/\n\t", max_size=60))
def test_harmless_ascii_is_returned_as_it_is(text: str) -> None:
    assert visible(text) is text


@given(st.one_of(ANY, HARSH), st.integers(1, 80))
def test_one_line_is_one_line_of_bounded_length(text: str, limit: int) -> None:
    line = one_line(text, limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


def test_a_long_line_ends_in_an_ellipsis() -> None:
    assert one_line("  many\n\n words   here ", 10) == "many word…"
    assert one_line("short\tline") == "short line"


def test_marks_take_no_cell() -> None:
    assert is_mark("\u0301")
    assert not is_mark("e")


def test_a_character_is_left_alone_exactly_when_the_map_does_not_know_it() -> None:
    everything = [chr(code) for code in range(sys.maxunicode + 1)]
    assert [one for one in everything if is_unmapped(one) == bool(hostile().match(one))] == []
