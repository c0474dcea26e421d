"""From a damaged store, or a copy, back into the one in use: every row that can be read and is not there yet."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import apsw

from hawkmoth_tui.core.errors import Corrupt, StoreError
from hawkmoth_tui.store import copies, damage, db, files, merging, migrations, removal
from hawkmoth_tui.store.backups import kept, migration_copies
from hawkmoth_tui.store.salvage import salvage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from hawkmoth_tui.store.merging import Merged


@contextmanager
def readable(path: Path, beside: Path) -> Iterator[apsw.Connection]:
    """The rows of a store file under today's schema, from a copy of it: whole when the file is, else what can be salvaged.

    `beside` names the store in whose folder the copy is made for the time. Raises `SchemaTooNew`, `StoreError`.
    """
    copy = beside.with_name(beside.name + ".restoring.part")
    try:
        with db.store_errors(str(path)):
            if not _copied(path, copy):
                salvage(path, copy)
            connection = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READWRITE)
            try:
                migrations.migrate(connection, None)
                yield connection
            finally:
                connection.close()
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror})", "check its permissions") from error
    finally:
        copy.unlink(missing_ok=True)


def sources(path: Path) -> tuple[Path, ...]:
    """Where a store that was damaged comes back from: what was set aside, then the newest copy for what that no longer has."""
    damaged = damage.damaged_files(path)
    return (*damaged, *kept(path)[:1]) if damaged else ()


def absorb(path: Path, source: Path, target: apsw.Connection) -> Merged:
    """Add what `source` has and the store at `path`, open as `target`, has not; in the target's transaction."""
    with readable(source, path) as rows:
        return merging.restore(rows, target)


def erase_copies(path: Path, session_ids: Collection[str]) -> None:
    """Take the sessions out of every copy beside the store; a damaged one, which has nothing more to give, goes as a whole."""
    for copy in (*kept(path), *migration_copies(path)):
        with db.store_errors(str(copy)):
            if not _erased(copy, session_ids):
                copy.unlink()
    for copy in (*damage.damaged_files(path), *damage.restored_files(path)):
        damage.discard(copy)
    for unfinished in (*path.parent.glob(f"{path.name}*.part"), *path.parent.glob(f"backups/{path.stem}-*.part")):
        unfinished.unlink(missing_ok=True)


def _copied(path: Path, copy: Path) -> bool:
    """False when the file is damaged. Raises `SchemaTooNew`."""
    try:
        copies.copy_over(path, copy)
        connection = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            migrations.check(connection, path)
            return not db.quick_check(connection)
        finally:
            connection.close()
    except (apsw.CorruptError, apsw.NotADBError, apsw.IOError, Corrupt):
        return False


def _erased(copy: Path, session_ids: Collection[str]) -> bool:
    files.claim_file(copy)
    connection = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.pragma("foreign_keys", 1)
        connection.pragma("journal_mode", "memory")
        if db.quick_check(connection):
            return False
        with connection:
            found = removal.erase(connection, session_ids)
        if found:
            removal.scrub(connection)
    except (apsw.CorruptError, apsw.NotADBError):
        return False
    finally:
        connection.close()
    return True
