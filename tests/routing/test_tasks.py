"""The task is told by whole words and by shape, never by a part of a word (defect H25 of the original)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.routing import cues
from hawkmoth_tui.routing.tasks import Task, guess

CODE = "Why does this fail?\n```python\nfoo()\n```"
TRACE = "Traceback (most recent call last):\n  File 'a.py', line 3"


@pytest.mark.parametrize(
    ("task", "prompt"),
    [
        (Task.CODING, "Write a python function that reverses a linked list"),
        (Task.CODING, "my program crashes with a segfault"),
        (Task.CODING, "Refactor the API endpoint in FastAPI"),
        (Task.CODING, CODE),
        (Task.CODING, TRACE),
        (Task.CODING, "const total = items.map(f);\nwhy is it undefined"),
        (Task.MATH, "Solve x^2 - 5x + 6 = 0"),
        (Task.MATH, "What is 23 * 47?"),
        (Task.MATH, r"Evaluate $\int_0^1 x^2 dx$"),
        (Task.WRITING, "Write a short email to my landlord about the heating"),
        (Task.WRITING, "write a haiku about rain"),
        (Task.WRITING, "Rewrite this paragraph, more formal"),
        (Task.TRANSLATION, 'Translate "good morning" into Japanese'),
        (Task.TRANSLATION, "Übersetze das bitte ins Englische"),
        (Task.TRANSLATION, "How do you say thanks in French"),
        (Task.SUMMARY, "Summarize the following article about compilers and code"),
        (Task.SUMMARY, "tl;dr please, main points only"),
        (Task.EXTRACTION, "Extract all email addresses and return JSON"),
        (Task.ANALYSIS, "Compare the two offers: pros and cons"),
        (Task.QUESTION, "Why is the sky blue?"),
        (Task.QUESTION, "What is the capital of France?"),
        (Task.QUESTION, "How do I use llama.cpp?"),
        (Task.CHITCHAT, "hi there"),
        (Task.CHITCHAT, "thanks!"),
        (Task.CHITCHAT, "How are you today?"),
    ],
)
def test_the_task_is_told(task: Task, prompt: str) -> None:
    assert guess(prompt).task is task


@pytest.mark.parametrize(
    "prompt",
    [
        "update",
        "know",
        "runtime",
        "capital",
        "I know the capital well",
        "Our capital expenditure update is due",
        "rapid therapist capitals",
        "the apiary lies behind the classical building",
        "Please update me on the runtime of the film",
        "a scripture reading, codeine and functional clothes",
        "asdf",
        "",
        "   \n ",
    ],
)
def test_parts_of_words_say_nothing(prompt: str) -> None:
    assert guess(prompt).task is Task.UNKNOWN


@pytest.mark.parametrize(
    "word", ["update", "runtime", "know", "capital", "capitals", "today", "knowledge", "date", "time"]
)
def test_words_that_misled_the_original_are_no_cues(word: str) -> None:
    assert word not in cues.WORDS


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the capital of Australia?",
        "Do you know a good restaurant?",
        "What was the runtime of the longest film?",
        "When was the last update of the museum's opening hours?",
    ],
)
def test_questions_with_misleading_words_are_questions(prompt: str) -> None:
    assert guess(prompt).task is Task.QUESTION


@given(st.sampled_from(sorted(word for word in cues.WORDS if word.isalpha())), st.sampled_from("bdfhkz"))
def test_a_longer_word_around_a_cue_is_not_the_cue(word: str, letter: str) -> None:
    wrapped = f"{letter}{word}{letter}"

    assert wrapped in cues.WORDS or guess(wrapped).task is Task.UNKNOWN


def test_a_picture_makes_it_a_matter_of_looking() -> None:
    assert guess("What is this?", has_images=True).task is Task.IMAGE
    assert guess("What is this?", has_images=True).signs == ("picture",)


def test_the_signs_name_what_spoke_for_the_task() -> None:
    assert guess("Translate this into German").signs == ("translate", "into german")


def test_more_signs_make_it_more_certain() -> None:
    few, many = guess("debug this"), guess("debug this python function with pytest")

    assert 0 < few.confidence < many.confidence < 1


def test_what_lies_between_head_and_tail_is_not_read() -> None:
    assert guess("x " * 2_000 + "python javascript regex " + "x " * 2_000).task is Task.UNKNOWN
    assert guess("x " * 4_000 + "translate this into German").task is Task.TRANSLATION


@given(st.text(max_size=400))
def test_every_text_has_an_answer(prompt: str) -> None:
    told = guess(prompt)

    assert 0.0 <= told.confidence <= 1.0
    assert (told.confidence == 0.0) == (told.task is Task.UNKNOWN)


def test_every_cue_names_a_known_task() -> None:
    assert {Task(task) for pairs in cues.WORDS.values() for task, _ in pairs} <= set(Task)
