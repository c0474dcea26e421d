"""The store as the engine uses it: a store that cannot be written never costs the answer, and the answer is saved when it can be.

The first write that fails is said once; from then on the conversation is kept in memory, with the sessions of this run carried over, and
the file is tried again until it takes them.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import Corrupt, StoreError
from hawkmoth_tui.core.session import Session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hawkmoth_tui.core.events import Escalated, TextDelta, ThinkingDelta, ToolCallReceived
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.store.rows import LedgerRow, Limit, Refusal, Reservation
    from hawkmoth_tui.store.store import Store

log = logging.getLogger(__name__)

FIRST_RETRY_S = 2.0
LONGEST_RETRY_S = 30.0
"""Between two tries of a file that takes nothing; the wait doubles from the first to this."""
MEMORY_ONLY = "this conversation is kept in memory, and saved as soon as the store takes it"
CARE_AFTER_S = 60.0
"""From the start to the daily copy and check."""
SOON_S = 1.0
"""The same after an unclean end."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where this run's conversations are kept now."""

    problem: StoreError | None = None
    """Why they are in memory only; None when they are in the file."""
    unsaved_turns: int = 0
    """How many turns would be lost if the process ended now."""


class Keeper:
    """Writes turns, ledger rows and reservations."""

    def __init__(
        self,
        store: Store,
        open_memory: Callable[[], Store],
        warn: Callable[[str], None],
        open_file: Callable[[], Store] | None = None,
        problem: StoreError | None = None,
        look_after: Callable[[Store], Awaitable[None]] | None = None,
    ) -> None:
        """`problem` says why `store` is one in memory from the beginning; `open_file` is called in a thread to try again.

        `look_after` does in idle time what is due; it raises Corrupt when the store must not be used any more.
        """
        self.store = store
        self._open_memory = open_memory
        self._open_file = open_file
        self._warn = warn
        self._problem = problem
        self._look_after = look_after
        self._falling = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._steady = asyncio.Event()
        """Not set while sessions are carried over: what is written then would be missing."""
        self._steady.set()
        self._retrying: asyncio.Task[None] | None = None
        self._caring: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        """The end of a store that failed; until then its file cannot be moved."""
        self._touched: set[str] = set()
        """Sessions in which this process has asked something."""
        self._unsaved: set[str] = set()
        """Turns that only the memory has."""

    @property
    def keeping(self) -> Keeping:
        return Keeping(self._problem, len(self._unsaved))

    async def create_session(self, session: Session) -> None:
        self._touched.add(session.id)
        await self._write(session.id, lambda store: store.create_session(session))

    async def name_session(self, session_id: str, title: str) -> None:
        """Give the session its first title; one that it got meanwhile stays."""

        def named(session: Session) -> Session:
            return session if session.title else replace(session, title=title)

        await self._write(session_id, lambda store: store.change_session(session_id, named))

    async def start_turn(self, turn: Turn) -> None:
        self._touched.add(turn.session_id)
        await self._write(turn.session_id, lambda store: store.start_turn(turn))
        self._count(turn)

    async def save_turn(self, turn: Turn) -> None:
        await self._write(turn.session_id, lambda store: store.save_turn(turn))
        self._count(turn)

    async def finish_turn(self, turn: Turn) -> None:
        await self._write(turn.session_id, lambda store: store.finish_turn(turn))
        self._count(turn)

    async def settle(self, reservation_id: str, row: LedgerRow) -> None:
        await self._write(row.session_id, lambda store: store.settle(reservation_id, row))

    async def reserve(self, reservation: Reservation, limits: Sequence[Limit]) -> Refusal | None:
        """The refusal, or None when the amount stands reserved."""
        await self._steady.wait()
        try:
            store = self.store
            return await store.reserve(reservation, limits)
        except StoreError as error:
            await self._fall_back(store, reservation.session_id, error)
            return await self.store.reserve(reservation, limits)

    async def release(self, reservation_id: str) -> None:
        """Hold the amount no longer; a store that cannot be written lets go of it when this process has ended."""
        try:
            await self.store.release(reservation_id)
        except StoreError as error:
            log.error("a reservation was not released: %s", error)

    def journal(self, turn_id: str, delta: TextDelta | ThinkingDelta | ToolCallReceived | Escalated) -> None:
        """Put a delta on its way to disk; returns at once. A store that has ended costs the journal only: the ending is written whole."""
        try:
            self.store.journal(turn_id, delta)
        except StoreError as error:
            log.error("a piece of an answer was not journalled: %s", error)

    async def distrust(self, error: StoreError) -> None:
        """Go on without the file, in which damage was found; it is tried again as after a write that failed."""
        if not self.store.is_memory:
            await self._fall_back(self.store, None, error)

    def care_later(self) -> None:
        """Have the store looked after once, when the start is over; try the file again that could not be opened."""
        if self.store.is_memory:
            self._retry_later()
        if self._look_after is not None:
            self._caring = asyncio.create_task(self._care(self._look_after))

    async def save(self) -> bool:
        """Bring what is in memory into the file, and go on there. False when that cannot be, for now.

        Not while an answer arrives: what it still brings would have to be in both.
        """
        async with self._saving:
            return await self._save()

    async def _save(self) -> bool:
        memory = self.store
        if not memory.is_memory:
            return True
        if self._open_file is None or memory.has_live_turns():
            return False
        if self._closing is not None:
            await asyncio.wait([self._closing])
        try:
            file = await asyncio.to_thread(self._open_file)
        except StoreError as error:
            self._problem = error
            return False
        if await self._brought(memory, file):
            self._say_saved()
            await file.be_patient()
            return True
        await asyncio.to_thread(file.close)
        return False

    async def aclose(self) -> None:
        """Save what can be saved, and close the store. Raises `StoreError` when journal entries are lost by it."""
        tasks = [task for task in (self._retrying, self._caring) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._unsaved and not await self.save():
            log.error("%d turns were lost: %s", len(self._unsaved), self._problem)
        await asyncio.to_thread(self.store.close)

    async def _write(self, session_id: str | None, write: Callable[[Store], Awaitable[object]]) -> None:
        await self._steady.wait()
        store = self.store
        try:
            await write(store)
        except StoreError as error:
            await self._fall_back(store, session_id, error)
            await write(self.store)

    async def _fall_back(self, failed: Store, session_id: str | None, error: StoreError) -> None:
        """Go on in memory with the sessions of this run, unless another write that failed has seen to it. Raises the error of a memory."""
        async with self._falling:
            if self.store is not failed:
                return
            if failed.is_memory:
                raise error
            log.error("the store failed: %s", error)
            self._warn(f"{MEMORY_ONLY}: {error.message}")
            memory = self._open_memory()
            self._steady.clear()
            try:
                await _carry_over(sorted(self._touched | ({session_id} if session_id else set())), failed, memory)
                self.store, self._problem = memory, error
            finally:
                self._steady.set()
            self._closing = asyncio.create_task(_close_broken(failed))
            self._retry_later()
            await asyncio.shield(self._closing)

    async def _brought(self, memory: Store, file: Store) -> bool:
        """Whether all is in the file and nothing was added to the memory meanwhile; then the file is the store."""
        before = memory.changes()
        try:
            await memory.bring_to(file)
        except StoreError as error:
            self._problem = error
            return False
        if not memory.is_idle or memory.changes() != before or memory.has_live_turns():
            return False
        self.store = file
        with suppress(StoreError):
            memory.close()
        return True

    def _say_saved(self) -> None:
        count = len(self._unsaved)
        turns = "1 turn kept in memory is" if count == 1 else f"{count:,} turns kept in memory are"
        self._warn(f"the store takes writes again{f': {turns} saved now' if count else ''}")
        self._unsaved.clear()
        self._problem = None

    def _count(self, turn: Turn) -> None:
        if self.store.is_memory and self._open_file is not None:
            self._unsaved.add(turn.id)
            self._retry_later()

    def _retry_later(self) -> None:
        if self._open_file is not None and (self._retrying is None or self._retrying.done()):
            self._retrying = asyncio.create_task(self._retry())

    async def _care(self, look_after: Callable[[Store], Awaitable[None]]) -> None:
        await asyncio.sleep(SOON_S if self.store.was_cut else CARE_AFTER_S)
        try:
            await look_after(self.store)
        except Corrupt as error:
            await self.distrust(error)
        except StoreError as error:
            log.error("the store could not be looked after: %s", error)

    async def _retry(self) -> None:
        wait_s = FIRST_RETRY_S
        while self.store.is_memory:
            await asyncio.sleep(wait_s)
            await self.save()
            wait_s = min(2 * wait_s, LONGEST_RETRY_S)


async def _close_broken(failed: Store) -> None:
    try:
        await asyncio.to_thread(failed.close)
    except StoreError as lost:
        log.error("the broken store was closed with a loss: %s", lost)


async def _carry_over(session_ids: Sequence[str], failed: Store, memory: Store) -> None:
    """The sessions with their turns; of those that cannot be read any more empty shells for the turns to come."""
    try:
        await failed.all_done()
        await failed.carry_to(memory, session_ids)
    except StoreError:
        for session_id in session_ids:
            if memory.session(session_id) is None:
                await memory.create_session(Session(session_id, "", 0, 0))
