"""Whole copies of the database by SQLite's online backup: consistent while others write, private, complete or not there at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.store import files

if TYPE_CHECKING:
    from pathlib import Path


def copy_over(source: Path, target: Path) -> None:
    """Copy the database file `source`; a file of the target's name is replaced."""
    connection = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.set_busy_timeout(10_000)
        copy_connection(connection, target)
    finally:
        connection.close()


def copy_connection(source: apsw.Connection, target: Path) -> None:
    """Copy what `source` sees. The copy is made beside its place and moved there when it is whole."""
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    files.claim_file(unfinished)
    try:
        copy = apsw.Connection(str(unfinished), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            with copy.backup("main", source, "main") as backup:
                backup.step()
            copy.pragma("journal_mode", "delete")
        finally:
            copy.close()
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def refuse_existing(target: Path) -> None:
    """Raises `StoreError` when something is there that a copy would replace."""
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} exists already", "choose another name")
