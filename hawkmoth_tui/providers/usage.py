"""Each provider's way of counting tokens, brought to ours: input with cache, output with reasoning. Pure.

Sources: recorded traffic, as counted in November 2026. A count that is no whole number in 0..10^9 is not believed: where it is one of
the two main counts there is no usage at all, so that the caller estimates instead of booking nonsense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers.fields import amount, count, first_count, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


def openai_usage(
    raw: Mapping[str, object], *, excludes_reasoning: bool = False, reports_cost: bool = False
) -> Usage | None:
    """Usage of an OpenAI-style answer. None: there is none that can be believed.

    `excludes_reasoning`: completion tokens come without reasoning (xAI); where a total is given, the total decides.
    `reports_cost`: the server bills in USD what it reports as cost (OpenRouter, Perplexity).
    """
    prompt, completion = count(raw.get("prompt_tokens")), count(raw.get("completion_tokens"))
    if prompt is None or (completion is None and raw.get("completion_tokens") is not None):
        return None
    completion = completion or 0
    into, out = record(raw.get("prompt_tokens_details")), record(raw.get("completion_tokens_details"))
    cached = first_count(
        into.get("cached_tokens"),
        raw.get("prompt_cache_hit_tokens"),
        raw.get("cached_tokens"),
        raw.get("num_cached_tokens"),
        raw.get("cache_read_input_tokens"),
    )
    written = first_count(into.get("cache_write_tokens"), raw.get("cache_creation_input_tokens"))
    reasoning = first_count(out.get("reasoning_tokens"), raw.get("reasoning_tokens"))
    total = count(raw.get("total_tokens"))
    is_apart = total == prompt + completion + reasoning if total else excludes_reasoning
    return Usage(
        input_tokens=prompt,
        output_tokens=completion + reasoning if is_apart else completion,
        cached_input_tokens=cached,
        cache_write_tokens=written,
        reasoning_tokens=reasoning,
        reported_cost_usd=_billed(raw) if reports_cost else None,
    )


def anthropic_usage(raw: Mapping[str, object]) -> Usage | None:
    """Usage of an Anthropic answer: its input count excludes the cache, ours includes it."""
    plain, output = count(raw.get("input_tokens")), count(raw.get("output_tokens"))
    if plain is None or output is None:
        return None
    cached, written = (
        first_count(raw.get("cache_read_input_tokens")),
        first_count(raw.get("cache_creation_input_tokens")),
    )
    return Usage(
        input_tokens=plain + cached + written,
        output_tokens=output,
        cached_input_tokens=cached,
        cache_write_tokens=written,
        reasoning_tokens=first_count(record(raw.get("output_tokens_details")).get("thinking_tokens")),
    )


def ollama_usage(raw: Mapping[str, object]) -> Usage | None:
    """Usage on Ollama's last line, where a zero is left out."""
    if raw.get("eval_count") is None and raw.get("prompt_eval_count") is None:
        return None
    read, written = count(raw.get("prompt_eval_count", 0)), count(raw.get("eval_count", 0))
    return None if read is None or written is None else Usage(input_tokens=read, output_tokens=written)


def responses_usage(raw: Mapping[str, object], *, reports_cost: bool = False) -> Usage | None:
    """Usage of OpenAI's Responses API, which names the same counts in another way."""
    read, written = count(raw.get("input_tokens")), count(raw.get("output_tokens"))
    if read is None or written is None:
        return None
    into, out = record(raw.get("input_tokens_details")), record(raw.get("output_tokens_details"))
    return Usage(
        input_tokens=read,
        output_tokens=written,
        cached_input_tokens=first_count(into.get("cached_tokens")),
        cache_write_tokens=first_count(into.get("cache_write_tokens")),
        reasoning_tokens=first_count(out.get("reasoning_tokens")),
        reported_cost_usd=_billed(raw) if reports_cost else None,
    )


def gemini_usage(raw: Mapping[str, object]) -> Usage | None:
    """Usage of a Gemini answer: thoughts are counted beside the candidates, which are left out when nothing visible was said.

    What tools put into the prompt comes on top of it.
    """
    prompt, said = count(raw.get("promptTokenCount")), count(raw.get("candidatesTokenCount", 0))
    if prompt is None or said is None:
        return None
    thought = first_count(raw.get("thoughtsTokenCount"))
    return Usage(
        input_tokens=prompt + first_count(raw.get("toolUsePromptTokenCount")),
        output_tokens=said + thought,
        cached_input_tokens=first_count(raw.get("cachedContentTokenCount")),
        reasoning_tokens=thought,
    )


def cohere_usage(raw: Mapping[str, object]) -> Usage | None:
    """Usage of a Cohere answer: it counts every token and bills fewer of them; both are kept."""
    tokens, billed = record(raw.get("tokens")), record(raw.get("billed_units"))
    read, written = _whole_count(tokens.get("input_tokens")), _whole_count(tokens.get("output_tokens"))
    if read is None or written is None:
        return None
    return Usage(
        input_tokens=read,
        output_tokens=written,
        cached_input_tokens=_whole_count(raw.get("cached_tokens")) or 0,
        reasoning_tokens=_whole_count(tokens.get("reasoning_tokens")) or 0,
        billed_input_tokens=_whole_count(billed.get("input_tokens")),
        billed_output_tokens=_whole_count(billed.get("output_tokens")),
    )


def _whole_count(value: object) -> int | None:
    """A count that may be written with a decimal point, as Cohere does."""
    return count(int(value) if isinstance(value, float) and value.is_integer() else value)


def _billed(raw: Mapping[str, object]) -> Decimal | None:
    """What was billed; with a key of one's own at OpenRouter, its fee and the upstream's bill together."""
    cost = raw.get("cost")
    billed = amount(record(cost).get("total_cost")) if isinstance(cost, dict) else amount(cost)
    if billed is None or raw.get("is_byok") is not True:
        return billed
    upstream = amount(record(raw.get("cost_details")).get("upstream_inference_cost"))
    return billed if upstream is None else billed + upstream
