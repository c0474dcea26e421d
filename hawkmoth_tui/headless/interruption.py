"""Signals in a one-shot command: it ends within two seconds with what has arrived stored, whatever else hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING

from hawkmoth_tui.headless.exits import Stopped, line, signal_exit_code, signal_name
from hawkmoth_tui.headless.streams import tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

STOP_GRACE_S = 1.0
"""How long a turn may take to end by itself after a signal; then its task is cancelled."""
LAST_RESORT_S = 1.8
"""After this the process leaves, also when a thread or a lock holds it."""

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))


def watch() -> None:
    """From now on a signal raises `Stopped` in the main thread. Ignored ones stay ignored: nohup and `&` mean that."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def unwatch() -> None:
    """The process is leaving: a second signal may end it at once."""
    for number in SIGNALS:
        if signal.getsignal(number) is _raise:
            signal.signal(number, signal.SIG_DFL)


class Interruption:
    """The signal that ends a running turn, from its arrival to the exit code."""

    def __init__(self) -> None:
        self.number: int | None = None
        """None until a signal came."""
        self._stop: Callable[[], None] | None = None
        self._task: asyncio.Task[object] | None = None

    def listen(self, task: asyncio.Task[object]) -> None:
        """Take the signals over from `watch` for the life of this loop; `task` is cancelled when nothing gentler works."""
        self._task = task
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self.request, number)

    def when_asked(self, stop: Callable[[], None]) -> None:
        """The gentle way to end, once there is one. Called at once when the signal has already come."""
        self._stop = stop
        if self.number is not None:
            stop()

    def request(self, number: int) -> None:
        """End the turn, gently at first; a second signal does not wait."""
        is_first = self.number is None
        self.number = self.number or number
        task = self._task
        if task is None:
            return
        if is_first:
            last_resort = threading.Timer(LAST_RESORT_S, _leave, (self.number,))
            last_resort.daemon = True
            last_resort.start()
        if is_first and self._stop is not None:
            self._stop()
            asyncio.get_running_loop().call_later(STOP_GRACE_S, task.cancel)
        else:
            task.cancel()


def _leave(number: int) -> None:
    """Out, past whatever hangs. What had arrived is in the journal and is found at the next start."""
    tell(line(f"stopped by {signal_name(number)} while something hung", "what had arrived is kept"))
    os._exit(signal_exit_code(number))


def _raise(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)
