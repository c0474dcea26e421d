"""What is read out of a prompt, and what its circumstances add."""

from __future__ import annotations

import pytest

from hawkmoth_tui.core.models import Capability, ModelRef
from hawkmoth_tui.routing.features import BRIEF_TOKENS, USUAL_TOKENS, Circumstances, extract
from hawkmoth_tui.routing.tasks import Task
from hawkmoth_tui.routing.tokens import estimate
from hawkmoth_tui.settings.schema import Preference


def test_a_prompt_alone_is_the_whole_request() -> None:
    asked = extract("Write a haiku about rain")

    assert asked.prompt_tokens == estimate("Write a haiku about rain")
    assert asked.task.task is Task.WRITING
    assert asked.expected_output_tokens == USUAL_TOKENS[Task.WRITING]
    assert not asked.is_limited


def test_circumstances_come_through_unchanged() -> None:
    about = Circumstances(
        prompt_tokens=5_000,
        required_tokens=40,
        needs=frozenset({Capability.TOOLS}),
        incumbent=ModelRef("lab", "a"),
        cached_tokens=4_000,
        pinned=ModelRef("lab", "b"),
        output_limit_tokens=200,
        budget_left_pico=0,
        allow=("lab/*",),
        deny=("lab/c",),
        preferences=(Preference("coding", "lab/a"),),
        is_private=True,
    )

    asked = extract("hello", about)

    assert {name: getattr(asked, name) for name in Circumstances.__slots__} == {
        name: getattr(about, name) for name in Circumstances.__slots__
    }
    assert asked.is_limited


def test_a_picture_needs_a_model_that_sees() -> None:
    asked = extract("What is this?", Circumstances(has_images=True, needs=frozenset({Capability.TOOLS})))

    assert asked.needs == {Capability.VISION, Capability.TOOLS}
    assert asked.task.task is Task.IMAGE


@pytest.mark.parametrize(
    ("prompt", "tokens"),
    [
        ("Write an essay of 500 words on moths", 700),
        ("a 1000-word story", 1_400),
        ("Briefly, why is the sky blue?", BRIEF_TOKENS),
        ("Explain gravity in one sentence", BRIEF_TOKENS),
        ("Why is the sky blue?", USUAL_TOKENS[Task.QUESTION]),
    ],
)
def test_the_prompt_says_how_long_the_answer_will_be(prompt: str, tokens: int) -> None:
    assert extract(prompt).expected_output_tokens == tokens


def test_a_translation_is_as_long_as_its_text() -> None:
    long = extract("Translate into German: " + "The moth flies at night. " * 200)

    assert long.expected_output_tokens == pytest.approx(long.prompt_tokens * 1.1, rel=0.01)
