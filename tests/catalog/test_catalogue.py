"""The user's own wins field by field over the server, the server over the shipped list; what nobody says stays unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.catalog.catalogue import Catalogue, build
from hawkmoth_tui.core.errors import UnknownModel
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.models import Capability, Model, ModelRef, Origin, Prices
from hawkmoth_tui.core.money import list_price_pico, pico
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.schema import ModelSettings, Protocol, ProviderSettings

ANTHROPIC = next(provider for provider in BUILTIN_PROVIDERS if provider.name == "anthropic")
OPUS = ModelRef("anthropic", "claude-opus-5-5")


def provider(
    *models: ModelSettings,
    name: str = "lab",
    base_url: str = "http://192.0.2.7:8000/v1",
    protocol: Protocol = Protocol.OPENAI_CHAT,
    proxy: str | None = None,
) -> ProviderSettings:
    return ProviderSettings(name=name, protocol=protocol, base_url=base_url, proxy=proxy, models=models)


def one(
    spec: ProviderSettings, *listed: ListedModel, model_id: str = "m", found_here: frozenset[str] = frozenset()
) -> Model:
    model = build({spec.name: spec}, {spec.name: listed}, found_here).find(ModelRef(spec.name, model_id))
    assert model is not None
    return model


def test_a_model_the_user_describes_is_taken_as_described() -> None:
    described = ModelSettings(
        id="m",
        lane="economy",
        context_tokens=32_768,
        max_output_tokens=4_096,
        input_usd_per_mtok=Decimal("0.10"),
        output_usd_per_mtok=Decimal("0.40"),
        cached_input_usd_per_mtok=Decimal("0.05"),
        cache_write_usd_per_mtok=Decimal("0.125"),
        capabilities=("tools", "vision"),
        quality=Decimal("0.55"),
    )

    assert one(provider(described)) == Model(
        ref=ModelRef("lab", "m"),
        lane="economy",
        context_tokens=32_768,
        max_output_tokens=4_096,
        prices=Prices(Decimal("0.10"), Decimal("0.40"), Decimal("0.05"), Decimal("0.125"), "config"),
        capabilities=frozenset({Capability.TOOLS, Capability.VISION}),
        quality=0.55,
    )


def test_a_price_per_million_tokens_costs_a_thousandth_of_it_for_a_thousand_tokens() -> None:
    model = one(provider(ModelSettings(id="m", input_usd_per_mtok=Decimal(3), output_usd_per_mtok=Decimal(15))))

    assert list_price_pico(Usage(input_tokens=1_000), model.prices) == pico(Decimal("0.003"))
    assert list_price_pico(Usage(output_tokens=1_000), model.prices) == pico(Decimal("0.015"))


def test_what_the_user_leaves_out_the_server_says() -> None:
    told = ListedModel("m", 8_192, 1_024, Decimal(1), Decimal(2), Decimal("0.1"), None, frozenset({Capability.TOOLS}))

    model = one(provider(ModelSettings(id="m", context_tokens=4_096)), told)

    assert (model.context_tokens, model.max_output_tokens) == (4_096, 1_024)
    assert model.prices == Prices(Decimal(1), Decimal(2), Decimal("0.1"), None, "lab server")
    assert model.capabilities == {Capability.TOOLS}


def test_what_the_server_leaves_out_the_shipped_list_says() -> None:
    told = ListedModel("claude-opus-5-5", max_output_tokens=64_000)

    model = build({"anthropic": ANTHROPIC}, {"anthropic": (told,)}).find(OPUS)

    assert model is not None
    assert (model.max_output_tokens, model.context_tokens, model.lane) == (64_000, 1_000_000, "premium")
    assert model.prices is not None
    assert model.prices.source == "genai-prices 0.2.3"
    assert model.prices.as_of == "2026-11-09"


def test_every_fact_remembers_who_said_it_and_when() -> None:
    mine = ModelSettings(id=OPUS.id, max_output_tokens=9_000)
    told = ListedModel(OPUS.id, context_tokens=400_000)
    spec = ProviderSettings("anthropic", ANTHROPIC.protocol, ANTHROPIC.base_url, models=(mine,))

    built = build({"anthropic": spec}, {"anthropic": (told,)}, listed_on={"anthropic": "2026-11-20"})
    model, unknown = built.find(OPUS), built.find(ModelRef("anthropic", "never-heard-of"))

    assert model is not None
    assert {name: str(origin) for name, origin in model.origins.items()} == {
        "context_tokens": "anthropic server 2026-11-20",
        "max_output_tokens": "config",
        "capabilities": "shipped list 2026-11-09",
        "quality": "shipped list 2026-11-09",
    }
    assert unknown is not None
    assert unknown.origins == {}


def test_a_guess_by_size_and_a_limit_of_the_family_say_so() -> None:
    here = provider(name="ollama", base_url="http://127.0.0.1:11434", protocol=Protocol.OLLAMA)
    old = build({"anthropic": ANTHROPIC}, {}).find(ModelRef("anthropic", "claude-3-5-haiku"))

    sized = one(here, ListedModel("qwen3:8b"), model_id="qwen3:8b", found_here=frozenset({"ollama"}))

    assert sized.origins == {"quality": Origin("its size")}
    assert old is not None
    assert old.origins == {"max_output_tokens": Origin("shipped list")}


def test_of_several_sources_of_prices_all_are_named_and_the_oldest_dates_them() -> None:
    told = ListedModel(OPUS.id, input_usd_per_mtok=Decimal(9))

    prices = build({"anthropic": ANTHROPIC}, {"anthropic": (told,)}, listed_on={"anthropic": "2026-11-20"}).find(OPUS)

    assert prices is not None
    assert prices.prices is not None
    assert (prices.prices.source, prices.prices.as_of) == ("anthropic server + genai-prices 0.2.3", "2026-11-09")


def test_one_price_of_the_user_goes_beside_the_other_of_the_list() -> None:
    mine = ModelSettings(id=OPUS.id, input_usd_per_mtok=Decimal(9))
    spec = ProviderSettings("anthropic", ANTHROPIC.protocol, ANTHROPIC.base_url, models=(mine,))

    prices = one(spec, model_id=OPUS.id).prices

    assert prices == Prices(Decimal(9), Decimal(20), source="config + genai-prices 0.2.3", as_of="2026-11-09")


def test_a_cached_price_left_out_beside_an_own_input_price_equals_it() -> None:
    mine = ModelSettings(id=OPUS.id, input_usd_per_mtok=Decimal("0.01"), output_usd_per_mtok=Decimal(1))
    spec = ProviderSettings("anthropic", ANTHROPIC.protocol, ANTHROPIC.base_url, models=(mine,))

    prices = one(spec, model_id=OPUS.id).prices

    assert prices is not None
    assert prices.cached_input_usd_per_mtok is None
    assert list_price_pico(Usage(1_000, cached_input_tokens=1_000), prices) == pico(Decimal("0.00001"))


def test_a_price_of_half_is_no_price() -> None:
    assert one(provider(ModelSettings(id="m", input_usd_per_mtok=Decimal(1)))).prices is None


def test_an_unpriced_model_is_unknown_also_on_this_machine() -> None:
    assert one(provider(ModelSettings(id="m"), base_url="http://127.0.0.1:9000/v1")).prices is None


def test_the_local_lane_declares_the_price_zero() -> None:
    free = one(provider(ModelSettings(id="m", lane="local"))).prices

    assert free == Prices(Decimal(0), Decimal(0), source="local")


def test_the_local_lane_keeps_the_price_it_is_given() -> None:
    priced = ModelSettings(
        id="m", lane="local", input_usd_per_mtok=Decimal("0.02"), output_usd_per_mtok=Decimal("0.03")
    )

    assert one(provider(priced)).prices == Prices(Decimal("0.02"), Decimal("0.03"), source="config")


def test_a_server_found_here_is_local_and_free() -> None:
    spec = provider(name="ollama", base_url="http://127.0.0.1:11434", protocol=Protocol.OLLAMA)

    model = one(spec, ListedModel("qwen3:8b"), model_id="qwen3:8b", found_here=frozenset({"ollama"}))

    assert (model.lane, model.is_local, model.quality) == ("local", True, 0.46)
    assert model.prices == Prices(Decimal(0), Decimal(0), source="local")


@pytest.mark.parametrize(
    "told",
    [ListedModel("m:120b-cloud"), ListedModel("m:cloud"), ListedModel("renamed", is_remote=True)],
)
def test_an_ollama_cloud_model_is_neither_private_nor_free(told: ListedModel) -> None:
    spec = provider(name="ollama", base_url="http://127.0.0.1:11434", protocol=Protocol.OLLAMA)

    model = one(spec, told, model_id=told.id, found_here=frozenset({"ollama"}))

    assert not model.is_local
    assert model.lane != "local"
    assert model.prices is None


def test_what_a_found_server_passes_on_is_chosen_by_name_only() -> None:
    spec = provider(name="ollama", base_url="http://127.0.0.1:11434", protocol=Protocol.OLLAMA)
    told = {"ollama": (ListedModel("qwen3:8b"), ListedModel("m:cloud"))}

    found = build({"ollama": spec}, told, frozenset({"ollama"}))
    set_up = build({"ollama": spec}, told)

    assert [model.ref.id for model in found.all()] == ["qwen3:8b", "m:cloud"]
    assert [model.ref.id for model in found.routable()] == ["qwen3:8b"]
    assert [model.ref.id for model in set_up.routable()] == ["qwen3:8b", "m:cloud"]


@pytest.mark.parametrize(
    ("base_url", "proxy", "stays"),
    [
        ("http://127.0.0.1:8000/v1", None, True),
        ("http://127.1.2.3/v1", None, True),
        ("http://localhost:8000", None, True),
        ("http://[::1]:8000/v1", None, True),
        ("http://127.0.0.1:8000/v1", "http://localhost:3128", True),
        ("http://127.0.0.1:8000/v1", "http://proxy.example:3128", False),
        ("http://127.0.0.1.example.com/v1", None, False),
        ("http://localhost.example.com/v1", None, False),
        ("http://192.168.1.4:8000/v1", None, False),
        ("https://user:127.0.0.1@example.com/", None, False),
        ("http://[broken/v1", None, False),
        ("", None, False),
    ],
)
def test_only_loopback_is_this_machine(base_url: str, proxy: str | None, stays: bool) -> None:
    assert one(provider(base_url=base_url, proxy=proxy)).is_local is stays


def test_the_demo_is_simulated() -> None:
    assert one(provider(protocol=Protocol.DEMO, base_url="http://127.0.0.1:1/v1")).is_simulated


def test_curated_models_come_only_with_their_own_vendor() -> None:
    moved = ProviderSettings("anthropic", ANTHROPIC.protocol, "http://192.0.2.7/v1", is_builtin=True)
    renamed = ProviderSettings("claude", ANTHROPIC.protocol, ANTHROPIC.base_url)

    assert build({}, {}).all() == ()
    assert build({"anthropic": moved}, {}).all() == ()
    assert ModelRef("claude", OPUS.id) in {model.ref for model in build({"claude": renamed}, {}).all()}


def test_the_default_lane_does_not_move_a_known_model() -> None:
    spec = ProviderSettings(
        "anthropic", ANTHROPIC.protocol, ANTHROPIC.base_url, models=(ModelSettings(id=OPUS.id, quality=Decimal(1)),)
    )

    model = one(spec, model_id=OPUS.id)

    assert (model.lane, model.quality) == ("premium", 1.0)


def test_a_window_is_held_where_the_price_is_flat_unless_the_user_says_otherwise() -> None:
    haiku = "claude-haiku-5-5"
    told = ListedModel(haiku, context_tokens=1_000_000)
    mine = ProviderSettings(
        "anthropic", ANTHROPIC.protocol, ANTHROPIC.base_url, models=(ModelSettings(haiku, context_tokens=900_000),)
    )

    assert one(ANTHROPIC, told, model_id=haiku).context_tokens == 100_000
    assert one(mine, told, model_id=haiku).context_tokens == 900_000


@pytest.mark.parametrize(
    ("usd", "lane"), [("0.5", "economy"), ("4", "standard"), ("40", "premium"), (None, "standard")]
)
def test_a_listed_model_falls_into_a_lane_by_its_price(usd: str | None, lane: str) -> None:
    price = None if usd is None else Decimal(usd)

    assert one(provider(), ListedModel("m", input_usd_per_mtok=price, output_usd_per_mtok=price)).lane == lane


def test_what_holds_no_conversation_is_not_listed() -> None:
    names = (
        "text-embedding-3-large",
        "nomic-embed-text:v1.5",
        "whisper-large-v3",
        "gpt-4o-mini-tts",
        "llama-guard-4-12b",
    )
    chat = ("gpt-6-luna", "clippy-7b", "guardian-chat", "embedded-expert-9b", "audiophile-3b")

    built = build({"lab": provider()}, {"lab": tuple(map(ListedModel, (*names, *chat)))})

    assert {model.ref.id for model in built.all()} == set(chat)


def test_the_user_may_still_name_any_of_them() -> None:
    assert one(provider(ModelSettings(id="my-embed-chat")), model_id="my-embed-chat").ref.id == "my-embed-chat"


def test_a_vendors_whole_list_can_be_chosen_by_name_but_is_not_routed_to() -> None:
    built = build(
        {"anthropic": ANTHROPIC, "lab": provider()}, {"anthropic": (ListedModel("new"),), "lab": (ListedModel("m"),)}
    )

    assert ModelRef("anthropic", "new") in {model.ref for model in built.all()}
    routable = {model.ref for model in built.routable()}
    assert ModelRef("anthropic", "new") not in routable
    assert {OPUS, ModelRef("lab", "m")} <= routable


SMALL, TALL = ModelRef("lab", "small-model"), ModelRef("lab", "org/tall-model")
TWIN = ModelRef("far", "small-model")
MARKET = build(
    {
        "lab": provider(ModelSettings(SMALL.id), ModelSettings(TALL.id)),
        "far": provider(ModelSettings(TWIN.id), ModelSettings("gpt-x"), name="far"),
    },
    {},
)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("lab/small-model", SMALL),
        (" lab/org/tall-model ", TALL),
        ("org/tall-model", TALL),
        ("tall", TALL),
        ("TALL-MODEL", TALL),
        ("gpt", ModelRef("far", "gpt-x")),
        ("lab/never-heard-of/it:7b", ModelRef("lab", "never-heard-of/it:7b")),
    ],
)
def test_a_name_is_resolved(text: str, ref: ModelRef) -> None:
    assert MARKET.resolve(text) == ref


def test_an_undescribed_model_of_a_known_provider_is_found_with_unknown_price() -> None:
    model = MARKET.find(ModelRef("lab", "never-heard-of"))

    assert model is not None
    assert (model.prices, model.quality, model.context_tokens) == (None, None, None)
    assert MARKET.find(ModelRef("nowhere", "m")) is None


@pytest.mark.parametrize("text", ["small-model", "model"])
def test_a_name_that_several_answer_to_is_asked_back(text: str) -> None:
    with pytest.raises(UnknownModel, match="answer to") as caught:
        MARKET.resolve(text)

    assert "far/small-model" in caught.value.hint
    assert "lab/small-model" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "offered"),
    [("smal-modle", "small-model"), ("lib/small-model", "lab/small-model"), ("tol-model", "tall-model")],
)
def test_an_unknown_name_offers_the_nearest(text: str, offered: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        MARKET.resolve(text)

    assert offered in caught.value.hint


def test_an_unknown_provider_is_named() -> None:
    with pytest.raises(UnknownModel) as caught:
        MARKET.resolve("zzz/qqqqqqqq")

    assert caught.value.hint.startswith("no provider is called 'zzz'")


@given(st.text(max_size=40))
def test_resolving_ends_in_a_model_or_in_one_short_line(text: str) -> None:
    outcome: ModelRef | UnknownModel
    try:
        outcome = MARKET.resolve(text)
    except UnknownModel as unknown:
        outcome = unknown

    if isinstance(outcome, ModelRef):
        assert MARKET.find(outcome) is not None
    else:
        assert len(str(outcome)) <= 300
        assert str(outcome).isprintable()


def test_the_nearest_names_come_best_first_and_few() -> None:
    assert MARKET.nearest("org/tall-modle")[0] == TALL
    assert len(MARKET.nearest("model", 2)) == 2
    assert MARKET.nearest("") == ()
    assert Catalogue(()).nearest("x") == ()


def test_a_catalogue_of_bare_models_routes_to_all_of_them() -> None:
    models = (Model(SMALL), Model(TALL))

    assert Catalogue(models).routable() == Catalogue(models).all() == models
