"""Tokens of one attempt, normalised: every provider's own way of counting ends here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Reported:
    """What the server itself said about an answer, in its own terms, beside what we made of it."""

    usage: str = ""
    """JSON text; empty when it said nothing, or more than anybody would count."""
    finish_reason: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts. Cached and cache-write tokens are parts of the input, reasoning tokens a part of the output."""

    input_tokens: int = 0
    """All input, cached and cache-write included."""
    output_tokens: int = 0
    """All output, reasoning included."""
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False
    """True when we counted, not the provider; shown with `~`."""
    reported_cost_usd: Decimal | None = None
    """What the provider says it billed (OpenRouter). None: it said nothing. It wins over our own price list."""

    billed_input_tokens: int | None = None
    """The input that is billed, where it differs from what was read (Cohere). None: all of it."""
    billed_output_tokens: int | None = None
    """The output that is billed. None: all of it."""

    @property
    def total_tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        reported = [u.reported_cost_usd for u in (self, other) if u.reported_cost_usd is not None]
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_input_tokens + other.cached_input_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            self.estimated or other.estimated,
            sum(reported[1:], reported[0]) if reported else None,
            _sum_billed(self.billed_input_tokens, self.input_tokens, other.billed_input_tokens, other.input_tokens),
            _sum_billed(self.billed_output_tokens, self.output_tokens, other.billed_output_tokens, other.output_tokens),
        )


def _sum_billed(billed: int | None, tokens: int, other_billed: int | None, other_tokens: int) -> int | None:
    if billed is None and other_billed is None:
        return None
    return (tokens if billed is None else billed) + (other_tokens if other_billed is None else other_billed)
