"""Rows are broken where a reader expects it and never wider than they may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.ui.transcript.lines import cells, clean, clip, plain
from hawkmoth_tui.ui.transcript.wrap import cell_rows, word_rows, wrap

TEXTS = st.text(st.sampled_from("ab .,\n你好、。👩‍👩‍👧é́ｆ한국"), max_size=60) | st.text(max_size=40)


def rows(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end, _ in word_rows(text, width)]


def test_words_stay_whole() -> None:
    assert rows("the quick brown fox", 10) == ["the quick", "brown fox"]


def test_a_long_word_begins_its_own_row_and_is_cut_where_the_row_ends() -> None:
    assert rows("see aaaaaaaaaaaaaaaa end", 6) == ["see", "aaaaaa", "aaaaaa", "aaaa", "end"]


def test_newlines_and_empty_lines_stay() -> None:
    assert rows("one\n\ntwo", 10) == ["one", "", "two"]


def test_wide_characters_count_two_cells_and_break_anywhere() -> None:
    assert rows("你好世界你好", 8) == ["你好世界", "你好"]


def test_closing_marks_do_not_begin_a_row() -> None:
    assert rows("你好世界。你好", 8) == ["你好世", "界。你好"]


def test_joints_tell_what_stood_between_the_rows() -> None:
    assert [joint for *_, joint in word_rows("one two\nthree aaaaaaaaa", 5)] == ["\n", " ", "\n", " ", ""]


def test_spans_keep_their_styles_over_a_break() -> None:
    wrapped = wrap([("plain ", ""), ("strong words", "strong")], 12)

    assert wrapped == [([("plain ", ""), ("strong", "strong")], "\n"), ([("words", "strong")], " ")]


def test_code_keeps_every_space() -> None:
    text = "    deep  indent"

    assert [text[start:end] for start, end, _ in cell_rows(text, 8)] == ["    deep", "  indent"]


def test_a_grapheme_is_never_cut() -> None:
    family = "👩‍👩‍👧"

    assert rows(family * 3, 4) == [family * 2, family]


def test_clip_says_that_something_is_missing() -> None:
    assert clip("abcdef", 4) == "abc…"
    assert clip("你好你好", 4) == "你…"
    assert clip("abc", 3) == "abc"
    assert clip("abc", 0) == ""


def test_a_joiner_between_letters_is_taken_out_and_one_between_emoji_stays() -> None:
    assert clean("a\u200db") == "ab"
    assert clean("👩\u200d👧") == "👩\u200d👧"


@given(TEXTS, st.integers(1, 20))
def test_no_row_is_wider_than_allowed_and_nothing_but_spaces_gets_lost(text: str, width: int) -> None:
    text = clean(text)
    wrapped = wrap([(text, "")], width)

    for spans, _ in wrapped:
        row = plain(spans)
        assert cells(row) <= max(width, 2) or len(row) <= 3
    kept = "".join(plain(spans) for spans, _ in wrapped)
    assert [ch for ch in kept if not ch.isspace()] == [ch for ch in text if not ch.isspace()]


@given(TEXTS, st.integers(1, 20))
def test_joints_put_the_text_together_again(text: str, width: int) -> None:
    text = " ".join(clean(text).split())
    wrapped = wrap([(text, "")], width)

    assert "".join((joint if row else "") + plain(spans) for row, (spans, joint) in enumerate(wrapped)) == text
