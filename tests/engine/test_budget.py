"""Budgets: which limits hold when, for whom, and for how many processes at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from hawkmoth_tui.core.events import Notice
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Outcome, TurnState
from hawkmoth_tui.engine.budget import day_start_ms, limits_of_all, month_start_ms
from hawkmoth_tui.engine.options import TurnOptions
from hawkmoth_tui.settings.schema import Allotment, BudgetSettings
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.rows import Reservation
from hawkmoth_tui.store.store import Store
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.headless.shell import MODEL, configure, hawkmoth
from tests.headless.shell import answer as reply
from tests.servers.scripted import ScriptedServer, whole
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hawkmoth_tui.settings.schema import Settings
    from tests.servers.scripted import Reply, Request

NEARLY_NOTHING = Allotment(day_usd=Decimal("0.000001"))
AT_ONCE = 8


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """The machine's own zone for one test."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


def two(url: str, budget: BudgetSettings) -> Settings:
    cheap = provider("cheap", url, replace(model("m", "0.1"), lane="economy"))
    dear = provider("dear", url, replace(model("m", "9"), lane="premium"))
    return settings(cheap, dear, budget=budget)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"], indirect=True)
@pytest.mark.parametrize(
    "now",
    [
        "2026-03-29T12:00",
        "2026-10-25T12:00",
        "2026-10-31T23:59",
        "2026-11-01T23:00",
        "2026-03-08T15:00",
        "2026-07-01T00:00",
    ],
)
def test_a_day_and_a_month_begin_at_their_own_midnight_also_when_clocks_are_set(zone: ZoneInfo, now: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=zone)
    now_ms = int(moment.timestamp() * 1000)

    midnight = moment.replace(hour=0, minute=0)
    assert day_start_ms(now_ms) == int(midnight.timestamp() * 1000)
    assert month_start_ms(now_ms) == int(midnight.replace(day=1).timestamp() * 1000)


@pytest.mark.parametrize(
    "budget",
    [
        BudgetSettings(providers={"dear": NEARLY_NOTHING}),
        BudgetSettings(lanes={"premium": Allotment(month_usd=Decimal("0.000001"))}),
    ],
)
async def test_a_provider_and_a_lane_have_limits_of_their_own(home: Path, budget: BudgetSettings) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, two(server.url, budget)) as opened:
        await opened.models.access.look_for_keys()
        blocked = await ask(opened, "write a poem", model=ModelRef("dear", "m"))
        answered = await ask(opened, "write a poem", model=ModelRef("cheap", "m"))

    assert (blocked.state, answered.state) == (TurnState.BLOCKED, TurnState.DONE)
    assert blocked.error is not None
    said = blocked.error.message + blocked.error.hint
    assert "cheaper: cheap/m about $" in said
    assert "limit of $0.000001" in said


async def test_a_pinned_model_that_is_too_dear_for_the_day_is_answered_with_cheaper_ones(home: Path) -> None:
    budget = BudgetSettings(day_usd=Decimal("0.01"))
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, two(server.url, budget)) as opened:
        await opened.models.access.look_for_keys()
        turn = await ask(opened, "write a poem", model=ModelRef("dear", "m"))

    assert turn.state is TurnState.BLOCKED
    assert turn.error is not None
    assert turn.error.hint.startswith("cheaper: cheap/m about $0.0")
    assert "dear/m: may cost up to $0.15" in turn.error.hint


async def test_where_a_providers_limit_is_reached_the_router_leaves_it_out_and_says_which(home: Path) -> None:
    budget = BudgetSettings(providers={"cheap": NEARLY_NOTHING})
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, two(server.url, budget)) as opened:
        turn = await ask(opened, "write a poem")

    assert [attempt.model.provider for attempt in turn.attempts] == ["dear"]
    assert turn.route is not None
    left_out = turn.route.candidate(ModelRef("cheap", "m"))
    assert left_out is not None
    assert left_out.veto is not None
    assert left_out.veto.rule == "budget"
    assert "the cheap day limit of $0.000001 has $0.000001 left" in left_out.veto.reason


async def test_what_other_processes_hold_of_a_providers_limit_sends_the_turn_to_the_next_candidate(home: Path) -> None:
    budget = BudgetSettings(providers={"cheap": Allotment(day_usd=Decimal(1))})
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, two(server.url, budget)) as opened:
        other = Store.open(home / "hawkmoth.db", owner=this_process(), clock_ms=lambda: 0)
        await other.reserve(Reservation("elsewhere", 10**12, "s", "t", "cheap", "economy"), ())
        turn = await ask(opened, "write a poem")
        other.close()

    assert [(attempt.model.provider, attempt.outcome) for attempt in turn.attempts] == [
        ("cheap", Outcome.SKIPPED),
        ("dear", Outcome.OK),
    ]


async def test_what_is_offered_in_place_of_a_refused_model_has_room_itself(home: Path) -> None:
    budget = BudgetSettings(providers={"dear": NEARLY_NOTHING, "cheap": NEARLY_NOTHING})
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, two(server.url, budget)) as opened:
        await opened.models.access.look_for_keys()
        turn = await ask(opened, "write a poem", model=ModelRef("dear", "m"))

    assert turn.is_over_budget
    assert turn.error is not None
    assert "cheaper" not in turn.error.hint


async def test_limits_of_providers_are_read_from_the_settings_and_shown_with_what_is_used(home: Path) -> None:
    budget = BudgetSettings(providers={"cheap": Allotment(Decimal(1), Decimal(9))}, lanes={"premium": NEARLY_NOTHING})
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, two(server.url, budget)) as opened:
        turn = await ask(opened, "write a poem", model=ModelRef("cheap", "m"))
        limits = opened.costs.summary(turn.session_id).limits

    assert limits == (
        ("cheap day", turn.cost_pico, 10**12),
        ("cheap month", turn.cost_pico, 9 * 10**12),
        ("premium lane day", 0, 10**6),
    )
    assert [limit.name for limit in limits_of_all(budget, 0)] == [name for name, _, _ in limits]


async def test_a_retry_asks_the_budget_again(home: Path) -> None:
    """Another process spends the day while a busy server is waited for: the request is not sent again."""
    budget = BudgetSettings(day_usd=Decimal("0.5"))
    async with ScriptedServer(whole({}, 503), answer()) as server, station(home, two(server.url, budget)) as opened:
        session = await opened.sessions.create()
        options = TurnOptions(model=ModelRef("cheap", "m"))
        async with aclosing(opened.send(session.id, "write a poem", options)) as events:
            async for event in events:
                if isinstance(event, Notice) and "trying" in event.message:
                    other = Store.open(home / "hawkmoth.db", owner=this_process(), clock_ms=lambda: 0)
                    await other.append_ledger(samples.row("a1", 10**12, at_ms=time.time_ns() // 10**6))
                    other.close()
        (turn,) = opened.sessions.turns(session.id)

    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert "would pass the day limit of $0.50" in turn.error.message
    assert len(server.requests) == 1


async def test_a_lifted_budget_holds_again_for_the_next_turn_and_counts_what_was_spent(home: Path) -> None:
    budget = BudgetSettings(day_usd=Decimal("0.000001"))
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, two(server.url, budget)) as opened:
        blocked = await ask(opened, "write a poem")
        lifted = await ask(opened, "write a poem", blocked.session_id, lifts_budget=True)
        again = await ask(opened, "write a poem", blocked.session_id)
        used = opened.costs.summary(None).limits[0][1]

    assert [turn.state for turn in (blocked, lifted, again)] == [TurnState.BLOCKED, TurnState.DONE, TurnState.BLOCKED]
    assert used == lifted.cost_pico


async def test_ask_lifts_the_budget_when_it_is_told_to(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: reply("fine")) as server:
        configure(home, server.url, '[budget]\nday_usd = "0.000001"\n')
        refused = await hawkmoth("ask", "--model", MODEL, "write a poem")
        lifted = await hawkmoth("ask", "--model", MODEL, "--over-budget", "write a poem")
        capped = await hawkmoth("ask", "--model", MODEL, "--over-budget", "--max-cost", "0.000001", "write a poem")

    assert (refused.code, lifted.code, capped.code) == (4, 0, 4)
    assert "--over-budget sends it all the same" in refused.said


async def test_eight_processes_cannot_overspend_a_providers_day_together(home: Path) -> None:
    """What each may cost is held while all wait for their answers: as many as fit are sent, the others are refused before they send."""
    arrivals: asyncio.Queue[None] = asyncio.Queue()
    gate = asyncio.Event()

    def answer_later(_: Request) -> Reply:
        arrivals.put_nowait(None)
        return replace(reply("fine"), before_head=(gate,))

    async with ScriptedServer(answer=answer_later) as server:
        limit = '[budget.providers.lab]\nday_usd = "0.07"\n'
        configure(home, server.url, limit, model="max_output_tokens = 1000\n")
        running = [asyncio.create_task(hawkmoth("ask", "--model", MODEL, "write a poem")) for _ in range(AT_ONCE)]
        for task in running:
            task.add_done_callback(lambda _: arrivals.put_nowait(None))
        for _ in range(AT_ONCE):
            await arrivals.get()
        gate.set()
        codes = sorted([(await task).code for task in running])

    assert len(server.requests) == 4, "each may cost a little more than $0.015"
    assert codes == [0] * 4 + [4] * 4
