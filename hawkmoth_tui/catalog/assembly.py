"""One model out of what the user, its server and a price list say about it: each field from the first that says something."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from hawkmoth_tui.catalog import lanes, places
from hawkmoth_tui.core.models import LOCAL_LANE, Capability, Model, ModelRef, Prices

if TYPE_CHECKING:
    from hawkmoth_tui.catalog.builtin import Entry
    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.settings.schema import ModelSettings, ProviderSettings

T = TypeVar("T")

UNDESCRIBED_LANE = "standard"
"""The schema's default lane: it counts as not said, so that a price in the config does not move a known model out of its lane."""


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
    entry_source: str = ""
    entry_as_of: str = ""
    listed_as_of: str = ""
    """ISO date on which the server was asked; empty when it was just now."""
    output_limit: int | None = None
    """Most tokens of one answer by the model's family, where no source gives its own."""


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
    return Model(
        ref=ModelRef(says.provider.name, says.id),
        lane=lane or (UNDESCRIBED_LANE if user else lanes.lane_by_price(prices)),
        context_tokens=_window(says),
        max_output_tokens=_first(
            *(source.max_output_tokens for source in (user, listed, entry) if source), says.output_limit
        ),
        prices=prices,
        capabilities=_capabilities(says),
        quality=_quality(says, is_local=is_local),
        is_local=is_local,
        is_simulated=places.is_simulated(says.provider),
        is_facts=is_facts,
    )


def _window(says: Sayings) -> int | None:
    """The user's figure, else the server's or the list's, held where the list price stops being flat."""
    if says.user and says.user.context_tokens is not None:
        return says.user.context_tokens
    window = _first(*(source.context_tokens for source in (says.listed, says.entry) if source))
    flat = says.entry.flat_price_tokens if says.entry else None
    known = [limit for limit in (window, flat) if limit is not None]
    return min(known, default=None)


def _quality(says: Sayings, *, is_local: bool) -> float | None:
    """The user's figure, else the shipped prior, else for a model on this machine the prior of its size."""
    stated = float(says.user.quality) if says.user and says.user.quality is not None else None
    rated = _first(stated, says.entry.quality if says.entry else None)
    return lanes.quality_by_size(says.id) if rated is None and is_local else rated


def _capabilities(says: Sayings) -> frozenset[Capability]:
    """Those of the first source that names any; names that we do not know are passed over."""
    for source in (says.user, says.listed, says.entry):
        if source and source.capabilities:
            return frozenset(capability for capability in Capability if capability.value in source.capabilities)
    return frozenset()


def _prices(says: Sayings, *, is_free: bool) -> Prices | None:
    """Input and output each from the first source that gives one; both are needed.

    Cached and cache-write prices come from the sources down to the one that gave the input price: left out beside it, they equal it.
    """
    sources = (
        (says.user, "config", ""),
        (says.listed, f"{says.provider.name} server", says.listed_as_of),
        (says.entry, says.entry_source, says.entry_as_of),
    )
    given = [source for source in sources if source[0]]
    paid = next(
        (place for place, (source, _, _) in enumerate(given) if source and source.input_usd_per_mtok is not None), None
    )
    written = next(
        (place for place, (source, _, _) in enumerate(given) if source and source.output_usd_per_mtok is not None), None
    )
    if is_free and (paid is None or written is None):
        return _free(says.user)
    if paid is None or written is None:
        return None
    kinds = [source for source, _, _ in given[: paid + 1] if source]
    input_usd = next(usd for source in kinds if (usd := source.input_usd_per_mtok) is not None)
    output_usd = next(usd for source, _, _ in given if source and (usd := source.output_usd_per_mtok) is not None)
    used = sorted({paid, written})
    return Prices(
        input_usd_per_mtok=input_usd,
        output_usd_per_mtok=output_usd,
        cached_input_usd_per_mtok=_first(*(source.cached_input_usd_per_mtok for source in kinds)),
        cache_write_usd_per_mtok=_first(*(source.cache_write_usd_per_mtok for source in kinds)),
        source=" + ".join(given[place][1] for place in used),
        as_of=max(given[place][2] for place in used),
    )


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
