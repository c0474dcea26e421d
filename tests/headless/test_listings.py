"""What is saved, what it cost, which models exist, what the router would do: as people and as programs read it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.models import Capability, Model, ModelRef, Prices
from hawkmoth_tui.core.summaries import Compared, CostGroup, CostTotals
from hawkmoth_tui.engine.cost_document import cost_csv, cost_document
from hawkmoth_tui.headless.cost import instant_ms
from hawkmoth_tui.headless.cost import text as cost_text
from hawkmoth_tui.headless.models import text as models_text
from tests.headless.shell import MODEL, Done, answer, configure, hawkmoth
from tests.servers.scripted import Reply, ScriptedServer, whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.servers.scripted import Request

LISTED = whole({"object": "list", "data": [{"id": "small-model"}, {"id": "found-there"}]})


def _reply(request: Request) -> Reply:
    return LISTED if request.method == "GET" else answer("fine \x1b[31mred")


@pytest.fixture
async def lab(home: Path) -> AsyncIterator[ScriptedServer]:
    """A provider that answers, and lists one model more than is configured."""
    async with ScriptedServer(answer=_reply) as server:
        configure(home, server.url)
        yield server


async def rows(*arguments: str) -> list[dict[str, Any]]:
    """The array that a listing prints."""
    done = await hawkmoth(*arguments, "--json")
    assert done.code == 0, done.said
    parsed = json.loads(done.out)
    assert isinstance(parsed, list)
    return parsed


async def two_sessions() -> list[str]:
    """Two answered prompts; the ids of their sessions, oldest first."""
    first = await hawkmoth("ask", "--json", "--model", MODEL, "first prompt\nwith two lines")
    second = await hawkmoth("ask", "--json", "--model", MODEL, "second prompt")
    return [str(done.document["session"]) for done in (first, second)]


async def test_sessions_are_listed_newest_first(lab: ScriptedServer) -> None:
    old, new = await two_sessions()

    listed = await rows("sessions", "list")

    assert [row["id"] for row in listed] == [new, old]
    assert list(listed[0]) == [
        "id", "title", "created_at", "updated_at", "model", "policy", "tags", "archived", "on_top",
        "turns", "cost_usd", "unknown_turns", "preview",
    ]  # fmt: skip
    assert (listed[0]["turns"], listed[0]["cost_usd"], listed[0]["unknown_turns"]) == (1, "0.000168", 0)
    assert listed[1]["title"] == "first prompt"


async def test_the_list_for_people_has_one_line_each(lab: ScriptedServer) -> None:
    old, new = await two_sessions()

    done = await hawkmoth("sessions", "list")
    newest = await hawkmoth("sessions", "list", "--limit", "1")

    heading, *lines = done.text.splitlines()
    assert heading.split() == ["ID", "LAST", "USED", "TURNS", "COST", "TITLE"]
    assert [line.split()[0] for line in lines] == [new, old]
    assert "$0.00017" in lines[0]
    assert len(newest.text.splitlines()) == 2


async def test_an_empty_store_says_so() -> None:
    assert (await hawkmoth("sessions", "list")).text == "no sessions yet\n"
    assert await rows("sessions", "list") == []


async def test_a_session_is_shown_with_prompts_answers_and_costs(lab: ScriptedServer) -> None:
    old, _ = await two_sessions()

    done = await hawkmoth("sessions", "show", old)
    document = (await hawkmoth("sessions", "show", old, "--json")).document

    assert "> first prompt\n> with two lines\n\nfine ␛[31mred\n" in done.text
    assert f"[{MODEL} · $0.00017 · " in done.text
    turns = document["turns"]
    assert isinstance(turns, list)
    assert turns[0]["prompt"] == "first prompt\nwith two lines"
    assert turns[0]["text"] == "fine \x1b[31mred"
    (attempt,) = turns[0]["attempts"]
    assert attempt["reported_usage"] == {"prompt_tokens": 11, "completion_tokens": 9}
    assert attempt["reported_finish_reason"] == "stop"


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
async def test_an_export_holds_every_prompt_and_answer(lab: ScriptedServer, form: str) -> None:
    old, _ = await two_sessions()

    everything = await hawkmoth("sessions", "export", "--all", "--format", form)
    one = await hawkmoth("sessions", "export", old, "--format", form)

    for words in ("first prompt", "second prompt", "red"):
        assert words in everything.text
    assert "second prompt" not in one.text
    assert "\x1b" not in everything.text
    if form == "json":
        sessions = everything.document["sessions"]
        assert isinstance(sessions, list)
        assert [session["turns"][0]["text"] for session in sessions] == ["fine \x1b[31mred"] * 2


async def test_a_session_gets_another_title(lab: ScriptedServer) -> None:
    old, _ = await two_sessions()

    done = await hawkmoth("sessions", "rename", old, "better\ntitle")

    assert done.text == f"{old} is now called better title\n"
    assert [row["title"] for row in await rows("sessions", "list") if row["id"] == old] == ["better title"]


@pytest.mark.parametrize("arguments", [("show", "nosuch"), ("export", "nosuch"), ("rename", "nosuch", "title")])
async def test_an_unknown_session_exits_2(arguments: tuple[str, ...]) -> None:
    done = await hawkmoth("sessions", *arguments)

    assert (done.code, done.out) == (2, b"")
    assert "nosuch" in done.last_line


@pytest.mark.parametrize("arguments", [("sessions", "list"), ("cost",), ("sessions", "export", "--all")])
async def test_a_store_that_cannot_be_read_exits_5(home: Path, arguments: tuple[str, ...]) -> None:
    (home / "hawkmoth.db").write_text("hello, I am not a database\n" * 100)

    done = await hawkmoth(*arguments)

    assert (done.code, done.out) == (5, b"")
    assert done.said.count("\n") == 1


async def _costs(*arguments: str) -> dict[str, Any]:
    return (await hawkmoth("cost", "--json", *arguments)).document


async def test_costs_are_exact_and_unknown_is_counted_apart(lab: ScriptedServer) -> None:
    await two_sessions()
    await hawkmoth("ask", "--model", "lab/unpriced", "third")

    by_model = await _costs("--by", "model")
    by_session = await _costs("--by", "session")

    assert (by_model["total_usd"], by_model["unknown_turns"]) == ("0.000336", 1)
    groups = {group["key"]: group for group in by_model["groups"]}
    assert groups[MODEL]["cost_usd"] == "0.000336"
    assert (groups[MODEL]["turns"], groups[MODEL]["input_tokens"], groups[MODEL]["output_tokens"]) == (2, 22, 18)
    assert groups["lab/unpriced"]["unknown_turns"] == 1
    assert len(by_session["groups"]) == 3


async def test_savings_are_told_with_both_their_sides() -> None:
    compared = Compared(2_000_000_000_000, 3_000_000_000_000, 4)
    document = cost_document(CostTotals(5 * 10**12, 0, (replace(GROUP, compared=compared),), compared), "lab/large")
    sides = {"baseline_usd": "2", "compared_usd": "3", "saved_usd": "-1"}

    assert document["savings"] == {"baseline": "lab/large", **sides, "compared_requests": 4}
    assert sides.items() <= document["groups"][0].items()  # type: ignore[index,union-attr]  # a list of objects


async def test_a_price_that_changes_later_changes_nothing_that_is_booked(lab: ScriptedServer, home: Path) -> None:
    await two_sessions()
    config = home / "config.toml"
    config.write_text(config.read_text().replace('_usd_per_mtok = "3"', '_usd_per_mtok = "300"'))
    dearer = await hawkmoth("ask", "--json", "--model", MODEL, "third prompt")
    by_session = await _costs("--by", "session")

    assert [row["input_usd_per_mtok"] for row in await rows("models") if row["model"] == MODEL] == ["300"]
    assert [group["cost_usd"] for group in by_session["groups"]] == [
        dearer.document["cost_usd"],
        "0.000168",
        "0.000168",
    ]


async def test_costs_stay_within_their_days(lab: ScriptedServer) -> None:
    await two_sessions()

    assert (await _costs("--since", "2000-01-01"))["total_usd"] == "0.000336"
    assert (await _costs("--until", "2000-01"))["total_usd"] == "0"
    assert (await _costs("--since", "2999-01-01"))["groups"] == []


async def test_costs_for_people_and_for_spreadsheets(lab: ScriptedServer) -> None:
    await two_sessions()

    people = await hawkmoth("cost", "--by", "model")
    sheet = await hawkmoth("cost", "--by", "model", "--csv")

    assert people.text.splitlines()[0].split() == ["MODEL", "TURNS", "IN", "OUT", "COST"]
    assert people.text.splitlines()[-1].split() == ["total", "2", "22", "18", "$0.00034"]
    parsed = list(csv.DictReader(io.StringIO(sheet.text)))
    assert [(row["key"], row["cost_usd"]) for row in parsed] == [(MODEL, "0.000336")]


GROUP = CostGroup("s1", '=cmd|"/c calc"!A1', 1_000_000_000_000, 1, 2, 10, 20)


def test_no_cell_of_a_spreadsheet_is_a_formula() -> None:
    line = cost_csv(CostTotals(0, 0, (GROUP,))).splitlines()[1]

    assert next(csv.reader([line]))[1] == '\'=cmd|"/c calc"!A1'


def test_unknown_prices_are_marked_and_told_in_the_total() -> None:
    shown = cost_text(CostTotals(1_000_000_000_000, 1, (GROUP,)), "session", 80)

    assert "$1.00 +?" in shown
    assert shown.endswith("\ntotal ≥ $1.00 + 1 turn of unknown price")


def test_dates_are_days_months_or_times() -> None:
    day = 86_400_000

    assert instant_ms("2026-11-20", ends_day=True) - instant_ms("2026-11-20") == day
    assert instant_ms("2026-11", ends_day=True) == instant_ms("2026-12-01")
    assert instant_ms("2026-12", ends_day=True) == instant_ms("2027-01-01")
    assert instant_ms("2026-11-20T12:00") == instant_ms("2026-11-20T12:00", ends_day=True)
    assert instant_ms("2026-11-20T12:00+00:00") == 1_795_176_000_000


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "99999-01-01", "", "2026-1"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is not a date"):
        instant_ms(text)


async def test_models_show_lane_price_source_window_and_health(lab: ScriptedServer) -> None:
    listed = {row["model"]: row for row in await rows("models")}

    assert listed[MODEL] == {
        "model": MODEL,
        "provider": "lab",
        "lane": "standard",
        "context_tokens": 32000,
        "max_output_tokens": None,
        "input_usd_per_mtok": "3",
        "output_usd_per_mtok": "15",
        "cached_input_usd_per_mtok": None,
        "cache_write_usd_per_mtok": None,
        "price_source": "config",
        "price_as_of": None,
        "sources": {"context_tokens": {"source": "config", "as_of": None}},
        "capabilities": [],
        "quality": None,
        "is_local": True,
        "is_usable": True,
        "health": "ok",
    }
    foreign = next(row for row in listed.values() if row["provider"] == "anthropic")
    assert not foreign["is_usable"]
    assert "ANTHROPIC_API_KEY" in foreign["health"]
    assert foreign["price_as_of"]


async def test_refreshing_asks_the_providers(lab: ScriptedServer) -> None:
    refreshed = {row["model"] for row in await rows("models", "--refresh")}

    assert "lab/found-there" in refreshed
    assert any(request.method == "GET" for request in lab.requests)


async def test_the_models_for_people(lab: ScriptedServer) -> None:
    done = await hawkmoth("models")

    line = next(line for line in done.text.splitlines() if line.startswith(MODEL))
    assert line.split() == [MODEL, "standard", "32k", "?", "3.00", "15.00", "?", "ok", "config"]
    assert "? is unknown, which is not free" in done.text


@pytest.mark.parametrize("width", [80, 110, 120, 150, 200])
def test_the_catalogue_fits_every_width_and_dates_its_prices(width: int) -> None:
    priced = Prices(Decimal(1), Decimal(4), source="genai-prices 0.2.3", as_of="2026-11-09")
    told = Model(
        ModelRef("together", "an-organisation/" + "a-very-long-name-" * 4),
        context_tokens=131_072,
        prices=priced,
        capabilities=frozenset({Capability.TOOLS, Capability.REASONING}),
    )
    listed = [(told, None, "ok"), (Model(ModelRef("lab", "mystery")), None, "ok")]

    lines = models_text(listed, width).splitlines()
    mystery = next(line for line in lines if line.startswith("lab/mystery"))

    assert max(map(len, lines)) <= width
    assert lines[0].split()[:3] == ["MODEL", "LANE", "WINDOW"]
    assert "genai-prices 0.2.3 2026-11-09" in "\n".join(lines)
    assert mystery.split()[:5] == ["lab/mystery", "standard", "?", "?", "?"]
    assert ("tr" in lines[1].split()) is (width >= 110)


async def _route(*arguments: str) -> Done:
    return await hawkmoth("route", *arguments)


async def test_the_route_is_shown_with_every_vote_and_nothing_is_sent(lab: ScriptedServer) -> None:
    done = await _route("write a function that sorts")
    document = (await _route("--json", "write a function that sorts")).document

    assert done.code == 0
    assert done.text.startswith(f"→ {MODEL} · ")
    assert [line.split() for line in done.text.splitlines() if line.startswith("MODEL")] == [
        ["MODEL", "SCORE", "QUALITY", "RECORD", "EXPECTED", "VETO"],
        ["MODEL", "RULE", "VOTE", "REASON"],
    ]
    assert 'task coding 1.00, like "Python functions"' in done.text
    assert document["chosen"] == MODEL
    assert document["task"] == "coding"
    assert all(request.method == "GET" for request in lab.requests)
    assert await rows("sessions", "list") == []


async def test_a_prompt_that_fits_nobody_is_shown_and_exits_4(home: Path) -> None:
    async with ScriptedServer(answer=_reply) as server:
        configure(home, server.url, '[routing]\ndeny = ["*"]\n')

        done = await _route("--json", "hi")

    assert done.code == 4
    assert done.document["chosen"] is None
    assert "lab/small-model" in done.text


async def test_a_policy_changes_the_route(lab: ScriptedServer) -> None:
    document = (await _route("--json", "--policy", "cheapest", "hi")).document

    assert document["policy"] == "cheapest"
