"""Work for quiet moments: what is needed soon but not for the first frame is done while nobody is typing."""

from __future__ import annotations

import asyncio
from time import monotonic

QUIET_S = 0.2
"""How long no key must have been pressed."""
IDLE_S = 2.0
"""How long nobody must have typed before work begins that a key would have to wait for."""


class Quiet:
    """Knows when the last key was pressed, and lets others wait for a pause. No timer runs while nobody waits."""

    def __init__(self) -> None:
        self._last_key_s = monotonic()
        self._hurry = asyncio.Event()

    def touch(self) -> None:
        """A key was pressed."""
        self._last_key_s = monotonic()

    def hurry(self) -> None:
        """Somebody needs the result now: whoever waits goes on at once, for good."""
        self._hurry.set()

    async def idle(self) -> None:
        """Returns when no key was pressed for a good while, whoever is in a hurry: for work that nobody waits for."""
        left = IDLE_S
        while left > 0:
            await asyncio.sleep(left)
            left = self._last_key_s + IDLE_S - monotonic()

    async def pause(self) -> None:
        """Returns in the next quiet moment, or at once after `hurry`."""
        while not self._hurry.is_set() and (left := self._last_key_s + QUIET_S - monotonic()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._hurry.wait()
            except TimeoutError:
                continue
