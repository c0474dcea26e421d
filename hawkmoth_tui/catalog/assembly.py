"""One model out of what the user, its server and a price list say about it: each field from the first that says something."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from hawkmoth_tui.catalog import lanes, places
from hawkmoth_tui.core.models import LOCAL_LANE, Capability, Model, ModelRef, Origin, Prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hawkmoth_tui.catalog.builtin import Entry
    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.settings.schema import ModelSettings, ProviderSettings

T = TypeVar("T")

UNDESCRIBED_LANE = "standard"
"""The schema's default lane: it counts as not said, so that a price in the config does not move a known model out of its lane."""


CONFIG = Origin("config")
SHIPPED = Origin("shipped list")
BY_SIZE = Origin("its size")


@dataclass(frozen=True, slots=True)
class Sayings:
    """What each source says about one model of one provider; None where it does not know it."""

    provider: ProviderSettings
    id: str
    user: ModelSettings | None = None
    listed: ListedModel | None = None
    entry: Entry | None = None
    is_found_here: bool = False
    """Whether discovery found the server on this machine."""
    entry_prices: Origin = SHIPPED
    """Where the entry's prices come from."""
    entry_facts: Origin = SHIPPED
    """Where everything else in the entry comes from."""
    listed_as_of: str = ""
    """ISO date on which the server was asked; empty when it was just now."""
    output_limit: int | None = None
    """Most tokens of one answer by the model's family, where no source gives its own."""

    @property
    def server(self) -> Origin:
        return Origin(f"{self.provider.name} server", self.listed_as_of)


def assemble(says: Sayings) -> Model:
    """The model. A local lane declares the price 0 where none is given; every other missing price is unknown."""
    user, listed, entry = says.user, says.listed, says.entry
    is_local = places.is_local(says.provider, says.id, is_remote=listed is not None and listed.is_remote)
    is_facts = places.is_facts(says.provider)
    stated = user.lane if user and user.lane != UNDESCRIBED_LANE else None
    lane = _first(
        stated, LOCAL_LANE if is_facts or (says.is_found_here and is_local) else None, entry.lane if entry else None
    )
    prices = _prices(says, is_free=lane == LOCAL_LANE)
    window, limit = _window(says), _output_limit(says)
    capabilities, quality = _capabilities(says), _quality(says, is_local=is_local)
    facts = {"context_tokens": window, "max_output_tokens": limit, "capabilities": capabilities, "quality": quality}
    return Model(
        ref=ModelRef(says.provider.name, says.id),
        lane=lane or (UNDESCRIBED_LANE if user else lanes.lane_by_price(prices)),
        context_tokens=window.value if window else None,
        max_output_tokens=limit.value if limit else None,
        prices=prices,
        capabilities=capabilities.value if capabilities else frozenset(),
        quality=quality.value if quality else None,
        is_local=is_local,
        is_simulated=places.is_simulated(says.provider),
        is_facts=is_facts,
        origins={} if is_facts else {name: said.origin for name, said in facts.items() if said},
    )


@dataclass(frozen=True, slots=True)
class _Said(Generic[T]):
    """One fact and who said it."""

    value: T
    origin: Origin


def _described(says: Sayings) -> Iterator[tuple[ModelSettings | ListedModel | Entry, Origin]]:
    """Those who describe the model, the user first."""
    if says.user:
        yield says.user, CONFIG
    if says.listed:
        yield says.listed, says.server
    if says.entry:
        yield says.entry, says.entry_facts


def _window(says: Sayings) -> _Said[int] | None:
    """The user's figure, else the server's or the list's, held where the list price stops being flat."""
    told = [_Said(size, origin) for source, origin in _described(says) if (size := source.context_tokens) is not None]
    window = told[0] if told else None
    flat = says.entry.flat_price_tokens if says.entry else None
    if flat is None or (window and (window.origin is CONFIG or window.value <= flat)):
        return window
    return _Said(flat, says.entry_prices)


def _output_limit(says: Sayings) -> _Said[int] | None:
    """The first figure, else that of the model's family."""
    for source, origin in _described(says):
        if source.max_output_tokens is not None:
            return _Said(source.max_output_tokens, origin)
    return _Said(says.output_limit, SHIPPED) if says.output_limit is not None else None


def _quality(says: Sayings, *, is_local: bool) -> _Said[float] | None:
    """The user's figure, else the shipped prior, else for a model on this machine the prior of its size."""
    if says.user and says.user.quality is not None:
        return _Said(float(says.user.quality), CONFIG)
    if says.entry and says.entry.quality is not None:
        return _Said(says.entry.quality, says.entry_facts)
    by_size = lanes.quality_by_size(says.id) if is_local else None
    return None if by_size is None else _Said(by_size, BY_SIZE)


def _capabilities(says: Sayings) -> _Said[frozenset[Capability]] | None:
    """Those of the first source that names any; names that we do not know are passed over."""
    for source, origin in _described(says):
        if source.capabilities:
            known = frozenset(capability for capability in Capability if capability.value in source.capabilities)
            return _Said(known, origin)
    return None


def _prices(says: Sayings, *, is_free: bool) -> Prices | None:
    """Input and output each from the first source that gives one; both are needed.

    Cached and cache-write prices come from the sources down to the one that gave the input price: left out beside it, they equal it.
    """
    given = [(source, says.entry_prices if source is says.entry else origin) for source, origin in _described(says)]
    paid = _price((place, source.input_usd_per_mtok) for place, (source, _) in enumerate(given))
    written = _price((place, source.output_usd_per_mtok) for place, (source, _) in enumerate(given))
    if is_free and (paid is None or written is None):
        return _free(says.user)
    if paid is None or written is None:
        return None
    down_to_input = tuple(enumerate(source for source, _ in given[: paid.place + 1]))
    cached = _price((place, source.cached_input_usd_per_mtok) for place, source in down_to_input)
    cache_write = _price((place, source.cache_write_usd_per_mtok) for place, source in down_to_input)
    used = [given[place][1] for place in sorted({each.place for each in (paid, written, cached, cache_write) if each})]
    return Prices(
        input_usd_per_mtok=paid.usd,
        output_usd_per_mtok=written.usd,
        cached_input_usd_per_mtok=cached.usd if cached else None,
        cache_write_usd_per_mtok=cache_write.usd if cache_write else None,
        source=" + ".join(origin.source for origin in used),
        as_of=min((origin.as_of for origin in used if origin.as_of), default=""),
    )


@dataclass(frozen=True, slots=True)
class _Price:
    """A price, and the place of its source."""

    place: int
    usd: Decimal


def _price(prices: Iterable[tuple[int, Decimal | None]]) -> _Price | None:
    """The first that is known."""
    return next((_Price(place, usd) for place, usd in prices if usd is not None), None)


def _free(user: ModelSettings | None) -> Prices:
    """Price 0 for what the user did not price."""
    zero = Decimal(0)
    return Prices(
        input_usd_per_mtok=_first(user.input_usd_per_mtok if user else None) or zero,
        output_usd_per_mtok=_first(user.output_usd_per_mtok if user else None) or zero,
        cached_input_usd_per_mtok=user.cached_input_usd_per_mtok if user else None,
        cache_write_usd_per_mtok=user.cache_write_usd_per_mtok if user else None,
        source="local",
    )


def _first(*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)
