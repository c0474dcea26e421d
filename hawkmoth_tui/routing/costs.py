"""What a turn would cost at a model: expected, reserved, and lost by leaving a warm one. Pure; whole pico-dollars throughout."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.money import list_price_pico
from hawkmoth_tui.core.usage import Usage

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.routing.features import Features

DEFAULT_OUTPUT_LIMIT = 4_096
"""Tokens reserved for an answer where neither the user nor the catalogue gives a limit."""

LEAST_CACHED_PROMPT = 1_024
"""Shorter prompts are not written to any vendor's cache (Anthropic and OpenAI documentation, 2026-11)."""

RETURN_SHARE = 0.7
"""How likely a session is to come back to the model that it leaves."""

REASONING_SHARE = 0.5
"""Reasoning tokens that a reasoning model adds, as a share of its answer. Our own prior."""


def expected_output(model: Model, features: Features) -> int:
    """Tokens that this model will probably write, reasoning included, never above the limit for one answer."""
    thinks = Capability.REASONING in model.capabilities
    expected = features.expected_output_tokens * (1 + REASONING_SHARE if thinks else 1)
    return min(
        round(expected),
        output_limit(model, features.output_limit_tokens) if _has_limit(model, features) else round(expected),
    )


def output_limit(model: Model, asked_tokens: int | None) -> int:
    """Most tokens one answer may take: the user's limit, the model's, the smaller where both are known, else 4,096."""
    known = [limit for limit in (asked_tokens, model.max_output_tokens) if limit is not None]
    return min(known, default=DEFAULT_OUTPUT_LIMIT)


def expected_cost_pico(model: Model, features: Features) -> int | None:
    """The likely cost of this turn: the cached beginning at the cached price, the rest as input, and the expected output.

    A model whose price list has a cache-write price writes what it reads uncached, if the prompt is long enough to be cached.
    None: price unknown.
    """
    cached = min(features.cached_by(model.ref), features.prompt_tokens)
    writes = (
        model.prices is not None
        and model.prices.cache_write_usd_per_mtok is not None
        and features.prompt_tokens >= LEAST_CACHED_PROMPT
    )
    usage = Usage(
        input_tokens=features.prompt_tokens,
        output_tokens=expected_output(model, features),
        cached_input_tokens=cached,
        cache_write_tokens=features.prompt_tokens - cached if writes else 0,
    )
    return list_price_pico(usage, model.prices)


def held_tokens(model: Model, features: Features) -> int:
    """Tokens of the beginning that the model probably still holds; 0 below what any vendor keeps."""
    held = min(features.cached_by(model.ref), features.prompt_tokens)
    return held if held >= LEAST_CACHED_PROMPT else 0


def most_pico(model: Model, input_tokens: int, output_tokens: int) -> int | None:
    """The most that one attempt can cost: all input at its dearest, and output up to the limit. None: price unknown."""
    prices = model.prices
    if prices is None:
        return None
    writes = (prices.cache_write_usd_per_mtok or Decimal(0)) > prices.input_usd_per_mtok
    usage = Usage(input_tokens, output_tokens, cache_write_tokens=input_tokens if writes else 0)
    return list_price_pico(usage, prices)


def reservation_pico(model: Model, features: Features) -> int | None:
    """What will be held for this turn's attempt. None: price unknown."""
    return most_pico(model, features.prompt_tokens, output_limit(model, features.output_limit_tokens))


def switch_cost_pico(model: Model, cached_tokens: int) -> int | None:
    """What it costs to read, uncached, a context that another model holds in its cache.

    The difference between this model's input price (its cache-write price, where it has one) and its cached price, over the tokens that
    are warm elsewhere. Counts input only; output is unknowable beforehand. Whether we come back is not counted either. None: price unknown.
    """
    prices = model.prices
    if prices is None:
        return None
    cold = Usage(
        input_tokens=cached_tokens, cache_write_tokens=cached_tokens if cached_tokens >= LEAST_CACHED_PROMPT else 0
    )
    warm = Usage(input_tokens=cached_tokens, cached_input_tokens=cached_tokens)
    lost = (list_price_pico(cold, prices) or 0) - (list_price_pico(warm, prices) or 0)
    return max(0, lost)


def return_cost_pico(incumbent: Model, features: Features) -> int | None:
    """What coming back to the model that answered last will probably cost beyond staying: its warm cache has to be filled again with all
    that was said meanwhile. 0 where it holds nothing. None: price unknown."""
    if features.cached_tokens == 0:
        return 0
    more = switch_cost_pico(incumbent, features.prompt_tokens + expected_output(incumbent, features))
    return None if more is None else round(RETURN_SHARE * more)


def _has_limit(model: Model, features: Features) -> bool:
    return features.output_limit_tokens is not None or model.max_output_tokens is not None
