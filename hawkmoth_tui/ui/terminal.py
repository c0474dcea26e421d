"""What a terminal must be before anything is drawn, and what happens when it or the process is asked to go.

Standard library only: the command line asks `refusal` before Textual is imported. Signal handlers are installed whatever disposition was
handed down, because nohup and background shells hand down ignored signals.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from enum import Enum
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

SMALLEST = (20, 5)
"""Columns and rows of the smallest terminal that the workstation opens in."""

UNABLE = frozenset({"dumb", "unknown"})
"""Values of TERM that name a terminal without a cursor."""

ALT_IS_ESCAPE = "\x1b[?1036s\x1b[?1039s\x1b[?1036h\x1b[?1039h"
"""Alt with a key is to be sent as Escape and the key (metaSendsEscape, altSendsEscape of xterm); what was set before is saved (XTSAVE).

A bare xterm sends Alt+1 as `±` otherwise, which nobody can tell from the character."""
ALT_AS_BEFORE = "\x1b[?1036r\x1b[?1039r"
"""Takes that back (XTRESTORE). Terminals that do not know these modes have sent Escape all along, and ignore both."""

RESTORE = (
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[?1004l\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h"
) + ALT_AS_BEFORE
"""All as a shell expects it: no frame open, no paste marks, mouse or focus reports, plain keys, main screen, a cursor, Alt as before."""


class Ending(Enum):
    """Why the workstation has to go without being asked by its user."""

    TERMINATED = "terminated"
    """SIGTERM: the answer stops, its part is kept."""
    INTERRUPTED = "interrupted"
    """SIGINT from outside (Ctrl+C is a key while the screen is ours): as TERMINATED."""
    HUNG_UP = "hung up"
    """SIGHUP, or the terminal is gone: the answer in flight may finish within the grace period."""

    @property
    def exit_code(self) -> int:
        """128 + the number of the signal, as shells count."""
        match self:
            case Ending.TERMINATED:
                return 143
            case Ending.INTERRUPTED:
                return 130
            case Ending.HUNG_UP:
                return 129


class Stream(Protocol):
    """As much of a text stream as is asked."""

    def isatty(self) -> bool: ...

    def fileno(self) -> int: ...


def refusal(env: Mapping[str, str], stdin: Stream | None, stdout: Stream | None) -> str | None:
    """Why the workstation cannot open in this terminal, in one line with what to do instead; None when it can."""
    advice = 'ask without a screen: hawkmoth ask "…"'
    if env.get("SSH_CONNECTION") and not (_is_terminal(stdin) or _is_terminal(stdout)):
        return f"the workstation needs a terminal, and ssh gave none: ssh -t gives one, or {advice}"
    if not _is_terminal(stdin):
        return f"the workstation needs a terminal, and standard input is not one; {advice}"
    if stdout is None or not _is_terminal(stdout):
        return f"the workstation needs a terminal, and standard output is not one; {advice}"
    if env.get("TERM", "").lower() in UNABLE:
        return (
            f"a terminal of the type {env['TERM']!r} cannot show the workstation; set TERM to what it is, or {advice}"
        )
    columns, rows = _size(stdout)
    if (columns and columns < SMALLEST[0]) or (rows and rows < SMALLEST[1]):
        return (
            f"the workstation needs a terminal of at least {SMALLEST[0]}×{SMALLEST[1]}, and this one is {columns}×{rows}; "
            f"make it larger, or {advice}"
        )
    return None


def erases_in_colour(env: Mapping[str, str]) -> bool:
    """Whether the terminal fills what it erases with the background of the moment: GNU screen does not, and whatever calls itself so."""
    return bool(env.get("TMUX")) or not env.get("TERM", "").startswith("screen")


def _is_terminal(stream: Stream | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (ValueError, OSError):
        return False


def _size(stream: Stream) -> tuple[int, int]:
    """Columns and rows; zeros where the terminal does not know."""
    try:
        return os.get_terminal_size(stream.fileno())
    except OSError:
        return (0, 0)


class EndingSignals:
    """Turns SIGTERM, SIGHUP and SIGINT into an `Ending`, in the main thread, even while the event loop is busy."""

    def __init__(self, on_ending: Callable[[Ending], None]) -> None:
        self._on_ending = on_ending
        self._endings = {signal.SIGTERM: Ending.TERMINATED, signal.SIGINT: Ending.INTERRUPTED}
        if hasattr(signal, "SIGHUP"):
            self._endings[signal.SIGHUP] = Ending.HUNG_UP
        self._before: dict[
            signal.Signals, signal.Handlers | Callable[[int, FrameType | None], object] | int | None
        ] = {}

    def install(self) -> None:
        """Takes the signals over. Call it in the main thread."""
        for number in self._endings:
            self._before[number] = signal.signal(number, self._received)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self._endings)

    def restore(self) -> None:
        """Gives the signals back to whoever had them; harmless when they were never taken."""
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._before.clear()

    def _received(self, number: int, _frame: FrameType | None) -> None:
        self._on_ending(self._endings[signal.Signals(number)])


class Deadline:
    """Ends the process when an orderly end takes too long: a stuck handler, a stalled terminal, a thread that never returns.

    Its thread waits from the beginning, because a signal handler may only do what is reentrant: put into a `SimpleQueue`.
    """

    def __init__(self, last_act: Callable[[], None]) -> None:
        """`last_act` runs in a thread of its own and gets a tenth of a second: it may hang on a stalled terminal."""
        self._last_act = last_act
        self._orders: SimpleQueue[tuple[float, int]] = SimpleQueue()
        threading.Thread(target=self._wait, name="hawkmoth-deadline", daemon=True).start()

    def set(self, seconds: float, exit_code: int) -> None:
        """The process ends with this code in so many seconds, whatever was ordered before."""
        self._orders.put((time.monotonic() + seconds, exit_code))

    def _wait(self) -> None:
        ends_at, exit_code = self._orders.get()
        while True:
            try:
                ends_at, exit_code = self._orders.get(timeout=max(0.0, ends_at - time.monotonic()))
            except Empty:
                break
        act = threading.Thread(target=self._act, daemon=True)
        act.start()
        act.join(0.1)
        os._exit(exit_code)

    def _act(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._last_act()
