"""Time that passes at once, so that no test waits for a deadline, or runs into one because its machine is slow."""

from __future__ import annotations

import asyncio

LONG_S = 1_000.0
"""Longer than any deadline of a test that does not say another."""


class LoopClock:
    """The running loop's clock, which jumps ahead when told to. Whoever asked the loop for its clock before has another one."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._now = loop.time
        self._ahead_s = 0.0
        loop.time = self.now  # type: ignore[method-assign]  # of this one loop

    def now(self) -> float:
        """Seconds, as the loop counts them."""
        return self._now() + self._ahead_s

    def jump(self, seconds: float = LONG_S) -> None:
        """Every deadline within these seconds is over at the loop's next turn."""
        self._ahead_s += seconds

    def jump_soon(self) -> None:
        """Jumps as soon as whoever runs now waits for something."""
        asyncio.get_running_loop().call_soon(self.jump)
