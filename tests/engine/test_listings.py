"""What servers listed survives a restart, with its date; the price list is read only when it could tell a price."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.catalog import pricelist
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.models import Capability, Model, ModelRef, Prices
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.engine.listings import Listing, Listings
from hawkmoth_tui.engine.models import Models
from hawkmoth_tui.secrets.chain import find_key
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.schema import RoutingSettings, Settings
from tests.engine.stations import model, provider, settings, station
from tests.servers.scripted import ScriptedServer, whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation

NOON_MS = 1_795_176_000_000
TODAY, TOMORROW = "2026-11-20", "2026-11-21"
DAY_MS = 86_400_000
LISTED = {
    "data": [{"id": "tall", "pricing": {"prompt": "0.000001", "completion": "0.000004"}, "context_length": 9_000}]
}
TALL = ModelRef("lab", "tall")
GPT = ModelRef("openai", "gpt-4o")

WHOLE = ListedModel(
    "a/b", 8_192, 1_024, Decimal("0.10"), Decimal("0.4"), Decimal("0.05"), Decimal("1E-7"), frozenset(Capability), True
)

amounts = st.none() | st.decimals(min_value=0, max_value=1000, allow_nan=False, allow_infinity=False, places=9)
sizes = st.none() | st.integers(min_value=0, max_value=10**9)
models = st.builds(
    ListedModel,
    st.text(min_size=1, max_size=20),
    sizes,
    sizes,
    amounts,
    amounts,
    amounts,
    amounts,
    st.frozensets(st.sampled_from(Capability)),
    st.booleans(),
)


def at(now_ms: int) -> Clocks:
    return replace(Clocks(), now_ms=lambda: now_ms, random=lambda: 0.0)


def known(opened: Workstation, ref: ModelRef = TALL) -> Model:
    found = opened.models.find(ref)
    assert found is not None
    return found


def vendors(env: Mapping[str, str] | None = None, *, baseline: str = "") -> Models:
    """The built-in providers, of which nobody was asked."""
    shipped = {spec.name: spec for spec in BUILTIN_PROVIDERS}
    chosen = Settings(providers=shipped, routing=replace(RoutingSettings(), baseline=baseline))
    return Models(chosen, env or {"OPENAI_API_KEY": "sk-test-0000000000000000"}, find_key, lambda: 0.0)


async def test_a_list_survives_a_restart_with_its_date(home: Path) -> None:
    async with ScriptedServer(whole(LISTED)) as server:
        chosen = settings(provider("lab", server.url))
        async with station(home, chosen, at(NOON_MS)) as opened:
            assert await opened.models.refresh() == {}
            assert known(opened).prices == Prices(Decimal(1), Decimal(4), source="lab server", as_of=TODAY)
        async with station(home, chosen, at(NOON_MS + DAY_MS)) as again:
            kept = known(again)
            resolved = again.models.resolve("tall")

    assert (kept.context_tokens, kept.prices) == (
        9_000,
        Prices(Decimal(1), Decimal(4), source="lab server", as_of=TODAY),
    )
    assert resolved == TALL
    file = home / "cache" / "models.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["models.json"]


async def test_a_server_that_cannot_answer_keeps_its_old_list_and_date(home: Path) -> None:
    async with ScriptedServer(whole(LISTED), whole({"error": "no"}, 404)) as server:
        chosen = settings(provider("lab", server.url))
        for now_ms, problems in ((NOON_MS, set()), (NOON_MS + DAY_MS, {"lab"})):
            async with station(home, chosen, at(now_ms)) as opened:
                assert (await opened.models.refresh()).keys() == problems
                prices = known(opened).prices

    assert prices is not None
    assert prices.as_of == TODAY


async def test_a_newer_answer_brings_its_own_date(home: Path) -> None:
    async with ScriptedServer(whole(LISTED)) as server:
        chosen = settings(provider("lab", server.url))
        for now_ms in (NOON_MS, NOON_MS + DAY_MS):
            async with station(home, chosen, at(now_ms)) as opened:
                await opened.models.refresh()
                prices = known(opened).prices

    assert prices is not None
    assert prices.as_of == TOMORROW


async def test_a_list_holds_for_no_other_address(home: Path) -> None:
    async with ScriptedServer(whole(LISTED)) as server, ScriptedServer() as other:
        async with station(home, settings(provider("lab", server.url))) as opened:
            await opened.models.refresh()
        async with station(home, settings(provider("lab", other.url))) as moved:
            assert TALL not in {each.ref for each in moved.models.all()}


def test_a_file_gives_back_what_was_written(home: Path) -> None:
    listings = Listings(home / "cache" / "models.json", lambda: NOON_MS)
    told = {"lab": Listing("http://127.0.0.1:1/v1", TODAY, (WHOLE, ListedModel("bare")))}

    listings.write(told)

    assert listings.read() == told
    assert listings.today() == TODAY


@given(listed=st.lists(models, max_size=4))
def test_any_list_comes_back(tmp_path_factory: pytest.TempPathFactory, listed: list[ListedModel]) -> None:
    listings = Listings(tmp_path_factory.mktemp("cache") / "models.json", lambda: NOON_MS)
    told = {"lab": Listing("", TODAY, tuple(listed))}

    listings.write(told)

    assert listings.read() == told


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"providers": []}',
        b'{"providers": {"lab": 5}}',
        b'{"providers": {"lab": {"base_url": "", "as_of": "yesterday", "models": []}}}',
        b'{"providers": {"lab": {"base_url": "", "as_of": "2026-11-20", "models": {"id": "a"}}}}',
        b'{"providers": {"lab": {"base_url": "", "as_of": "2026-11-20", "models": [{"id": "a", "input_usd_per_mtok": "free"}]}}}',
        b'{"providers": {"lab": {"base_url": "", "as_of": "2026-11-20", "models": [{"id": "a", "input_usd_per_mtok": "-1"}]}}}',
        b'{"providers": {"lab": {"base_url": "", "as_of": "2026-11-20", "models": [{"id": "a", "context_tokens": "9"}]}}}',
        b"[" * 100_000,
    ],
    ids=range(13),
)
def test_a_file_that_is_not_ours_is_passed_over(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "models.json"
    file.write_bytes(content)

    assert Listings(file, lambda: NOON_MS).read() == {}


def test_a_folder_that_cannot_be_written_costs_only_the_list(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    listings = Listings(tmp_path / "cache" / "models.json", lambda: NOON_MS)

    listings.write({"lab": Listing("", TODAY, (WHOLE,))})

    assert listings.read() == {}


async def test_a_model_that_only_the_price_list_knows_is_priced_before_it_is_used() -> None:
    models = vendors()
    before = models.find(GPT)

    await models.require(GPT)

    after = models.find(GPT)
    assert before is not None
    assert before.prices is None
    assert after is not None
    assert after.prices is not None
    assert (after.prices.input_usd_per_mtok, after.prices.source) == (Decimal("2.5"), "genai-prices 0.2.3")


async def test_the_price_list_is_read_once_whoever_asks_and_however_often(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []

    def counted() -> pricelist.PriceList:
        reads.append(1)
        return once()

    once = pricelist.read
    monkeypatch.setattr(pricelist, "read", counted)
    models = vendors()

    await asyncio.gather(*(models.require(GPT) for _ in range(3)))
    await models.complete_prices()
    models.complete_prices_now(GPT)

    assert len(reads) == 1


async def test_a_baseline_that_only_the_price_list_knows_is_priced() -> None:
    models = vendors(baseline=str(GPT))

    await models.complete_prices(())

    found = models.find(GPT)
    assert found is not None
    assert found.prices is not None


def test_a_cut_turn_is_priced_before_there_is_a_loop() -> None:
    models = vendors()

    models.complete_prices_now(GPT)

    found = models.find(GPT)
    assert found is not None
    assert found.prices is not None


async def test_the_price_list_is_not_read_where_every_price_is_known() -> None:
    code = (
        "import asyncio, sys\n"
        "from hawkmoth_tui.engine.models import Models\n"
        "from hawkmoth_tui.secrets.chain import find_key\n"
        "from hawkmoth_tui.settings.load import load\n"
        "models = Models(load({}).settings, {}, find_key, lambda: 0.0)\n"
        "asyncio.run(models.complete_prices())\n"
        "assert 'genai_prices' not in sys.modules\n"
    )

    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)

    assert await process.wait() == 0


async def test_a_described_model_of_a_vendor_is_priced_on_the_automatic_road(home: Path) -> None:
    spec = next(spec for spec in BUILTIN_PROVIDERS if spec.name == "openai")
    mine = replace(spec, api_key="none", models=(replace(model("gpt-4o", None), context_tokens=None),))

    async with station(home, settings(mine)) as opened:
        route = await opened.route("hello")

    assert {candidate.model: candidate.expected_cost_pico is None for candidate in route.candidates}[GPT] is False
