"""Deleting hides a session and can be undone; purging leaves no word of it in any file, and no pico-dollar less in the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.errors import SessionNotFound, UserError
from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.messages import Image, Text, user
from hawkmoth_tui.core.summaries import GroupBy
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.store import damage, rollups
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRETS = (
    "plum-secret-prompt",
    "quince-secret-answer",
    "medlar-secret-title",
    "sorb-secret-draft",
    "damson-secret-picture",
)


async def confide(store: Store, session_id: str = "s1", turn_id: str = "t1") -> None:
    """A session with a secret in every place that text can get to."""
    prompt, answer, title, draft, picture = SECRETS
    await store.create_session(samples.session(session_id, title=title))
    turn = replace(
        samples.turn(turn_id, session_id=session_id),
        prompt=user(prompt, Image("image/png", picture.encode() * 50, "p.png")),
    )
    await store.start_turn(turn)
    store.journal(turn_id, TextDelta(answer))
    await store.save_turn(turn)
    await store.finish_turn(replace(turn, state=TurnState.DONE, answer=(Text(answer * 3000),), ended_at_ms=2000))
    await store.append_ledger(samples.row(f"{turn_id}-1", 700, session_id=session_id, turn_id=turn_id))
    await store.append_ledger(samples.row(f"{turn_id}-2", None, session_id=session_id, turn_id=turn_id))
    await store.save_draft(session_id, draft)
    await store.save_draft(f"{session_id}/tray", draft)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def told(folder: Path) -> set[str]:
    """The secrets that any file under the folder still tells, and where."""
    return {
        f"{secret} in {file.name}"
        for file in folder.rglob("*")
        if file.is_file()
        for secret in SECRETS
        if secret.encode() in file.read_bytes()
    }


async def test_a_deleted_session_is_hidden_and_comes_back(any_store: Store) -> None:
    await confide(any_store)

    await any_store.delete_session("s1")

    assert any_store.session("s1") is None
    assert any_store.sessions() == ()
    assert any_store.latest_session() is None
    assert any_store.sessions_saying(["plum"]) == frozenset()
    assert [summary.session.id for summary in any_store.deleted_sessions()] == ["s1"]
    assert any_store.spent().cost_pico == 700

    await any_store.undelete_session("s1")

    assert [summary.turns for summary in any_store.sessions()] == [1]
    assert any_store.deleted_sessions() == ()


async def test_only_what_is_there_can_be_deleted_and_only_what_was_deleted_comes_back(any_store: Store) -> None:
    await any_store.create_session(samples.session())

    with pytest.raises(SessionNotFound):
        await any_store.delete_session("s2")
    with pytest.raises(SessionNotFound):
        await any_store.undelete_session("s1")


async def test_who_asks_in_a_deleted_session_gets_it_back(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.delete_session("s1")

    await any_store.start_turn(samples.turn())

    assert any_store.session("s1") is not None


async def test_no_file_tells_of_a_purged_session(reopen: Callable[[], Store], home: Path) -> None:
    store = reopen()
    await confide(store)
    await store.create_session(samples.session("s2", title="stays"))
    await store.start_turn(samples.turn("t2", "something else", session_id="s2"))
    store.backup_daily()
    store.backup(home / "hawkmoth.db.bak-v2")
    assert len({line.split()[0] for line in told(home)}) == len(SECRETS)

    done = await store.purge(["s1"])

    assert (done.sessions, done.is_scrubbed) == (1, True)
    assert told(home) == set()
    assert [summary.session.title for summary in store.sessions()] == ["stays"]
    assert store.history() == ("something else",)
    assert store.check() == ()
    store = reopen()
    assert told(home) == set()


async def test_a_purge_keeps_the_amounts_without_saying_for_what(store: Store, path: Path) -> None:
    await confide(store)
    await store.append_ledger(samples.row("a9", 50, session_id="s9", turn_id="t9"))
    before = store.totals(GroupBy.MODEL)

    await store.purge(["s1"])

    assert store.totals(GroupBy.MODEL) == before
    assert [(group.key, group.cost_pico) for group in store.totals(GroupBy.SESSION).groups] == [("", 700), ("s9", 50)]
    assert store.spent(0, "s1").cost_pico == 0
    with apsw.Connection(str(path)) as connection:
        assert rollups.differences(connection) == 0
        ids = {turn_id for (turn_id,) in connection.execute("SELECT turn_id FROM ledger")}
    assert "t1" not in ids
    assert len(ids) == 2


async def test_what_only_a_damaged_copy_held_is_brought_back_before_that_copy_goes(
    path: Path, reopen: Callable[[], Store], home: Path
) -> None:
    store = reopen()
    await confide(store)
    await confide(store, "s2", "t2")
    store.close()
    damage.set_aside(path, 0)
    store = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)

    await store.purge(["s1"])

    assert [summary.session.id for summary in store.sessions()] == ["s2"]
    assert names(home) == {"hawkmoth.db", "hawkmoth.db-wal", "hawkmoth.db-shm"}
    store.close()


async def test_a_session_that_is_being_answered_is_not_purged(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn())

    with pytest.raises(UserError, match="being answered"):
        await any_store.purge(["s1"])

    assert len(any_store.turns("s1")) == 1


async def test_rules_find_what_was_not_used_and_what_was_deleted_long_ago(any_store: Store) -> None:
    await any_store.create_session(samples.session("old", updated_at_ms=10))
    await any_store.create_session(samples.session("new", updated_at_ms=2**50))

    assert await any_store.delete_unused(1000) == 1

    (gone,) = any_store.deleted_sessions()
    assert gone.session.id == "old"
    assert any_store.deleted_before(0) == ()
    assert any_store.deleted_before(2**60) == ("old",)
