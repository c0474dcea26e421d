"""A store that fails in the middle costs no answer, and what one change writes another does not undo."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import TurnState
from tests.engine.stations import answer, ask, provider, settings, station
from tests.servers.scripted import Reply, ScriptedServer, sse

if TYPE_CHECKING:
    from pathlib import Path


def break_store(home: Path) -> None:
    """From now on nothing can be written, while what is there can be read."""
    with closing(sqlite3.connect(home / "hawkmoth.db")) as connection:
        for table in ("session", "turn"):
            for change in ("INSERT", "UPDATE"):
                connection.execute(
                    f"CREATE TRIGGER broken_{table}_{change} BEFORE {change} ON {table}"
                    " BEGIN SELECT RAISE(ABORT, 'broken'); END"
                )
        connection.commit()


async def test_a_store_that_fails_before_the_first_prompt_costs_no_answer(home: Path) -> None:
    async with (
        ScriptedServer(answer("still here")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        break_store(home)

        turn = await ask(opened, "hi")

        assert (turn.state, turn.text) == (TurnState.DONE, "still here ")
        assert opened.is_in_memory
        assert len(opened.warnings) == 1


async def test_the_session_goes_on_in_memory_with_its_past(home: Path) -> None:
    async with (
        ScriptedServer(answer("one"), answer("two")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        first = await ask(opened, "hi")
        break_store(home)

        second = await ask(opened, "and?", first.session_id)

        assert opened.sessions.branch(first.session_id) == (first, second)
        assert len(opened.warnings) == 1


async def test_two_answers_outlive_a_store_that_fails_under_both(home: Path) -> None:
    broken = asyncio.Event()
    head, *rest = answer("the end").steps
    slow = Reply((*sse({"choices": [{"index": 0, "delta": {"content": "begun "}}]}), broken, head, *rest))
    async with ScriptedServer(slow) as server, station(home, settings(provider("lab", server.url))) as opened:
        tasks = [asyncio.create_task(ask(opened, text)) for text in ("a", "b")]
        async with asyncio.timeout(5):
            while sum(bool(turn.text) for turn in opened.running()) < 2:  # noqa: ASYNC110  # a server writes
                await asyncio.sleep(0.002)
        break_store(home)
        broken.set()
        turns = await asyncio.gather(*tasks)

        assert [(turn.state, turn.text) for turn in turns] == [(TurnState.DONE, "begun the end ")] * 2
        assert [opened.sessions.branch(turn.session_id) for turn in turns] == [(turn,) for turn in turns]
        assert len(opened.warnings) == 1


async def test_a_rename_does_not_undo_a_turn_that_is_just_being_stored(home: Path) -> None:
    async with (
        ScriptedServer(answer("one")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        session = await opened.sessions.create(title="named")
        with closing(sqlite3.connect(home / "hawkmoth.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            asking = asyncio.create_task(ask(opened, "hi", session.id))
            async with asyncio.timeout(5):
                while not opened.running():  # noqa: ASYNC110  # the test is about what has not happened yet
                    await asyncio.sleep(0)
            renaming = asyncio.create_task(opened.sessions.rename(session.id, "other"))
            await asyncio.sleep(0)
            other.execute("ROLLBACK")
            turn, _ = await asyncio.gather(asking, renaming)

        assert opened.sessions.get(session.id).title == "other"
        assert opened.sessions.branch(session.id) == (turn,)
