"""A store that fails in the middle costs no answer, and what one change writes another does not undo.

Nothing here opens the file by the standard library: a second copy of SQLite in one process knows nothing of the first one's locks.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import closing
from typing import TYPE_CHECKING

import apsw

from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine import keeper
from hawkmoth_tui.engine.keeper import Keeping
from hawkmoth_tui.store import db
from hawkmoth_tui.store.damage import damaged_files
from tests.engine.stations import answer, ask, provider, settings, station
from tests.patience import PATIENCE_S
from tests.servers.scripted import Reply, ScriptedServer, sse

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def break_store(home: Path) -> None:
    """From now on nothing can be written, while what is there can be read."""
    with closing(apsw.Connection(str(home / "hawkmoth.db"))) as connection, connection:
        for table in ("session", "turn"):
            for change in ("INSERT", "UPDATE"):
                connection.execute(
                    f"CREATE TRIGGER broken_{table}_{change} BEFORE {change} ON {table}"
                    " BEGIN SELECT RAISE(ABORT, 'broken'); END"
                )


def mend_store(home: Path) -> None:
    with closing(apsw.Connection(str(home / "hawkmoth.db"))) as connection, connection:
        for table in ("session", "turn"):
            for change in ("INSERT", "UPDATE"):
                connection.execute(f"DROP TRIGGER broken_{table}_{change}")


def damage(home: Path) -> None:
    """Noise over one page in the middle."""
    store = bytearray((home / "hawkmoth.db").read_bytes())
    middle = len(store) // 2 // 4096 * 4096
    store[middle : middle + 4096] = random.Random(1).randbytes(4096)
    (home / "hawkmoth.db").write_bytes(store)


def set_aside(home: Path) -> list[bytes]:
    return [file.read_bytes() for file in damaged_files(home / "hawkmoth.db")]


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
        async with asyncio.timeout(PATIENCE_S):
            while sum(bool(turn.text) for turn in opened.running()) < 2:  # noqa: ASYNC110  # a server writes
                await asyncio.sleep(0.002)
        break_store(home)
        broken.set()
        turns = await asyncio.gather(*tasks)

        assert [(turn.state, turn.text) for turn in turns] == [(TurnState.DONE, "begun the end ")] * 2
        assert [opened.sessions.branch(turn.session_id) for turn in turns] == [(turn,) for turn in turns]
        assert len(opened.warnings) == 1


async def test_what_was_kept_in_memory_is_saved_when_the_store_takes_it_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "FIRST_RETRY_S", 0.01)
    async with (
        ScriptedServer(answer("one"), answer("two"), answer("three")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        first = await ask(opened, "hi")
        break_store(home)
        second = await ask(opened, "and?", first.session_id)
        assert (opened.is_in_memory, opened.keeping.unsaved_turns) == (True, 1)
        await opened.sessions.save_draft(first.session_id, "half a")

        mend_store(home)
        async with asyncio.timeout(PATIENCE_S):
            while opened.is_in_memory:  # noqa: ASYNC110  # the store tries by itself
                await asyncio.sleep(0.005)

        assert opened.keeping == Keeping()
        assert "1 turn kept in memory" in opened.warnings[-1]
        third = await ask(opened, "so?", first.session_id)
        assert opened.sessions.branch(first.session_id) == (first, second, third)
        costs = sum(turn.cost_pico or 0 for turn in (first, second, third))
        assert opened.costs.summary(first.session_id).session_pico == costs
        assert opened.sessions.history() == ("so?", "and?", "hi")
        assert opened.sessions.draft(first.session_id) == "half a"


async def test_what_was_kept_in_memory_is_saved_at_the_latest_at_the_end(home: Path) -> None:
    async with ScriptedServer(answer("one")) as server:
        async with station(home, settings(provider("lab", server.url))) as opened:
            break_store(home)
            turn = await ask(opened, "hi")
            mend_store(home)
        async with station(home, settings(provider("lab", server.url))) as opened:
            assert opened.sessions.branch(turn.session_id) == (turn,)


async def test_a_damaged_store_is_set_aside_and_what_comes_next_is_saved(home: Path) -> None:
    async with ScriptedServer(answer("one"), answer("two")) as server:
        async with station(home, settings(provider("lab", server.url))) as opened:
            await ask(opened, "hi")
        damage(home)
        before = (home / "hawkmoth.db").read_bytes()

        async with station(home, settings(provider("lab", server.url))) as opened:
            (warning,) = opened.warnings
            turn = await ask(opened, "again")
            assert not opened.is_in_memory

    assert "hawkmoth store restore" in warning
    assert set_aside(home) == [before]
    async with station(home, settings()) as opened:
        assert opened.sessions.branch(turn.session_id) == (turn,)


async def test_a_store_locked_at_the_start_gets_the_answer_later(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(db, "BUSY_TIMEOUT_S", 0.05)
    async with ScriptedServer(answer("one")) as server:
        async with station(home, settings(provider("lab", server.url))):
            pass
        with closing(apsw.Connection(str(home / "hawkmoth.db"))) as other:
            other.execute("BEGIN IMMEDIATE")
            async with station(home, settings(provider("lab", server.url))) as opened:
                turn = await ask(opened, "hi")
                assert opened.keeping.unsaved_turns == 1
                other.execute("ROLLBACK")
        async with station(home, settings()) as opened:
            assert opened.sessions.branch(turn.session_id) == (turn,)


async def test_a_rename_does_not_undo_a_turn_that_is_just_being_stored(home: Path) -> None:
    async with (
        ScriptedServer(answer("one")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        session = await opened.sessions.create(title="named")
        with closing(apsw.Connection(str(home / "hawkmoth.db"))) as other:
            other.execute("BEGIN IMMEDIATE")
            asking = asyncio.create_task(ask(opened, "hi", session.id))
            async with asyncio.timeout(PATIENCE_S):
                while not opened.running():  # noqa: ASYNC110  # the test is about what has not happened yet
                    await asyncio.sleep(0)
            renaming = asyncio.create_task(opened.sessions.rename(session.id, "other"))
            await asyncio.sleep(0)
            other.execute("ROLLBACK")
            turn, _ = await asyncio.gather(asking, renaming)

        assert opened.sessions.get(session.id).title == "other"
        assert opened.sessions.branch(session.id) == (turn,)
