"""The models of the demo server: made-up prices in the proportions of real ones, three speeds, three qualities. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hawkmoth_tui.settings.schema import ModelSettings


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a model answers when the prompt does not ask for a rate."""

    first_token_ms: int
    tokens_per_s: int


MODELS: tuple[ModelSettings, ...] = (
    ModelSettings(
        "swift",
        lane="economy",
        context_tokens=32_768,
        max_output_tokens=4_096,
        input_usd_per_mtok=Decimal("0.10"),
        output_usd_per_mtok=Decimal("0.40"),
        cached_input_usd_per_mtok=Decimal("0.05"),
        capabilities=("tools",),
        quality=Decimal("0.55"),
    ),
    ModelSettings(
        "steady",
        lane="standard",
        context_tokens=131_072,
        max_output_tokens=8_192,
        input_usd_per_mtok=Decimal("0.80"),
        output_usd_per_mtok=Decimal("3.20"),
        cached_input_usd_per_mtok=Decimal("0.20"),
        capabilities=("tools", "vision"),
        quality=Decimal("0.75"),
    ),
    ModelSettings(
        "deep",
        lane="premium",
        context_tokens=200_000,
        max_output_tokens=32_768,
        input_usd_per_mtok=Decimal("4.00"),
        output_usd_per_mtok=Decimal("20.00"),
        cached_input_usd_per_mtok=Decimal("0.40"),
        capabilities=("tools", "vision", "reasoning"),
        quality=Decimal("0.92"),
    ),
)
"""From cheap and quick to dear and thorough."""

PACES = {"swift": Pace(120, 180), "steady": Pace(250, 90), "deep": Pace(450, 60)}


def listed(model: ModelSettings) -> dict[str, object]:
    """The model as the list shows it, prices in USD per token."""
    prices = {
        "prompt": model.input_usd_per_mtok,
        "completion": model.output_usd_per_mtok,
        "input_cache_read": model.cached_input_usd_per_mtok,
    }
    return {
        "id": model.id,
        "object": "model",
        "owned_by": "hawkmoth-demo",
        "context_length": model.context_tokens,
        "max_completion_tokens": model.max_output_tokens,
        "pricing": {name: f"{price / 10**6:f}" for name, price in prices.items() if price is not None},
        "supported_parameters": list(model.capabilities),
    }
