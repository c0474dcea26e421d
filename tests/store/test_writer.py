"""The writing thread: how soon the journal is on the disk, and what happens when the disk refuses."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.errors import DiskFull, SessionNotFound, StoreError, StoreLocked
from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.store import db, writer
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.patience import PATIENCE_S
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Watched:
    """A store whose problems can be waited for."""

    def __init__(self, path: Path) -> None:
        self.problems: queue.SimpleQueue[StoreError | None] = queue.SimpleQueue()
        self.store = Store.open(path, owner=this_process(), clock_ms=lambda: 5000, on_problem=self.problems.put)

    def next_problem(self) -> StoreError | None:
        return self.problems.get(timeout=PATIENCE_S)


@pytest.fixture
def reader(store: Store, path: Path) -> Iterator[Callable[[], str]]:
    """What another process would find in the journal."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    yield lambda: "".join(text for (text,) in connection.execute("SELECT text FROM turn_chunk ORDER BY seq"))
    connection.close()


def start(store: Store) -> None:
    async def write() -> None:
        await store.create_session(samples.session())
        await store.start_turn(samples.turn())

    asyncio.run(write())


def test_a_delta_waits_for_100_ms_at_most_and_for_nobody(store: Store, reader: Callable[[], str]) -> None:
    start(store)

    for number in range(1, 10):
        began = time.monotonic()
        store.journal("t1", TextDelta("x"))
        while len(reader()) < number:
            assert time.monotonic() - began < PATIENCE_S

    assert writer.GROUP_S <= 0.1


def test_a_flood_of_deltas_does_not_put_off_the_group(store: Store, reader: Callable[[], str]) -> None:
    def flood() -> None:
        while not is_enough.is_set():
            store.journal("t1", TextDelta("x"))

    start(store)
    is_enough = threading.Event()
    flooding = threading.Thread(target=flood)
    flooding.start()
    began = time.monotonic()
    while not (found := reader()) and time.monotonic() - began < PATIENCE_S:
        pass
    is_enough.set()
    flooding.join()

    assert found


async def test_a_group_is_one_row(store: Store, path: Path) -> None:
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())

    for _ in range(1000):
        store.journal("t1", TextDelta("x"))
    await store.save_draft("", "later")

    with apsw.Connection(str(path)) as connection:
        rows = list(connection.execute("SELECT length(text) FROM turn_chunk"))
    assert sum(length for (length,) in rows) == 1000
    assert len(rows) <= 20


async def test_closing_writes_what_is_left(reopen: Callable[[], Store]) -> None:
    store = reopen()
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())
    store.journal("t1", TextDelta("the last words"))

    turn = reopen().turn("t1")

    assert turn is not None
    assert turn.text == "the last words"


async def test_a_closed_store_takes_nothing_more(reopen: Callable[[], Store]) -> None:
    store = reopen()
    reopen()

    with pytest.raises(StoreError, match="closed"):
        await store.save_draft("", "late")
    with pytest.raises(StoreError, match="closed"):
        store.journal("t1", TextDelta("late"))
    with pytest.raises(StoreError):
        store.sessions()


async def test_closing_ends_the_thread(reopen: Callable[[], Store]) -> None:
    before = set(threading.enumerate())
    store = reopen()
    assert {thread.name for thread in set(threading.enumerate()) - before} == {"hawkmoth-store"}

    store.close()
    store.close()

    assert set(threading.enumerate()) <= before


async def test_a_cancelled_caller_does_not_undo_the_write(store: Store) -> None:
    await store.create_session(samples.session())
    done = replace(samples.turn(), state=TurnState.CANCELLED, answer=(Text("half"),))
    finishing = asyncio.ensure_future(store.finish_turn(done))
    await asyncio.sleep(0)

    finishing.cancel()
    await asyncio.gather(finishing, return_exceptions=True)
    await store.save_draft("", "later")

    assert store.turn("t1") == done


def test_the_log_is_copied_into_the_database_when_it_has_grown(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def write() -> None:
        for number in range(200):
            await store.save_draft(str(number), "x" * 5000)

    monkeypatch.setattr(writer, "LOG_PAGES", 20)
    monkeypatch.setattr(writer, "BUSY_LOG_PAGES", 20)

    asyncio.run(write())

    assert path.stat().st_size > 500_000
    assert path.with_name("hawkmoth.db-wal").stat().st_size < 1_000_000


async def test_two_writers_in_one_process_wait_for_each_other(store: Store, path: Path) -> None:
    other = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)

    await asyncio.gather(
        *(
            each.create_session(samples.session(f"{name}{n}"))
            for n in range(50)
            for name, each in (("a", store), ("b", other))
        )
    )

    assert len(store.sessions()) == 100
    other.close()


async def test_a_write_that_fails_leaves_nothing_half_done(any_store: Store) -> None:
    with pytest.raises(SessionNotFound):
        await any_store.start_turn(samples.turn(session_id="nobody"))

    assert any_store.turn("t1") is None
    assert any_store.history() == ()


async def test_a_journal_that_cannot_be_written_is_told_kept_and_written_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_S", 0.05)
    watched = Watched(path)
    store = watched.store
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")

    store.journal("t1", TextDelta("not "))
    assert isinstance(watched.next_problem(), StoreLocked)
    problem = store.problem
    assert isinstance(problem, StoreLocked)
    store.journal("t1", TextDelta("lost"))
    other.execute("ROLLBACK")

    assert watched.next_problem() is None
    assert store.problem is None
    turn = store.turn("t1")
    assert turn is not None
    assert turn.text == "not lost"
    other.close()
    store.close()


async def test_closing_tells_of_a_journal_that_is_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_S", 0.05)
    store = Watched(path).store
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    store.journal("t1", TextDelta("lost"))

    with pytest.raises(StoreLocked):
        store.close()

    other.close()


async def test_a_full_disk_is_told_and_nothing_finished_is_lost(small_disk: Path) -> None:
    watched = Watched(small_disk / "hawkmoth.db")
    store = watched.store
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())
    filler = small_disk / "filler"
    filler.write_bytes(b"")
    _fill(filler)
    text = "x" * 200_000

    with pytest.raises(DiskFull, match="no space"):
        await store.finish_turn(replace(samples.turn(), state=TurnState.DONE, answer=(Text(text),)))
    store.journal("t1", TextDelta(text))
    assert isinstance(watched.next_problem(), DiskFull)
    assert store.turn("t1") == samples.turn()
    assert store.check() == ()

    filler.unlink()
    assert watched.next_problem() is None
    turn = store.turn("t1")
    assert turn is not None
    assert turn.text == text
    store.close()


def test_a_full_disk_opens_no_store_and_leaves_none_half_made(small_disk: Path) -> None:
    filler = small_disk / "filler"
    _fill(filler)

    with pytest.raises(DiskFull):
        Watched(small_disk / "hawkmoth.db")

    filler.unlink()
    store = Watched(small_disk / "hawkmoth.db").store
    assert store.sessions() == ()
    store.close()


def _fill(filler: Path) -> None:
    with filler.open("ab", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError:
                return
