"""Titles made from first prompts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.engine.attachments import PASTED, pasted
from hawkmoth_tui.engine.titles import TITLE_CHARACTERS, title_of, title_of_prompt


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("How do moths navigate at night?", "How do moths navigate at night?"),
        ("Hello! How do moths navigate? I read that they use the moon.", "How do moths navigate?"),
        ("Hi there,\n\nplease explain WAL mode in SQLite.", "Explain WAL mode in SQLite"),
        ("Could you please write a haiku? It should be about rain.", "Write a haiku"),
        ("Compare e.g. zstd with gzip. Which is faster?", "Compare e.g. zstd with gzip"),
        ("Upgrade Textual 8.2.8 to 9.0 in our app. Then run the tests.", "Upgrade Textual 8.2.8 to 9.0 in our app"),
        ("# Plan\n\n- first point", "Plan"),
        ("```py\nprint('x')\n```\nWhy does this print x?", "Why does this print x?"),
        ("```py\nprint('x')\n```", "print('x')"),
        (
            "Write a function that reads a large file line by line, counts the words and prints the ten most common ones",
            "Write a function that reads a large file line by line…",
        ),
        (
            "Summarise the differences between optimistic and pessimistic concurrency control in databases",
            "Summarise the differences between optimistic and…",
        ),
        ("hello", "hello"),
        ("人工知能とは何ですか。詳しく教えてください。", "人工知能とは何ですか。"),
        ("...", "..."),
    ],
)
def test_a_title_is_the_first_sentence_that_says_something(prompt: str, title: str) -> None:
    assert title_of(prompt) == title


@given(st.text())
def test_any_prompt_gives_a_short_line(prompt: str) -> None:
    title = title_of(prompt)

    assert len(title) <= TITLE_CHARACTERS
    assert "\n" not in title
    assert bool(title) or not any(character.isalnum() for character in prompt)


def test_a_session_that_begins_with_a_file_alone_is_called_by_its_name() -> None:
    report, picture = pasted("total: 4\n", "report.csv").part, Image("image/png", b"", "moth.png")

    assert title_of_prompt("", (report,)) == "report.csv"
    assert title_of_prompt(" \n", (picture, report)) == "moth.png and 1 more"
    assert title_of_prompt("What is this?", (picture,)) == "What is this?"


def test_a_session_that_begins_with_a_paste_alone_is_called_by_its_words() -> None:
    part = pasted("Dear all,\n\nthe moths are back. We saw them.\n", f"{PASTED} 1").part

    assert title_of_prompt("", (part,)) == "Dear all"
