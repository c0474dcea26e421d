"""Colours never change the text, never fail, and stay affordable on hostile code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.ui.transcript.highlight import PIECE, can_highlight, highlighted

LANGUAGES = ["python", "rust", "bash", "json", "html", "csharp", "java", "sql", "yaml", "diff", "markdown", "terraform"]
CODE = st.lists(st.text("{}()'\"`</*\\#$@!- \tabc1=é你\x80", max_size=20), max_size=12)


def texts(lines: list[str], language: str) -> list[str]:
    return ["".join(text for text, _ in row) for row in highlighted(lines, language)]


@given(CODE, st.sampled_from(LANGUAGES))
def test_the_text_stays_what_it_was(lines: list[str], language: str) -> None:
    assert texts(lines, language) == lines


def test_names_are_known_in_any_case_and_unknown_ones_are_refused() -> None:
    assert can_highlight("Python")
    assert can_highlight("c++")
    assert not can_highlight("")
    assert not can_highlight("brainstorm")


def test_comments_at_the_very_end_have_their_colour() -> None:
    assert ("// why", "code comment") in list(highlighted(["let x; // why"], "rust"))[-1]


def test_long_code_is_cut_before_a_new_statement() -> None:
    body = ["    x = 1"] * 30
    lines = ["def f():", *body, "", 'TEXT = """', *body, '"""', "", *["def g():", *body, ""] * 9]

    rows = list(highlighted(lines, "python"))

    assert [row for row in rows if row and row[0] == ("def", "code keyword")] == [
        row for row, line in zip(rows, lines, strict=True) if line.startswith("def")
    ]
    assert sum(map(len, lines)) > PIECE


def test_a_very_long_line_stays_plain() -> None:
    assert list(highlighted(["return " * 200], "python")) == [[("return " * 200, "code")]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", ["a", " ", "a " * 20, "$x" * 20, "{" * 20])
def test_hostile_code_does_not_stop_the_program(language: str, line: str) -> None:
    lines = [line] * (16_000 // (len(line) + 1))
    next(highlighted(lines, language))
    began = time.process_time()

    rows = sum(1 for _ in highlighted(lines, language))

    assert rows == len(lines)
    assert time.process_time() - began < 3
