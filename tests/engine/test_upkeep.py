"""Rules that are followed, copies that are made, and damage that is found in idle time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.engine import keeper, storing, upkeep
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.engine.storing import StoreFile
from hawkmoth_tui.settings.schema import SessionSettings
from hawkmoth_tui.store import backups
from tests.engine.stations import answer, ask, provider, settings, station
from tests.engine.test_keeper import damage, set_aside
from tests.patience import PATIENCE_S
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

DAY_MS = upkeep.DAY_MS


async def test_sessions_go_by_the_rules_that_are_set_and_only_by_them(home: Path) -> None:
    now_ms = 1_800_000_000_000
    clocks = replace(Clocks(), now_ms=lambda: now_ms)
    async with (
        ScriptedServer(answer(), answer()) as server,
        station(home, settings(provider("lab", server.url)), clocks) as opened,
    ):
        old = await ask(opened, "long ago")
        now_ms += 10 * DAY_MS
        new = await ask(opened, "today")
        store = opened._keeper.store

        assert await upkeep.follow_rules(store, SessionSettings(), now_ms + 3650 * DAY_MS) == 0
        assert len(opened.sessions.list()) == 2

        await upkeep.follow_rules(store, SessionSettings(retain_days=9), now_ms)
        assert [each.session.id for each in opened.sessions.list()] == [new.session_id]
        assert [each.session.id for each in opened.sessions.deleted()] == [old.session_id]

        now_ms += 29 * DAY_MS
        assert await upkeep.follow_rules(store, SessionSettings(), now_ms) == 0
        now_ms += 2 * DAY_MS
        assert await upkeep.follow_rules(store, SessionSettings(), now_ms) == 1
        assert opened.sessions.deleted() == ()


async def test_the_day_gets_its_copy_once_the_start_is_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "CARE_AFTER_S", 0)
    async with ScriptedServer(answer()) as server, station(home, settings(provider("lab", server.url))) as opened:
        await ask(opened, "hi")

        opened._keeper.care_later()
        async with asyncio.timeout(PATIENCE_S):
            while not backups.kept(home / "hawkmoth.db"):  # noqa: ASYNC110  # a thread makes it
                await asyncio.sleep(0.005)


async def test_damage_found_in_a_large_store_costs_no_answer_and_sets_it_aside(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "SMALL_BYTES", 0)
    monkeypatch.setattr(upkeep, "SMALL_BYTES", 0)
    monkeypatch.setattr(keeper, "CARE_AFTER_S", 0)
    monkeypatch.setattr(keeper, "FIRST_RETRY_S", 0.01)
    async with ScriptedServer(answer("one"), answer("two")) as server:
        async with station(home, settings(provider("lab", server.url))) as opened:
            await ask(opened, "hi")
        damage(home)
        async with station(home, settings(provider("lab", server.url))) as opened:
            opened._keeper.care_later()
            async with asyncio.timeout(PATIENCE_S):
                while not opened.warnings:  # noqa: ASYNC110  # a thread looks
                    await asyncio.sleep(0.005)
            turn = await ask(opened, "again")
        assert len(set_aside(home)) == 1
        async with station(home, settings()) as opened:
            assert opened.sessions.branch(turn.session_id) == (turn,)


def test_a_store_is_opened_as_often_as_it_has_to_be(home: Path) -> None:
    file = StoreFile(home / "hawkmoth.db", lambda: 5000, lambda _: None)

    for _ in range(2):
        store = file.open()
        assert store.check() == ()
        store.close()
