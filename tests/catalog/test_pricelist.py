"""What the price list says is said as it is, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices import data_snapshot

from hawkmoth_tui.catalog import pricelist
from hawkmoth_tui.catalog.builtin import builtin
from hawkmoth_tui.catalog.catalogue import build
from hawkmoth_tui.catalog.pricelist import PriceList
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.models import Model, ModelRef, Prices
from hawkmoth_tui.core.money import list_price_pico, pico
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.schema import ModelSettings, ProviderSettings

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
VENDORS = {provider.name: provider for provider in BUILTIN_PROVIDERS}
LISTED = [
    (vendor, model)
    for vendor in data_snapshot.get_snapshot().providers
    if vendor.id in VENDORS
    for model in vendor.models
]


def found(
    price_list: PriceList, ref: str, *listed: ListedModel, mine: ModelSettings | None = None, listed_on: str = ""
) -> Model:
    name = ModelRef.parse(ref)
    assert name is not None
    shipped = VENDORS[name.provider]
    spec = ProviderSettings(shipped.name, shipped.protocol, shipped.base_url, models=(mine,) if mine else ())
    built = build({spec.name: spec}, {spec.name: listed}, listed_on={spec.name: listed_on}, price_list=price_list)
    model = built.find(name)
    assert model is not None
    return model


def test_a_model_nobody_else_knows_gets_the_lists_price_and_window(price_list: PriceList) -> None:
    model = found(price_list, "openai/gpt-4o")

    assert model.prices == Prices(
        Decimal("2.5"), Decimal(10), Decimal("1.25"), None, "genai-prices 0.2.3", "2026-11-09"
    )
    assert (model.context_tokens, model.lane) == (128_000, "standard")


def test_without_the_list_it_stays_unknown() -> None:
    built = build(VENDORS, {})

    model = built.find(ModelRef("openai", "gpt-4o"))

    assert model is not None
    assert model.prices is None
    assert built.lacks_price(model.ref)


def test_the_users_price_comes_first_then_the_servers_then_the_curated_then_the_lists(price_list: PriceList) -> None:
    told = ListedModel("gpt-4o", input_usd_per_mtok=Decimal(7), output_usd_per_mtok=Decimal(8))
    mine = ModelSettings("gpt-4o", input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(2))

    by_user = found(price_list, "openai/gpt-4o", told, mine=mine).prices
    by_server = found(price_list, "openai/gpt-4o", told, listed_on="2026-11-01").prices
    curated = found(price_list, "openai/gpt-5-mini").prices

    assert by_user == Prices(Decimal(1), Decimal(2), source="config")
    assert by_server == Prices(Decimal(7), Decimal(8), source="openai server", as_of="2026-11-01")
    assert curated is not None
    assert curated.source == builtin().source


@pytest.mark.parametrize(
    "ref",
    [
        "openai/gpt-99-unheard-of",
        "deepseek/deepseek-chat",
        "deepseek/deepseek-v4-flash",
        "openrouter/deepseek/deepseek-r1:free",
        "mistral/mistral-large-latest",
        "groq/whisper-large-v3",
    ],
)
def test_what_cannot_be_said_stays_unknown(price_list: PriceList, ref: str) -> None:
    assert found(price_list, ref).prices is None


def test_a_fee_for_each_request_is_not_left_out_of_the_price(price_list: PriceList) -> None:
    entry = price_list.find("perplexity", "sonar")

    assert entry is not None
    assert entry.input_usd_per_mtok is None


def test_a_price_begins_on_its_day() -> None:
    before = pricelist.read(datetime(2025, 6, 9, 23, 59, tzinfo=UTC)).find("openai", "o3")
    after = pricelist.read(datetime(2025, 6, 10, tzinfo=UTC)).find("openai", "o3")

    assert before is not None
    assert after is not None
    assert (before.input_usd_per_mtok, after.input_usd_per_mtok) == (Decimal(10), Decimal(2))


def test_a_window_is_held_where_a_long_input_gets_dearer(price_list: PriceList) -> None:
    model = found(price_list, "openai/gpt-6-sol", ListedModel("gpt-6-sol", context_tokens=1_050_000))

    assert model.context_tokens == 272_000


def test_a_demanded_output_limit_is_known_by_the_models_family(price_list: PriceList) -> None:
    limits = {
        name: found(price_list, f"anthropic/{name}").max_output_tokens
        for name in ("claude-3-haiku-20240307", "claude-3-5-sonnet-20241022", "claude-sonnet-4-20250514", "claude-zzz")
    }

    assert limits == {
        "claude-3-haiku-20240307": 4_096,
        "claude-3-5-sonnet-20241022": 8_192,
        "claude-sonnet-4-20250514": 64_000,
        "claude-zzz": None,
    }
    assert found(price_list, "openai/gpt-4o").max_output_tokens is None


def test_no_price_is_zero(price_list: PriceList) -> None:
    entries = [price_list.find(vendor.id, model.id) for vendor, model in LISTED]
    priced = [entry for entry in entries if entry and entry.input_usd_per_mtok is not None]

    assert len(priced) > 1_000
    assert all(entry.input_usd_per_mtok and entry.output_usd_per_mtok for entry in priced)


def test_every_price_costs_what_the_list_itself_computes(price_list: PriceList) -> None:
    wrong = []
    for vendor, model in LISTED:
        entry = price_list.find(vendor.id, model.id)
        if entry is None or entry.input_usd_per_mtok is None or entry.output_usd_per_mtok is None:
            continue
        cached = 400 if entry.cached_input_usd_per_mtok is not None else 0
        written = 300 if entry.cache_write_usd_per_mtok is not None else 0
        ours = list_price_pico(
            Usage(1_000, 500, cached, written),
            Prices(
                entry.input_usd_per_mtok,
                entry.output_usd_per_mtok,
                entry.cached_input_usd_per_mtok,
                entry.cache_write_usd_per_mtok,
            ),
        )
        usage = TheirUsage(input_tokens=1_000, output_tokens=500, cache_read_tokens=cached, cache_write_tokens=written)
        if ours != pico(model.calc_price(usage, vendor, genai_request_timestamp=NOON).total_price):
            wrong.append(f"{vendor.id}/{model.id}")

    assert wrong == []


def test_a_list_of_another_version_has_no_date() -> None:
    other = PriceList((), NOON, "9.9.9")

    assert (other.source, other.as_of) == ("genai-prices 9.9.9", "")


def test_a_curated_model_is_never_looked_up(price_list: PriceList) -> None:
    built = build(VENDORS, {}, price_list=price_list)

    assert not built.lacks_price(ModelRef("deepseek", "deepseek-v4-flash"))
    assert not built.lacks_price(ModelRef("nowhere", "m"))


def test_a_server_elsewhere_has_no_vendors_price(price_list: PriceList) -> None:
    spec = ProviderSettings("openai", VENDORS["openai"].protocol, "http://192.0.2.7/v1")

    model = build({"openai": spec}, {}, price_list=price_list).find(ModelRef("openai", "gpt-4o"))

    assert model is not None
    assert model.prices is None
