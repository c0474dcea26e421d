"""The database file: how it is opened, what a transaction is, and the one place where an SQLite error becomes a `StoreError`.

Two connections: one that writes, used by the writer thread alone, and one that reads. In memory they are the same, under one lock.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import apsw

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import Corrupt, DiskFull, StoreError, StoreLocked
from hawkmoth_tui.store import files, filesystems, migrations, rollups
from hawkmoth_tui.store.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_TIMEOUT_S: float = 10
"""How long a connection waits for another one, in seconds."""
_MAX_WAL_BYTES = 16 * 1024 * 1024
"""The -wal file is cut to this size after a checkpoint."""
_MEMORY = "in memory"


@dataclass(frozen=True, slots=True)
class Database:
    """An open store."""

    path: Path | None
    """None: in memory."""
    writing: apsw.Connection
    reading: apsw.Connection
    write_lock: threading.RLock
    """Held for each transaction; the same as `read_lock` in memory."""
    read_lock: threading.RLock
    presence: Presence | None = None
    """None: in memory."""
    was_cut: bool = False
    """Whether the last process that used the file had no time to close it."""

    @property
    def name(self) -> str:
        """How errors name the store."""
        return _MEMORY if self.path is None else str(self.path)

    def close(self) -> None:
        """The writing connection last, so that it empties the write-ahead log."""
        try:
            with self.read_lock, self.write_lock, store_errors(self.name):
                self.reading.close(force=True)
                self.writing.close(force=True)
        finally:
            if self.presence is not None:
                self.presence.end()


def open_database(path: Path | None, patience_s: float | None = None) -> Database:
    """Open the store, and make it or bring it to today's schema when needed. None: in memory, the same schema.

    `patience_s` takes the place of `BUSY_TIMEOUT_S`, until `be_patient`.
    Raises `SchemaTooNew`, `Corrupt`, `DiskFull`, `StoreLocked` or `StoreError`; the file is then as it was.
    """
    if path is None:
        return _open_memory()
    files.prepare_folder(path.parent)
    presence = Presence(path.parent)
    try:
        return _open_file(path, presence, BUSY_TIMEOUT_S if patience_s is None else patience_s)
    except BaseException:
        presence.end()
        raise


def _open_file(path: Path, presence: Presence, patience_s: float) -> Database:
    files.claim_file(path)
    was_cut = _has_left_overs(path) and presence.is_alone()
    with store_errors(str(path)):
        writing = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            _prepare(writing, path, patience_s)
            reading = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        except BaseException:
            writing.close(force=True)
            raise
        _configure(reading, patience_s)
    return Database(path, writing, reading, threading.RLock(), threading.RLock(), presence, was_cut)


def _has_left_overs(path: Path) -> bool:
    """Whether a log or a journal lies beside the file, which the last process to close it takes away."""
    for ending in ("-wal", "-journal"):
        with suppress(OSError):
            if path.with_name(path.name + ending).stat().st_size:
                return True
    return False


def _open_memory() -> Database:
    connection = apsw.Connection(":memory:")
    _configure(connection, 0)
    migrations.migrate(connection, None)
    lock = threading.RLock()
    return Database(None, connection, connection, lock, lock)


def be_patient(connection: apsw.Connection, patience_s: float | None = None) -> None:
    """How long the connection waits for another one from now on; None: as long as usual."""
    connection.set_busy_timeout(int((BUSY_TIMEOUT_S if patience_s is None else patience_s) * 1000))


def _configure(connection: apsw.Connection, patience_s: float) -> None:
    be_patient(connection, patience_s)
    connection.pragma("foreign_keys", 1)
    connection.pragma("temp_store", 2)


def _prepare(connection: apsw.Connection, path: Path, patience_s: float) -> None:
    """Nothing is written, not even by closing, until the file is known to be ours and of a schema that we know."""
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    _configure(connection, patience_s)
    migrations.check(connection, path)
    if connection.readonly("main"):
        raise DiskFull(f"the store {path} cannot be written", "check the permissions of the file and its folder")
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
    if filesystems.network_of(path.parent):
        connection.pragma("journal_mode", "delete")
    else:
        _switch_to_wal(connection, patience_s)
    connection.pragma("journal_size_limit", _MAX_WAL_BYTES)
    migrations.migrate(connection, path)


def _switch_to_wal(connection: apsw.Connection, patience_s: float) -> None:
    """Retried by hand, each process in its own rhythm: SQLite gives up at once when two switch a new file at the same time.

    Where write-ahead logging cannot work the file keeps its rollback journal.
    """
    deadline = time.monotonic() + patience_s
    while connection.pragma("journal_mode") != "wal":
        try:
            connection.pragma("journal_mode", "wal")
        except (apsw.BusyError, apsw.LockedError):
            if time.monotonic() > deadline:
                raise
            time.sleep((1 + os.getpid() % 20) / 1000)
        else:
            return


@contextmanager
def transaction(connection: apsw.Connection, *, durable: bool) -> Iterator[None]:
    """All or nothing. Durable ones survive a power loss, the others at least the end of the process."""
    connection.pragma("synchronous", 2 if durable else 1)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: apsw.Connection) -> Iterator[None]:
    """Everything that is read inside is of one moment."""
    connection.execute("SAVEPOINT snapshot")
    try:
        yield
    finally:
        connection.execute("RELEASE snapshot")


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Turns what SQLite raises inside into the `StoreError` that says it to the user."""
    try:
        yield
    except apsw.Error as error:
        _raise(error, name)
    except OverflowError as error:
        raise StoreError("a number is too large for the store") from error


_DAMAGE = frozenset(
    {apsw.SQLITE_IOERR_SHORT_READ, apsw.SQLITE_IOERR_CORRUPTFS, apsw.SQLITE_IOERR_DATA, apsw.SQLITE_IOERR_READ}
)
"""Input errors that mean a damaged file; the others mean a disk that takes no more."""


def _raise(error: apsw.Error, name: str) -> NoReturn:
    detail = one_line(str(error), 120)
    match error:
        case apsw.BusyError() | apsw.LockedError() | apsw.ProtocolError():
            raise StoreLocked(f"another process keeps the store {name} locked", "end it, or try again") from error
        case apsw.FullError():
            raise DiskFull(f"no space is left for the store {name}", "free some space") from error
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            raise DiskFull(
                f"the store {name} cannot be written ({detail})", "check the folder's permissions"
            ) from error
        case apsw.IOError() if getattr(error, "extendedresult", 0) not in _DAMAGE:
            raise DiskFull(f"the disk refused the store {name} ({detail})", "check its free space") from error
        case apsw.CorruptError() | apsw.NotADBError() | apsw.IOError():
            raise Corrupt(
                f"the store {name} is damaged ({detail})", "it was left as it is; `hawkmoth store restore` mends it"
            ) from error
        case _:
            raise StoreError(f"the store {name} failed ({detail})", "hawkmoth doctor tells more") from error


def check(database: Database) -> tuple[str, ...]:
    """What the quick check finds; empty when the store is whole. A file is checked on a connection of its own, which blocks no reader."""
    if database.path is None:
        with database.read_lock:
            return quick_check(database.reading)
    return check_file(database.path)


def check_file(path: Path) -> tuple[str, ...]:
    """What the quick check finds in a file that need not be open. Raises `StoreError`."""
    with store_errors(str(path)):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.set_busy_timeout(int(BUSY_TIMEOUT_S * 1000))
            migrations.check(connection, path)
            return quick_check(connection)
        finally:
            connection.close()


def is_damaged(path: Path) -> bool:
    """Whether the file cannot be read as a whole. Raises `StoreError` when that cannot be told."""
    try:
        return bool(check_file(path))
    except Corrupt:
        return True


def thorough_check(path: Path) -> tuple[str, ...]:
    """All that can be checked: every page, every index against its table, every reference, every sum of the ledger."""
    from hawkmoth_tui.store import metrics_sums

    with store_errors(str(path)):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.set_busy_timeout(int(BUSY_TIMEOUT_S * 1000))
            connection.pragma("temp_store", 2)
            try:
                found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
                found = [] if found == ["ok"] else found
                found += [
                    f"a row of {table} points nowhere" for table, *_ in connection.execute("PRAGMA foreign_key_check")
                ]
                wrong = rollups.differences(connection) + metrics_sums.differences(connection)
            except (apsw.CorruptError, apsw.NotADBError) as error:
                return (str(error),)
            return (*found, *((f"{wrong} sums of the ledger are not those of its rows",) if wrong else ()))
        finally:
            connection.close()


def quick_check(connection: apsw.Connection) -> tuple[str, ...]:
    """What is wrong, in SQLite's words; empty when nothing is."""
    try:
        found = [str(line) for (line,) in connection.execute("PRAGMA quick_check")]
    except (apsw.CorruptError, apsw.NotADBError) as error:
        return (str(error),)
    return () if found == ["ok"] else tuple(found)
