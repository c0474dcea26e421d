"""The one thread that writes. Orders are done in turn and answered when they are committed; journal entries are committed in groups.

A group is written at most `GROUP_S` after its first entry arrived, so that a killed process loses nothing older. What could not be
written is kept and tried again, and `problem` says why it is not on the disk.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import apsw

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.store.db import store_errors, transaction
from hawkmoth_tui.store.journal import Entry, append

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from hawkmoth_tui.store.db import Database
    from hawkmoth_tui.store.journal import JournalEvent

T = TypeVar("T")

GROUP_S = 0.05
"""Longest wait of a journal entry for others to join it, in seconds."""
SYNC_S = 1.0
"""While a journal is written, how often a group is made to survive a power loss, in seconds."""
RETRY_S = 1.0
"""After a group could not be written, how long until it is tried again, in seconds."""
LOG_PAGES = 1000
"""Pages in the write-ahead log from which it is copied into the database, once nobody waits."""
BUSY_LOG_PAGES = 8000
"""Pages from which it is copied even though somebody waits."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A transaction to do, and whom to tell."""

    work: Callable[[apsw.Connection], object]
    is_durable: bool
    ends_turn: str | None
    """The turn whose journal this transaction makes needless."""
    is_bare: bool
    """Whether the work is done outside of any transaction: it has its own, or can have none."""
    resolve: Callable[[object, BaseException | None], None]


class _Stop:
    """The last thing in the queue."""


_Item: TypeAlias = _Order | Entry | _Stop


class Writer:
    """Owns the writing connection from its start to `close`."""

    def __init__(self, database: Database, report: Callable[[StoreError | None], None]) -> None:
        self.problem: StoreError | None = None
        """Why journal entries are not on the disk; None when they are."""
        self._database = database
        self._report = report
        self._queue: SimpleQueue[_Item] = SimpleQueue()
        self._gate = threading.Lock()
        self._is_closed = False
        self._seq = 0
        self._taken = 0
        self._done = 0
        self._group: list[Entry] = []
        self._due: float | None = None
        self._synced_at = time.monotonic()
        self._log_pages = 0
        database.writing.set_wal_hook(self._note_log)
        self._thread = threading.Thread(target=self._run, name="hawkmoth-store", daemon=True)
        self._thread.start()

    async def write(
        self,
        work: Callable[[apsw.Connection], T],
        *,
        is_durable: bool = False,
        ends_turn: str | None = None,
        is_bare: bool = False,
    ) -> T:
        """Do the work in one transaction; resolves when it is committed. It is done even when the caller is cancelled meanwhile."""
        import asyncio

        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def resolve(result: object, error: BaseException | None) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, error)

        self._put(_Order(work, is_durable, ends_turn, is_bare, resolve))
        return await future

    def write_now(self, work: Callable[[apsw.Connection], T]) -> T:
        """Do the work in one durable transaction and wait for it; for the time before there is an event loop."""
        done = threading.Event()
        answer: list[tuple[Any, BaseException | None]] = []

        def resolve(result: object, error: BaseException | None) -> None:
            answer.append((result, error))
            done.set()

        self._put(_Order(work, is_durable=True, ends_turn=None, is_bare=False, resolve=resolve))
        done.wait()
        result, error = answer[0]
        if error is not None:
            raise error
        return cast("T", result)

    def journal(self, turn_id: str, event: JournalEvent, at_ms: int) -> None:
        """Take one piece of a live turn's answer; returns at once."""
        self._seq += 1
        self._put(Entry(turn_id, self._seq, event, at_ms))

    def close(self) -> None:
        """Write what is left and end the thread. Raises `StoreError` when journal entries could not be written."""
        with self._gate:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put(_Stop())
        self._thread.join()
        if self._group and self.problem:
            raise self.problem

    def _put(self, item: _Order | Entry) -> None:
        with self._gate:
            if self._is_closed:
                raise StoreError("the store is closed")
            self._taken += 1
            self._queue.put(item)

    @property
    def is_idle(self) -> bool:
        """Whether all that was ordered is done."""
        return self._taken == self._done and not self._group

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._abandon()

    def _abandon(self) -> None:
        """Let nobody wait for a thread that has ended, however it did."""
        with self._gate:
            self._is_closed = True
        with suppress(Empty):
            while True:
                item = self._queue.get_nowait()
                if isinstance(item, _Order):
                    item.resolve(None, StoreError("the store is closed"))

    def _work(self) -> None:
        while True:
            match self._next():
                case None:
                    self._flush()
                case Entry() as entry:
                    self._group.append(entry)
                    self._done += 1
                    if self._due is None:
                        self._due = time.monotonic() + GROUP_S
                case _Order() as order:
                    if self.problem is None:
                        self._flush()
                    self._do(order)
                    self._done += 1
                case _Stop():
                    self._flush()
                    return
            self._copy_log()

    def _next(self) -> _Item | None:
        """What comes next; None when the group is due first."""
        wait_s = None if self._due is None else self._due - time.monotonic()
        if wait_s is not None and wait_s <= 0:
            return None
        try:
            return self._queue.get(timeout=wait_s)
        except Empty:
            return None

    def _flush(self) -> None:
        if not self._group:
            self._due = None
            return
        is_durable = time.monotonic() - self._synced_at >= SYNC_S
        try:
            self._commit(lambda connection: append(connection, self._group), is_durable=is_durable)
        except StoreError as error:
            self._due = time.monotonic() + RETRY_S
            self._tell(error)
        else:
            self._drop(self._group)

    def _do(self, order: _Order) -> None:
        """Whatever the work raises belongs to the caller, who waits in another thread."""
        try:
            result = self._alone(order.work) if order.is_bare else self._commit(order.work, is_durable=order.is_durable)
        except BaseException as error:
            order.resolve(None, error)
            return
        if order.ends_turn is not None:
            self._drop([entry for entry in self._group if entry.turn_id == order.ends_turn])
        order.resolve(result, None)

    def _commit(self, work: Callable[[apsw.Connection], T], *, is_durable: bool) -> T:
        database = self._database
        with database.write_lock, store_errors(database.name), transaction(database.writing, durable=is_durable):
            result = work(database.writing)
        if is_durable:
            self._synced_at = time.monotonic()
        return result

    def _alone(self, work: Callable[[apsw.Connection], T]) -> T:
        database = self._database
        with database.write_lock, store_errors(database.name):
            database.writing.pragma("synchronous", 2)
            return work(database.writing)

    def _note_log(self, connection: apsw.Connection, name: str, pages: int) -> int:
        self._log_pages = pages
        return apsw.SQLITE_OK

    def _copy_log(self) -> None:
        """After the callers have their answers, which SQLite's own way of doing it would keep waiting for the disk.

        A failure costs nothing yet: all is in the log, and a commit that no longer fits tells its caller.
        """
        if self._log_pages >= (LOG_PAGES if self._queue.empty() else BUSY_LOG_PAGES):
            self._log_pages = 0
            with self._database.write_lock, suppress(apsw.Error):
                self._database.writing.wal_checkpoint()

    def _drop(self, done: list[Entry]) -> None:
        """Forget entries that the disk has, or needs no more."""
        gone = {entry.seq for entry in done}
        self._group = [entry for entry in self._group if entry.seq not in gone]
        if not self._group:
            self._due = None
            self._tell(None)

    def _tell(self, problem: StoreError | None) -> None:
        was = self.problem
        self.problem = problem
        if (was is None) != (problem is None):
            self._report(problem)


def _settle(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
