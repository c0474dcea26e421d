"""What a session's next prompt will meet: the gauge, the price of a switch; and what was learned from use."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.engine.cut_turns import priced_cut
from hawkmoth_tui.engine.outlook import Outlook
from hawkmoth_tui.engine.planning import WARM_CACHE_MS
from hawkmoth_tui.store.rows import Owner
from hawkmoth_tui.store.store import Store
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation

CHEAP, DEAR, PLAIN = ModelRef("lab", "cheap"), ModelRef("lab", "dear"), ModelRef("lab", "plain")
CACHING = replace(model("dear", "10"), cached_input_usd_per_mtok=Decimal(1))
MODELS = (model("cheap", "0.1"), CACHING, model("plain", None))


@asynccontextmanager
async def laboratory(home: Path, usage: tuple[int, int] = (10, 5)) -> AsyncIterator[Workstation]:
    """Three models of one provider whose every answer reports this usage."""
    async with (
        ScriptedServer(answer(usage=usage)) as server,
        station(home, settings(provider("lab", server.url, *MODELS))) as opened,
    ):
        yield opened


async def test_the_gauge_shows_what_the_model_reported(home: Path) -> None:
    async with laboratory(home, (12_000, 800)) as opened:
        turn = await ask(opened, "hi", model=CHEAP)
        session = opened.sessions.get(turn.session_id)
        outlook = Outlook(opened)

        gauge, other = outlook.gauge(session, None), outlook.gauge(session, DEAR)

    assert gauge is not None
    assert (gauge.model, gauge.used_tokens, gauge.window_tokens) == (CHEAP, 12_800, 32_000)
    assert gauge.is_estimate is False
    assert gauge.share == 0.4
    assert other is not None
    assert other.is_estimate


async def test_there_is_no_gauge_before_the_first_answer(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, *MODELS))) as opened,
    ):
        session = await opened.sessions.create()

        assert Outlook(opened).gauge(session, None) is None
        assert Outlook(opened).gauge(None, CHEAP) is None


async def test_a_switch_costs_what_must_be_read_again(home: Path) -> None:
    async with laboratory(home, (12_000, 800)) as opened:
        turn = await ask(opened, "hi", model=CHEAP)
        session = opened.sessions.get(turn.session_id)
        outlook = Outlook(opened)

        dear, unknown = outlook.reread(session, DEAR), outlook.reread(session, PLAIN)

        assert outlook.reread(session, CHEAP) is None
        late = Clocks(now_ms=lambda: (turn.ended_at_ms or 0) + WARM_CACHE_MS + 1)
        assert Outlook(opened, late).reread(session, DEAR) is None
    assert dear is not None
    assert dear.tokens == 12_800
    assert dear.cost_pico == 12_800 * 9 * 10**6
    assert unknown is not None
    assert unknown.cost_pico is None


async def test_another_model_counts_the_same_text_its_own_way(home: Path) -> None:
    claude = ModelRef("lab", "claude-opus-5-5")
    async with (
        ScriptedServer(answer(usage=(9_000, 1_000))) as server,
        station(home, settings(provider("lab", server.url, *MODELS, model(claude.id, "10")))) as opened,
    ):
        turn = await ask(opened, "hi", model=CHEAP)
        session = opened.sessions.get(turn.session_id)
        gauge, reread = Outlook(opened).gauge(session, claude), Outlook(opened).reread(session, claude)

    assert gauge is not None
    assert (gauge.used_tokens, gauge.is_estimate) == (15_500, True)
    assert reread is None or reread.tokens == 15_500


async def test_uses_are_counted_by_model_the_last_used_first(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, *MODELS))) as opened,
    ):
        first = await ask(opened, "hi", model=CHEAP)
        await ask(opened, "hi again", first.session_id, model=CHEAP)
        await ask(opened, "hello", model=DEAR)

        uses = await opened.sessions.model_uses()

    assert [(use.model, use.turns) for use in uses] == [(DEAR, 1), (CHEAP, 2)]
    assert uses[0].last_at_ms >= uses[1].last_at_ms


async def test_sessions_are_found_by_the_words_of_any_prompt(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, *MODELS))) as opened,
    ):
        moths = await ask(opened, "about Moths and lamps")
        await ask(opened, "and then?", moths.session_id)
        hawks = await ask(opened, 'about "hawks" and lamps')

        assert await opened.sessions.saying(["moths"]) == {moths.session_id}
        assert await opened.sessions.saying(['"hawks"', "lamps"]) == {hawks.session_id}
        assert await opened.sessions.saying(["lamps"]) == {moths.session_id, hawks.session_id}
        assert await opened.sessions.saying(["text"]) == frozenset()
        assert await opened.sessions.saying([]) == frozenset()


async def test_an_answer_of_another_process_is_known_and_ended_when_its_owner_is_dead(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, *MODELS))) as opened,
    ):
        turn = await ask(opened, "hi", model=CHEAP)
        assert opened.sessions.elsewhere(turn.session_id) is None
        other = Store.open(opened.paths.db_file, owner=Owner(2**22 + 1, "never"), clock_ms=Clocks().now_ms)
        await other.start_turn(replace(samples.turn("t9", session_id=turn.session_id), parent_id=turn.id))

        found = opened.sessions.elsewhere(turn.session_id)
        await opened.sessions.end_orphans(lambda cut: priced_cut(cut, opened.models))

        assert found is not None
        assert (found.turn_id, found.pid, found.is_alive) == ("t9", 2**22 + 1, False)
        assert opened.turn("t9").state is TurnState.INTERRUPTED
        assert opened.sessions.elsewhere(turn.session_id) is None
        other.close()
