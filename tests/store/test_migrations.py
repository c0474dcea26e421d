"""Migrations: each whole or not at all, with a copy of what was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.messages import Thinking, user
from hawkmoth_tui.store import migrations
from hawkmoth_tui.store.migrations import MIGRATIONS
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.records import encode_message
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from pathlib import Path


def add_a_table(connection: apsw.Connection) -> None:
    connection.execute("CREATE TABLE mood (turn_id TEXT NOT NULL) STRICT")


def fail_half_way(connection: apsw.Connection) -> None:
    connection.execute("CREATE TABLE half (x TEXT) STRICT")
    raise RuntimeError("half way")


async def make_store(path: Path) -> None:
    store = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)
    await store.create_session(samples.session(title="before"))
    store.close()


def tables(connection: apsw.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def test_a_new_store_needs_no_copy(store: Store, path: Path) -> None:
    assert not list(path.parent.glob("*.bak*"))


async def test_a_copy_is_made_before_a_migration(path: Path) -> None:
    await make_store(path)
    connection = apsw.Connection(str(path))

    migrations.migrate(connection, path, (*MIGRATIONS, add_a_table))

    assert connection.pragma("user_version") == len(MIGRATIONS) + 1
    assert "mood" in tables(connection)
    connection.close()
    copy = path.with_name(f"hawkmoth.db.bak-v{len(MIGRATIONS)}")
    assert copy.stat().st_mode & 0o777 == 0o600
    before = Store.open(copy, owner=this_process(), clock_ms=lambda: 5000)
    assert [summary.session.title for summary in before.sessions()] == ["before"]
    before.close()


async def test_a_migration_that_fails_leaves_the_store_as_it_was(path: Path) -> None:
    await make_store(path)
    connection = apsw.Connection(str(path))

    with pytest.raises(RuntimeError, match="half way"):
        migrations.migrate(connection, path, (*MIGRATIONS, add_a_table, fail_half_way))

    assert connection.pragma("user_version") == len(MIGRATIONS) + 1
    assert "half" not in tables(connection)
    connection.close()
    seen = len(MIGRATIONS)
    copies = [f"hawkmoth.db.bak-v{seen}", f"hawkmoth.db.bak-v{seen + 1}"]
    assert sorted(copy.name for copy in path.parent.glob("*.bak*")) == copies


async def test_a_second_process_finds_the_migration_done(path: Path) -> None:
    await make_store(path)
    first, second = apsw.Connection(str(path)), apsw.Connection(str(path))
    steps = (*MIGRATIONS, add_a_table)

    migrations.migrate(first, path, steps)
    migrations.migrate(second, path, steps)

    assert second.pragma("user_version") == len(steps)
    first.close()
    second.close()


def test_a_store_of_the_first_version_keeps_what_it_holds(path: Path) -> None:
    store = apsw.Connection(str(path))
    migrations.migrate(store, path, MIGRATIONS[:1])
    store.close()
    path.chmod(0o600)
    path.parent.chmod(0o700)

    opened = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)

    assert opened.token_factors() == ()
    opened.close()
    assert path.with_name("hawkmoth.db.bak-v1").exists()


async def test_reasoning_that_was_journalled_before_its_time_was_keeps_its_words(path: Path) -> None:
    await make_store(path)
    connection = apsw.Connection(str(path))
    connection.execute("ALTER TABLE turn_chunk DROP COLUMN took_ms; PRAGMA user_version = 5")
    connection.execute(
        "INSERT INTO turn (id, session_id, kind, state, created_at_ms, owner_pid, owner_started, prompt, record)"
        " VALUES ('t1', 's1', 'prompt', 'streaming', 1, 1, 'x', ?, '{}')",
        (encode_message(user("why?")).text,),
    )
    chunk = ("t1", 1, "thinking", "because", '["", "ollama"]', 1)
    connection.execute("INSERT INTO turn_chunk VALUES (?, ?, ?, ?, ?, ?)", chunk)
    connection.close()

    opened = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)
    turn = opened.turn("t1")
    opened.close()

    assert turn is not None
    assert turn.answer == (Thinking("because", origin="ollama"),)
    assert path.with_name("hawkmoth.db.bak-v5").exists()
