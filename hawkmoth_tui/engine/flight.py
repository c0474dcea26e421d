"""A running turn: its folded value, what the user orders meanwhile, and the deadline over all its attempts."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import advance
from hawkmoth_tui.store.rows import Cause

if TYPE_CHECKING:
    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn


class Woken(Enum):
    """How a wait ended, or what the user said in it."""

    IN_TIME = auto()
    """Nobody said anything."""
    TOO_LATE = auto()
    """The deadline over all attempts came first."""
    STOPPED = auto()
    KEPT = auto()
    """The user waits on."""
    SWITCHED = auto()
    """The user takes the next candidate instead."""


class Flight:
    """Owned by the generator that runs the turn; everybody else reads `turn` or calls `stop`."""

    def __init__(self, turn: Turn, timeout_s: float, cause: Cause = Cause.TURN) -> None:
        self.turn = turn
        self.cause = cause
        """What its attempts are booked under. Of what no turn caused only that is kept."""
        self.is_stopped = False
        self.wake = asyncio.Event()
        """Set when anything arrives or the user stops the turn."""
        self._order: Woken | None = None
        """What the user has said to a wait and nobody has heard yet."""
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

    def answer_wait(self, order: Woken) -> bool:
        """The user's word about a wait: KEPT or SWITCHED. Returns whether it can be followed now."""
        wait = self.turn.wait
        is_offered = wait is not None and (wait.then is not None if order is Woken.SWITCHED else not wait.is_kept)
        if is_offered:
            self._order = order
            self.wake.set()
        return is_offered

    @property
    def now_s(self) -> float:
        """The loop's clock."""
        return asyncio.get_running_loop().time()

    async def pause(self, until_s: float) -> Woken:
        """Wait until that moment of the loop's clock, or for a word of the user's; how it ended."""
        until = min(until_s, self.deadline)
        try:
            async with asyncio.timeout_at(until):
                while not self.is_stopped and self._order is None:
                    self.wake.clear()
                    await self.wake.wait()
        except TimeoutError:
            return Woken.TOO_LATE if until >= self.deadline else Woken.IN_TIME
        order, self._order = self._order, None
        return Woken.STOPPED if self.is_stopped or order is None else order
