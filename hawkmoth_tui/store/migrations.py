"""The schema's history. Each migration is one transaction, all of them together on a new store; any other store is copied before each.

`user_version` counts the migrations that a file has seen. Existing ones are never changed, only new ones added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import SchemaTooNew, StoreError
from hawkmoth_tui.store import rollups
from hawkmoth_tui.store.schema import VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import TypeAlias

    import apsw

APPLICATION_ID = 0x686D7468
"""Marks the file as ours (`application_id`, shown by file(1)): "hmth"."""

Migration: TypeAlias = "Callable[[apsw.Connection], None]"


def _version_1(connection: apsw.Connection) -> None:
    connection.pragma("application_id", APPLICATION_ID)
    connection.execute(VERSION_1)


def _version_2(connection: apsw.Connection) -> None:
    connection.execute(VERSION_2)


def _version_3(connection: apsw.Connection) -> None:
    connection.execute(VERSION_3)


def _version_4(connection: apsw.Connection) -> None:
    connection.execute(VERSION_4)
    rollups.rebuild(connection)


def _version_5(connection: apsw.Connection) -> None:
    connection.execute(VERSION_5)


def _version_6(connection: apsw.Connection) -> None:
    connection.execute(VERSION_6)


MIGRATIONS: tuple[Migration, ...] = (_version_1, _version_2, _version_3, _version_4, _version_5, _version_6)


def check(connection: apsw.Connection, path: Path, newest: int = len(MIGRATIONS)) -> None:
    """Only reads, and in one transaction: another process may be making the tables just now.

    Raises `SchemaTooNew`, or `StoreError` for a database of another program.
    """
    with connection:
        version = _version(connection)
        application = int(connection.pragma("application_id"))
        is_empty = not list(connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1"))
    if application != APPLICATION_ID and not (is_empty and application == version == 0):
        raise StoreError(f"{path} is a database of another program", "move it, or set HAWKMOTH_HOME to another folder")
    if version > newest:
        raise SchemaTooNew(
            f"the store {path} was written by a newer Hawkmoth (schema {version}, this one knows {newest})",
            "update Hawkmoth; the store was left as it is",
        )


def migrate(connection: apsw.Connection, path: Path | None, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the store to the newest schema. Safe when several processes do it at once: the others wait and find it done."""
    while (found := _version(connection)) < len(steps):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == found:
                _migrate_once(connection, path, found, steps[found : found + 1] if found else steps)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _migrate_once(connection: apsw.Connection, path: Path | None, found: int, steps: Sequence[Migration]) -> None:
    """The copy is made while the transaction keeps all other writers out, and sees what was committed before it."""
    if path is not None and found > 0:
        from hawkmoth_tui.store import copies

        copies.copy_over(path, path.with_name(f"{path.name}.bak-v{found}"))
    for step in steps:
        step(connection)
    connection.pragma("user_version", found + len(steps))


def _version(connection: apsw.Connection) -> int:
    return int(connection.pragma("user_version"))
