"""When to draw: soon after something came, never before the last frame is out, slower when frames are dear, not at all when idle."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_S = 0.300
"""From the end of one frame to the beginning of the next, at most, unless `rest_s` is more."""
SHARE = 3.0
"""A frame that took so long is followed by a rest of so many times that: drawing takes at most a quarter of the time."""


class Pace:
    """Calls `draw` once for any number of requests. `ended()` must follow every drawing, when it is on the screen."""

    def __init__(self, draw: Callable[[], object], rest_s: float) -> None:
        """`rest_s`: from the end of one frame to the beginning of the next, at least."""
        self._draw = draw
        self.rest_s = rest_s
        self._due: asyncio.TimerHandle | None = None
        self._is_drawing = False
        self._is_wanted = False
        self._is_hurried = False
        self._spent_s = 0.0
        self._not_before = 0.0

    def request(self) -> None:
        """Something changed."""
        self._is_wanted = True
        if self._due is None and not self._is_drawing:
            loop = asyncio.get_running_loop()
            self._due = loop.call_later(max(0.0, self._not_before - perf_counter()), self._begin)

    def hurry(self) -> None:
        """What came is the last of something: draw it as soon as the frame before is out."""
        self._not_before, self._is_hurried = 0.0, True
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self.request()

    def spent(self, seconds: float) -> None:
        """Time that the running frame took."""
        self._spent_s += seconds

    def ended(self) -> None:
        """The frame is on the screen."""
        if not self._is_drawing:
            return
        self._is_drawing = False
        rest_s = max(self.rest_s, min(LONGEST_S, SHARE * self._spent_s))
        self._not_before = perf_counter() + (0.0 if self._is_hurried else rest_s)
        if self._is_wanted:
            self.request()

    def stop(self) -> None:
        """Nothing will be drawn any more."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._is_drawing = True

    def _begin(self) -> None:
        self._due = None
        self._is_drawing = True
        self._is_wanted = self._is_hurried = False
        self._spent_s = 0.0
        self._draw()
