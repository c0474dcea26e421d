"""The shipped list: well formed, and its prices those of the source it names."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import genai_prices as source
import pytest

from hawkmoth_tui.catalog.builtin import Entry, builtin
from hawkmoth_tui.core.models import Capability, Prices
from hawkmoth_tui.core.money import list_price_pico, pico
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.routing.quality import LANE_MEANS
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS, LOCAL_PROVIDER

ENTRIES = [(provider, entry) for provider, entries in builtin().models.items() for entry in entries]
NAMED = [pytest.param(provider, entry, id=f"{provider}/{entry.id}") for provider, entry in ENTRIES]
PRICED = [pytest.param(vendor, each, id=f"{vendor}/{each.id}") for vendor, each in ENTRIES if each.input_usd_per_mtok]


def test_every_builtin_provider_has_models() -> None:
    assert builtin().models.keys() == {provider.name for provider in BUILTIN_PROVIDERS} - {LOCAL_PROVIDER.name}
    assert all(builtin().models.values())


def test_no_model_stands_there_twice() -> None:
    names = [(provider, entry.id) for provider, entry in ENTRIES]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(("provider", "entry"), NAMED)
def test_an_entry_is_whole(provider: str, entry: Entry) -> None:
    assert entry.lane in LANE_MEANS
    assert entry.quality is not None
    assert 0 < entry.quality < 1
    assert {Capability(name) for name in entry.capabilities}
    assert (entry.input_usd_per_mtok is None) == (entry.output_usd_per_mtok is None)
    for size in (entry.context_tokens, entry.max_output_tokens, entry.flat_price_tokens):
        assert size is None or size > 1_000


def test_the_dearer_of_one_vendor_is_never_rated_below_the_cheaper_of_its_family() -> None:
    for vendor in ("anthropic", "openai"):
        priced = [entry for entry in builtin().models[vendor] if entry.output_usd_per_mtok is not None]
        dearest = max(priced, key=lambda entry: entry.output_usd_per_mtok or Decimal(0))
        assert dearest.quality == max(entry.quality or 0 for entry in priced)


@pytest.mark.parametrize(("provider", "entry"), PRICED)
def test_the_prices_are_those_of_the_source(provider: str, entry: Entry) -> None:
    assert entry.input_usd_per_mtok is not None
    assert entry.output_usd_per_mtok is not None
    prices = Prices(
        entry.input_usd_per_mtok,
        entry.output_usd_per_mtok,
        entry.cached_input_usd_per_mtok,
        entry.cache_write_usd_per_mtok,
    )
    cached = 400 if entry.cached_input_usd_per_mtok is not None else 0
    written = 300 if entry.cache_write_usd_per_mtok is not None else 0

    theirs = source.calc_price(
        source.Usage(input_tokens=1_000, output_tokens=1_000, cache_read_tokens=cached, cache_write_tokens=written),
        model_ref=entry.id,
        provider_id=provider,
        genai_request_timestamp=datetime.fromisoformat(builtin().as_of).replace(hour=12, tzinfo=UTC),
    )

    ours = list_price_pico(Usage(1_000, 1_000, cached, written), prices)
    assert theirs.model.id == entry.id
    assert ours == pico(theirs.total_price)
