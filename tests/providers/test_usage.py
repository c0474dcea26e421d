"""Every provider's way of counting, in the figures that were recorded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers.usage import anthropic_usage, ollama_usage, openai_usage


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}, Usage(10, 5)),
        (
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "total_tokens": 150,
                "prompt_tokens_details": {"cached_tokens": 64, "cache_write_tokens": 8},
                "completion_tokens_details": {"reasoning_tokens": 40},
            },
            Usage(100, 50, 64, 8, 40),
        ),
        (
            {
                "prompt_tokens": 30,
                "completion_tokens": 1,
                "prompt_cache_hit_tokens": 20,
                "prompt_cache_miss_tokens": 10,
            },
            Usage(30, 1, 20),
        ),
        ({"prompt_tokens": 30, "completion_tokens": 1, "cached_tokens": 12}, Usage(30, 1, 12)),
        ({"prompt_tokens": 30, "completion_tokens": 1, "num_cached_tokens": 12}, Usage(30, 1, 12)),
        ({"prompt_tokens": 30, "completion_tokens": 1, "prompt_tokens_details": None}, Usage(30, 1)),
        ({"prompt_tokens": 30}, Usage(30, 0)),
    ],
    ids=["openai", "openai details", "deepseek", "together", "mistral", "null details", "no completion"],
)
def test_openai_style_counts(raw: dict[str, object], expected: Usage) -> None:
    assert openai_usage(raw) == expected


def test_reasoning_beside_the_completion_is_added_where_the_total_says_so() -> None:
    details = {"completion_tokens_details": {"reasoning_tokens": 300}}
    apart: dict[str, object] = {"prompt_tokens": 12, "completion_tokens": 9, "total_tokens": 321, **details}
    inside: dict[str, object] = {"prompt_tokens": 12, "completion_tokens": 309, "total_tokens": 321, **details}

    assert openai_usage(apart) == Usage(12, 309, reasoning_tokens=300)
    assert openai_usage(inside, excludes_reasoning=True) == Usage(12, 309, reasoning_tokens=300)


def test_without_a_total_the_profile_decides_where_reasoning_is() -> None:
    raw: dict[str, object] = {
        "prompt_tokens": 12,
        "completion_tokens": 9,
        "completion_tokens_details": {"reasoning_tokens": 300},
    }

    assert openai_usage(raw, excludes_reasoning=True) == Usage(12, 309, reasoning_tokens=300)
    assert openai_usage(raw) == Usage(12, 9, reasoning_tokens=300)


@pytest.mark.parametrize(
    ("raw", "billed"),
    [
        ({"cost": 0.0000441}, Decimal("0.0000441")),
        ({"cost": "0.25"}, Decimal("0.25")),
        ({"cost": 0}, Decimal(0)),
        ({"cost": {"total_cost": 0.006}}, Decimal("0.006")),
        ({"cost": 0.01, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.2}}, Decimal("0.21")),
        ({"cost": -1}, None),
        ({"cost": float("nan")}, None),
        ({"cost": "free"}, None),
        ({"cost": True}, None),
        ({}, None),
    ],
)
def test_a_reported_cost_is_exact_and_only_taken_where_the_vendor_bills_it(
    raw: dict[str, object], billed: Decimal | None
) -> None:
    counts = {"prompt_tokens": 1, "completion_tokens": 1}

    reporting, silent = openai_usage({**counts, **raw}, reports_cost=True), openai_usage({**counts, **raw})

    assert reporting is not None
    assert reporting.reported_cost_usd == billed
    assert silent is not None
    assert silent.reported_cost_usd is None


@pytest.mark.parametrize("count", [-1, 10**30, 1.5, "12", True, [1], {"a": 1}, float("nan")])
def test_a_main_count_that_cannot_be_believed_is_no_usage(count: Any) -> None:
    assert openai_usage({"prompt_tokens": count, "completion_tokens": 5}) is None
    assert openai_usage({"prompt_tokens": 5, "completion_tokens": count}) is None
    assert anthropic_usage({"input_tokens": count, "output_tokens": 5}) is None
    assert ollama_usage({"prompt_eval_count": count, "eval_count": 5}) is None


def test_anthropic_input_gets_its_cache_back() -> None:
    raw: dict[str, object] = {
        "input_tokens": 5,
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 200,
        "output_tokens": 70,
        "output_tokens_details": {"thinking_tokens": 60},
    }

    assert anthropic_usage(raw) == Usage(1205, 70, 1000, 200, 60)


def test_ollama_leaves_out_zeros() -> None:
    assert ollama_usage({"eval_count": 7}) == Usage(0, 7)
    assert ollama_usage({"prompt_eval_count": 7}) == Usage(7, 0)
    assert ollama_usage({"done": True}) is None


@given(
    st.dictionaries(
        st.sampled_from(["prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens"]), st.integers(0, 10**9)
    )
)
def test_counts_that_are_believed_are_never_negative(raw: dict[str, object]) -> None:
    usage = openai_usage(raw)

    assert usage is None or min(usage.input_tokens, usage.output_tokens, usage.cached_input_tokens) >= 0
