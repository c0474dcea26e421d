"""Model references, messages and errors: small values that everything else is built of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import HawkmothError, ProviderError, RateLimited, UnknownModel
from hawkmoth_tui.core.messages import Image, Role, Thinking, assistant, user
from hawkmoth_tui.core.models import ModelRef


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("lab/small", ModelRef("lab", "small")),
        ("openrouter/anthropic/claude-opus-5.5", ModelRef("openrouter", "anthropic/claude-opus-5.5")),
        ("  ollama/qwen3:8b\n", ModelRef("ollama", "qwen3:8b")),
        ("small", None),
        ("/small", None),
        ("lab/", None),
        ("", None),
    ],
)
def test_a_reference_is_split_at_the_first_slash(text: str, ref: ModelRef | None) -> None:
    assert ModelRef.parse(text) == ref


@given(st.from_regex(r"[a-z0-9-]+", fullmatch=True), st.from_regex(r"[!-~]+", fullmatch=True))
def test_a_reference_survives_its_own_text(provider: str, model_id: str) -> None:
    ref = ModelRef(provider, model_id)

    assert ModelRef.parse(str(ref)) == ref


def test_references_sort_by_provider_then_id() -> None:
    assert min(ModelRef("b", "a"), ModelRef("a", "z"), ModelRef("a", "b")) == ModelRef("a", "b")


def test_a_message_reads_as_its_text_parts() -> None:
    asked = user("What is ", Image("image/png", b""), Thinking("hm"))

    assert (asked.role, asked.text) == (Role.USER, "What is ")
    assert assistant("A moth").text == "A moth"


def test_an_error_says_what_happened_and_what_to_do() -> None:
    assert str(UnknownModel("no model is called x", "did you mean y?")) == "no model is called x: did you mean y?"
    assert str(HawkmothError("just this")) == "just this"


def test_a_provider_error_carries_what_the_far_side_said() -> None:
    error = RateLimited("slow down", provider="lab", status=429, retry_after_s=3.5, is_retryable=True)

    assert isinstance(error, ProviderError)
    assert (error.provider, error.status, error.retry_after_s, error.is_retryable) == ("lab", 429, 3.5, True)
