"""Signals that end a one-shot command. Outside an event loop they raise `Stopped`; inside one, `interruption` takes them over."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from hawkmoth_tui.headless.exits import Stopped

if TYPE_CHECKING:
    from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
"""The signals that ask a command to end."""


def heeded() -> tuple[signal.Signals, ...]:
    """Those of them that were not handed down as ignored: nohup and `&` mean that."""
    return tuple(number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN)


def watch() -> None:
    """From now on a signal raises `Stopped` in the main thread."""
    for number in heeded():
        signal.signal(number, _raise)


def unwatch() -> None:
    """Gives the signals back as a process finds them."""
    for number in ENDING:
        if signal.getsignal(number) is _raise:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def _raise(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)
