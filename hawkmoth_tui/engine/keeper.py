"""The store as the engine uses it: a store that cannot be written never costs the answer.

The first write that fails is said once; from then on the conversation is kept in memory, with the session's turns carried over.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived
    from hawkmoth_tui.core.session import Session
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

    async def name_session(self, session: Session, title: str) -> None:
        named = replace(session, title=title)
        await self._write(session.id, lambda store: store.update_session(named))

    async def start_turn(self, turn: Turn) -> None:
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
            return await self.store.reserve(reservation, limits)
        except StoreError as error:
            await self._fall_back(reservation.session_id, error)
            return await self.store.reserve(reservation, limits)

    async def release(self, reservation_id: str) -> None:
        """Hold the amount no longer; a store that cannot be written lets go of it when this process has ended."""
        try:
            await self.store.release(reservation_id)
        except StoreError as error:
            log.error("a reservation was not released: %s", error)

    def journal(self, turn_id: str, delta: TextDelta | ThinkingDelta | ToolCallReceived) -> None:
        """Put a delta on its way to disk; returns at once."""
        self.store.journal(turn_id, delta)

    async def _write(self, session_id: str | None, write: Callable[[Store], Awaitable[None]]) -> None:
        try:
            await write(self.store)
        except StoreError as error:
            await self._fall_back(session_id, error)
            await write(self.store)

    async def _fall_back(self, session_id: str | None, error: StoreError) -> None:
        if self.store.is_memory:
            raise error
        log.error("the store failed: %s", error)
        self._warn(f"{error.message}; this conversation goes on in memory")
        broken, memory = self.store, self._open_memory()
        try:
            session = broken.session(session_id) if session_id else None
            turns = broken.turns(session.id) if session else ()
        except StoreError:
            session, turns = None, ()
        if session is not None:
            await memory.create_session(session)
            for turn in turns:
                await memory.start_turn(turn)
                if not turn.state.is_live:
                    await memory.finish_turn(turn)
            await memory.update_session(session)
        self.store = memory
        try:
            await asyncio.to_thread(broken.close)
        except StoreError as lost:
            log.error("the broken store was closed with a loss: %s", lost)
