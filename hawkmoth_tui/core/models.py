"""Models: how they are named, what they can do, what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class ModelRef:
    """`provider/model-id`, split at the first slash; the id may contain slashes."""

    provider: str
    id: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.id}"

    @staticmethod
    def parse(text: str) -> ModelRef | None:
        """The reference in `text`, or None when it has no slash with something on both sides."""
        provider, slash, model_id = text.strip().partition("/")
        return ModelRef(provider, model_id) if slash and provider and model_id else None


class Capability(StrEnum):
    """What a model can take or do beyond text."""

    TOOLS = "tools"
    VISION = "vision"
    REASONING = "reasoning"
    WEB = "web"


LOCAL_LANE = "local"
"""The lane of models on this machine: declares the price 0 unless prices are given."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said something, and when."""

    source: str
    """ "config", "ollama server", "shipped list", …"""
    as_of: str = ""
    """ISO date of the source; empty when it has none, or was asked just now."""

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}".strip()


@dataclass(frozen=True, slots=True)
class Prices:
    """USD per million tokens, one price per kind of token. None is unknown, which is not zero.

    A missing cached-read or cache-write price means that the provider bills those tokens as plain input.
    """

    input_usd_per_mtok: Decimal
    output_usd_per_mtok: Decimal
    cached_input_usd_per_mtok: Decimal | None = None
    cache_write_usd_per_mtok: Decimal | None = None
    source: str = ""
    """Where the figures come from: "config", "genai-prices 0.2.3", "lab server"; joined by + where several gave one."""
    as_of: str = ""
    """ISO date of the source, the oldest of several; empty when it has none."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model as the catalogue knows it."""

    ref: ModelRef
    lane: str = "standard"
    context_tokens: int | None = None
    """Window in tokens, input and output together. None: unknown."""
    max_output_tokens: int | None = None
    """Most the model writes in one answer. None: unknown."""
    prices: Prices | None = None
    """None: unknown."""
    capabilities: frozenset[Capability] = field(default_factory=frozenset)
    quality: float | None = None
    """Prior quality 0..1 over ordinary work, from the catalogue or the user. None: unknown."""
    is_local: bool = False
    """Whether the request stays on this machine."""
    is_simulated: bool = False
    """Whether answers are made up by the demo server; the screen says so."""
    is_facts: bool = False
    """Whether Hawkmoth itself answers, from facts and arithmetic: only what needs no model, and for nothing."""
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False, repr=False)
    """Who said each fact, by the name of its field; prices carry their own. What is missing nobody said."""
