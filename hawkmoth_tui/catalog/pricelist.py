"""The price list of genai-prices, for the models of known vendors that the curated list leaves out.

It is read from the installed package and never fetched. Importing it takes a fifth of a second and 30 MB: call `read` in a thread, and only
when some model has no price. What a `Prices` cannot say is not said by halves. A price that changes with the hour, a fee for each request
or a rate of its own for reasoning leaves the price unknown; where a long input makes every token dearer, the window is held below it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.catalog.builtin import Entry, builtin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genai_prices.types import ModelInfo, ModelPrice, Provider, StartDateConstraint, TimeOfDateConstraint

LIST_NAMES = {"xai": "x-ai"}
"""Vendors that the list calls differently than we do."""

USED_PRICES = frozenset({"input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok"})

UNUSED_PRICES = frozenset(
    {
        "cache_write_1h_mtok",
        "web_searches_kcount",
        "storage_searches_kcount",
        "input_audio_mtok",
        "cache_audio_read_mtok",
        "input_video_mtok",
    }
)
"""Prices of what Hawkmoth never asks for. Any other price makes a request dearer than its text tokens, so the model's is unknown."""

MOVING = "-latest"
"""Ends names that vendors point at another model from time to time: the list's own pointers are often old, so only its ids are believed."""


class PriceList:
    """The models of the list, by vendor. Answers are kept; the first for a model takes up to a millisecond."""

    def __init__(self, vendors: Iterable[Provider], now: datetime, version: str) -> None:
        self.source = f"genai-prices {version}"
        self.as_of = builtin().as_of if builtin().source == self.source else ""
        """ISO date of the list; empty for one of another version than the curated list was taken from."""
        self._vendors = {vendor.id: vendor for vendor in vendors}
        self._by_id = {
            name: {model.id.casefold(): model for model in vendor.models} for name, vendor in self._vendors.items()
        }
        self._now = now
        self._entries: dict[tuple[str, str], Entry | None] = {}

    def find(self, vendor: str, model_id: str) -> Entry | None:
        """What the list says of the model; None when it does not know it. Its prices may still be unknown."""
        key = LIST_NAMES.get(vendor, vendor), model_id.casefold()
        if key not in self._entries:
            found = self._find(*key)
            self._entries[key] = _entry(model_id, found, self._now) if found else None
        return self._entries[key]

    def _find(self, vendor: str, model_id: str) -> ModelInfo | None:
        if vendor not in self._vendors:
            return None
        by_id = self._by_id[vendor].get(model_id)
        if by_id is not None or model_id.endswith(MOVING):
            return by_id
        return next((model for model in self._vendors[vendor].models if model.is_match(model_id)), None)


def read(now: datetime | None = None) -> PriceList:
    """The installed list, with the prices that hold now. Blocks for a fifth of a second."""
    from importlib.metadata import version

    from genai_prices.data import providers

    return PriceList(providers, now or datetime.now(UTC), version("genai-prices"))


def _entry(model_id: str, model: ModelInfo, now: datetime) -> Entry:
    prices = _standing(model, now)
    flat = None if prices is None else _flat_tokens(prices)
    return Entry(
        id=model_id,
        lane=None,
        quality=None,
        context_tokens=model.context_window,
        flat_price_tokens=flat,
        max_output_tokens=None,
        capabilities=(),
        input_usd_per_mtok=_usd(prices, "input_mtok"),
        output_usd_per_mtok=_usd(prices, "output_mtok"),
        cached_input_usd_per_mtok=_usd(prices, "cache_read_mtok"),
        cache_write_usd_per_mtok=_usd(prices, "cache_write_mtok"),
    )


def _standing(model: ModelInfo, now: datetime) -> ModelPrice | None:
    """The prices of this day; None when they change with the hour, or are of a kind that one price per token cannot say."""
    from genai_prices.types import ModelPrice, StartDateConstraint

    if isinstance(model.prices, ModelPrice):
        prices = model.prices
    else:
        started = [each for each in model.prices if not _is_to_come(each.constraint, now)]
        if not started or not isinstance(started[-1].constraint, StartDateConstraint | None):
            return None
        prices = started[-1].prices
    named = {name for name, value in vars(prices).items() if value is not None}
    return prices if {"input_mtok", "output_mtok"} <= named <= USED_PRICES | UNUSED_PRICES else None


def _is_to_come(constraint: StartDateConstraint | TimeOfDateConstraint | None, now: datetime) -> bool:
    from genai_prices.types import StartDateConstraint

    return isinstance(constraint, StartDateConstraint) and not constraint.active(now)


def _flat_tokens(prices: ModelPrice) -> int | None:
    """Input up to which the first tier holds. None: there is one tier."""
    from genai_prices.types import TieredPrices

    tiered = [price for price in vars(prices).values() if isinstance(price, TieredPrices)]
    return min((tier.start for price in tiered for tier in price.tiers), default=None)


def _usd(prices: ModelPrice | None, name: str) -> Decimal | None:
    """The price below the first tier."""
    price = vars(prices).get(name) if prices else None
    return price if price is None or isinstance(price, Decimal) else Decimal(price.base)
