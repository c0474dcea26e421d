"""Signals during a turn: it ends within two seconds with what has arrived stored, whatever else hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING

from hawkmoth_tui.headless.exits import line, signal_exit_code, signal_name
from hawkmoth_tui.headless.signals import heeded, watch
from hawkmoth_tui.headless.streams import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

STOP_GRACE_S = 1.0
"""How long a turn may take to end by itself after a signal; then its task is cancelled."""
LAST_RESORT_S = 1.8
"""After this the process leaves, also when a thread, a lock or a busy loop holds it."""


class Interruption:
    """The signal that ends a running turn, from its arrival to the exit code."""

    def __init__(self) -> None:
        self.number: int | None = None
        """None until a signal came."""
        self.is_told = False
        """Whether the user has been told how it ended; then the last resort leaves without a word."""
        self._stop: Callable[[], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None
        self._numbers: SimpleQueue[int] = SimpleQueue()

    def listen(self) -> None:
        """Take the signals over for the current task, which is cancelled when nothing gentler works."""
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        threading.Thread(target=self._guard, name="last resort", daemon=True).start()
        for number in heeded():
            signal.signal(number, self._received)

    def let_go(self) -> None:
        """The loop is about to end: give the signals back to `signals.watch`."""
        self._loop = None
        watch()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While somebody is asked something and the loop stands still: a signal raises `Stopped`."""
        watch()
        try:
            yield
        finally:
            for number in heeded():
                signal.signal(number, self._received)

    def when_asked(self, stop: Callable[[], None]) -> None:
        """The gentle way to end, once there is one. Called at once when the signal has already come."""
        self._stop = stop
        if self.number is not None:
            stop()

    def request(self, number: int) -> None:
        """End the turn, gently at first; a second request does not wait. Called in the loop."""
        is_first = self.number is None
        self.number = self.number or number
        if self._task is None or self._loop is None:
            return
        if is_first and self._stop is not None:
            self._stop()
            self._loop.call_later(STOP_GRACE_S, self._task.cancel)
        else:
            self._task.cancel()

    def _received(self, number: int, frame: FrameType | None) -> None:
        """A signal handler: does only what is reentrant."""
        self._numbers.put(number)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.request, number)

    def _guard(self) -> None:
        """Waits for a signal from the beginning, because a signal handler must not start a thread."""
        number = self._numbers.get()
        time.sleep(LAST_RESORT_S)
        if not self.is_told:
            tell(line(f"stopped by {signal_name(number)} while something hung", "what had arrived is kept"))
        os._exit(signal_exit_code(number))
