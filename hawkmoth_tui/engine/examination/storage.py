"""The store: its folder, its file, and the clock against what it holds."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.engine.examination.finding import Finding, count, unwritable
from hawkmoth_tui.engine.examination.machine import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import apsw

    from hawkmoth_tui.settings.paths import Paths


def store(paths: Paths, now_ms: Callable[[], int] | None = None) -> tuple[Finding, ...]:
    """The store's folder, its file, and the clock against what it holds. Only reads."""
    now = now_ms() if now_ms else time.time_ns() // 1_000_000
    file = paths.db_file
    problem = unwritable(file.parent)
    if problem:
        hint = "check the folder's permissions, or set HAWKMOTH_HOME to another folder"
        return Finding("store", False, f"{file.parent} cannot be written ({problem})", hint), clock(now, None)
    if not file.exists():
        return Finding("store", True, f"{file} will be made"), clock(now, None)
    open_to = _open_to_others(file)
    if open_to:
        return Finding("store", False, f"others can read {open_to}", f"run: chmod go-rwx {open_to}"), clock(now, None)
    try:
        return _examined(file, now)
    except StoreError as error:
        return Finding("store", False, error.message, error.hint or "move the file away; a new one is made"), clock(
            now, None
        )


def deep(paths: Paths) -> Finding:
    """Every page, index and reference of the store, and every stored sum beside one made anew from the rows. Slow on a large store."""
    from hawkmoth_tui.store import db

    file = paths.db_file
    if not file.exists():
        return Finding("sums", True, "there is nothing to sum up yet")
    try:
        wrong = db.thorough_check(file)
    except StoreError as error:
        return Finding("sums", False, error.message, error.hint)
    if wrong:
        return Finding("sums", False, one_line("; ".join(wrong), 300), "run: hawkmoth store restore")
    return Finding("sums", True, "every sum of the ledger is that of its rows, and every index that of its table")


def _examined(file: Path, now_ms: int) -> tuple[Finding, ...]:
    """A store that is there: its schema, its soundness, its newest session."""
    import apsw

    from hawkmoth_tui.store import migrations
    from hawkmoth_tui.store.db import store_errors

    with store_errors(str(file)):
        connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.set_busy_timeout(2000)
            migrations.check(connection, file)
            damage = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)") if row[0] != "ok"]
            newest_ms, sessions = _newest(connection)
            version = connection.pragma("user_version")
        finally:
            connection.close()
    if damage:
        broken = Finding(
            "store", False, f"{file} is damaged ({one_line(damage[0], 120)})", "run: hawkmoth store restore"
        )
        return broken, clock(now_ms, None)
    size_mb = file.stat().st_size / 1e6
    sound = Finding("store", True, f"{file}: sound, schema {version}, {count(sessions, 'session')}, {size_mb:.1f} MB")
    return sound, clock(now_ms, newest_ms)


def _newest(connection: apsw.Connection) -> tuple[int | None, int]:
    """When a session was last used, and how many there are; of a store that is empty as yet None and 0."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'session'").fetchall():
        return None, 0
    newest, count = connection.execute("SELECT max(updated_at_ms), count(*) FROM session").fetchall()[0]
    return (int(newest) if isinstance(newest, int) else None), int(str(count))


def _open_to_others(file: Path) -> str:
    """The store's folder or file when other users can read it; empty when it is private."""
    if os.name != "posix":
        return ""
    return next((str(place) for place in (file.parent, file) if place.stat().st_mode & 0o077), "")
