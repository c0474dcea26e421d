"""How models answered: the figures of `hawkmoth metrics`, as the store gives them and front ends show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class MetricsBy(StrEnum):
    """What the figures are grouped by."""

    PROVIDER = "provider"
    MODEL = "model"
    TASK = "task"
    EACH = "each"
    """Every task type of every model."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Some measured values; quantiles within one per cent."""

    count: int
    mean: float
    p50: float
    """The median."""
    p95: float
    p99: float

    @property
    def total(self) -> float:
        return self.mean * self.count


@dataclass(frozen=True, slots=True)
class Wins:
    """What is known of how good answers were. Weights are in hundredths of a plain word of the user's."""

    good: int = 0
    poor: int = 0

    @property
    def rate(self) -> float | None:
        """0..1. None: no sign yet."""
        signs = self.good + self.poor
        return self.good / signs if signs else None


@dataclass(frozen=True, slots=True)
class Performance:
    """One line of the metrics."""

    provider: str
    """Empty where the line is of many; `model` and `task` too."""
    model: str
    """provider/model-id."""
    task: str
    requests: int
    retries: int
    fallbacks: int
    """Requests made because another model had failed before in the same turn."""
    errors: Mapping[str, int]
    """By class name of the error."""
    duration_ms: Spread | None
    """Of whole attempts. None: nothing was measured; so for the next two."""
    ttft_ms: Spread | None
    """Until the first visible token."""
    route_us: Spread | None
    """What the router took to decide, for the turns that began here."""
    tokens_per_s: float | None
    """Output from the first token to the end, over the attempts that ended well."""
    input_tokens: int
    cached_tokens: int
    """The part of the input that came out of the provider's cache."""
    output_tokens: int
    cost_pico: int
    """All known amounts."""
    unknown: int
    """Attempts of unknown price, which the cost leaves out."""
    wins: Wins = field(default_factory=Wins)

    @property
    def failed(self) -> int:
        return sum(self.errors.values())

    @property
    def cache_share(self) -> float | None:
        """0..1 of the input. None: nothing was read."""
        return self.cached_tokens / self.input_tokens if self.input_tokens else None
