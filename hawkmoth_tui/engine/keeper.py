"""The store as the engine uses it: a store that cannot be written never costs the answer.

The first write that fails is said once; from then on the conversation is kept in memory, with the sessions of this run carried over.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.core.session import Session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.store.rows import LedgerRow, Limit, Refusal, Reservation
    from hawkmoth_tui.store.store import Store

log = logging.getLogger(__name__)


class Keeper:
    """Writes turns, ledger rows and reservations."""

    def __init__(self, store: Store, open_memory: Callable[[], Store], warn: Callable[[str], None]) -> None:
        self.store = store
        self._open_memory = open_memory
        self._warn = warn
        self._falling = asyncio.Lock()
        self._touched: set[str] = set()
        """Sessions in which this process has asked something."""

    async def create_session(self, session: Session) -> None:
        await self._write(session.id, lambda store: store.create_session(session))

    async def name_session(self, session_id: str, title: str) -> None:
        """Give the session its first title; one that it got meanwhile stays."""

        def named(session: Session) -> Session:
            return session if session.title else replace(session, title=title)

        await self._write(session_id, lambda store: store.change_session(session_id, named))

    async def start_turn(self, turn: Turn) -> None:
        self._touched.add(turn.session_id)
        await self._write(turn.session_id, lambda store: store.start_turn(turn))

    async def save_turn(self, turn: Turn) -> None:
        await self._write(turn.session_id, lambda store: store.save_turn(turn))

    async def finish_turn(self, turn: Turn) -> None:
        await self._write(turn.session_id, lambda store: store.finish_turn(turn))

    async def settle(self, reservation_id: str, row: LedgerRow) -> None:
        await self._write(row.session_id, lambda store: store.settle(reservation_id, row))

    async def reserve(self, reservation: Reservation, limits: Sequence[Limit]) -> Refusal | None:
        """The refusal, or None when the amount stands reserved."""
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

    def journal(self, turn_id: str, delta: TextDelta | ThinkingDelta | ToolCallReceived) -> None:
        """Put a delta on its way to disk; returns at once. A store that has ended costs the journal only: the ending is written whole."""
        try:
            self.store.journal(turn_id, delta)
        except StoreError as error:
            log.error("a piece of an answer was not journalled: %s", error)

    async def _write(self, session_id: str | None, write: Callable[[Store], Awaitable[object]]) -> None:
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
            self._warn(f"{error.message}; this conversation goes on in memory")
            memory = self._open_memory()
            for touched in sorted(self._touched | ({session_id} if session_id else set())):
                await _carry_over(touched, failed, memory)
            self.store = memory
            try:
                await asyncio.to_thread(failed.close)
            except StoreError as lost:
                log.error("the broken store was closed with a loss: %s", lost)


async def _carry_over(session_id: str, failed: Store, memory: Store) -> None:
    """The session with its turns; of one that cannot be read any more an empty shell for the turns to come."""
    try:
        session = failed.session(session_id)
        turns = failed.turns(session_id) if session else ()
    except StoreError:
        session, turns = Session(session_id, "", 0, 0), ()
    if session is None:
        return
    await memory.create_session(session)
    for turn in turns:
        await memory.start_turn(turn)
        if not turn.state.is_live:
            await memory.finish_turn(turn)
    await memory.update_session(session)
