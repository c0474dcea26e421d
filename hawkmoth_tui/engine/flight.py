"""A running turn: its folded value, the user's stop and the deadline over all its attempts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import advance
from hawkmoth_tui.store.rows import Cause

if TYPE_CHECKING:
    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn


class Flight:
    """Owned by the generator that runs the turn; everybody else reads `turn` or calls `stop`."""

    def __init__(self, turn: Turn, timeout_s: float, cause: Cause = Cause.TURN) -> None:
        self.turn = turn
        self.cause = cause
        """What its attempts are booked under. Of what no turn caused only that is kept."""
        self.is_stopped = False
        self.wake = asyncio.Event()
        """Set when anything arrives or the user stops the turn."""
        self.timeout_s = timeout_s
        self.deadline = asyncio.get_running_loop().time() + timeout_s
        """On the loop's clock."""

    def fold(self, event: TurnEvent) -> TurnEvent:
        """Take the event into the turn and hand it on."""
        self.turn = advance(self.turn, event)
        return event

    def stop(self) -> None:
        """The user has had enough; the turn ends as cancelled with what has arrived."""
        self.is_stopped = True
        self.wake.set()

    async def pause(self, seconds: float) -> bool:
        """Wait; True when the user stopped the turn meanwhile. Raises TimeoutError at the deadline."""
        loop = asyncio.get_running_loop()
        until = min(loop.time() + seconds, self.deadline)
        try:
            async with asyncio.timeout_at(until):
                while not self.is_stopped:
                    self.wake.clear()
                    await self.wake.wait()
        except TimeoutError:
            if until >= self.deadline:
                raise
        return self.is_stopped
