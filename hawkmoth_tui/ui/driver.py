"""Textual's terminal driver for POSIX, made to outlive its terminal: it notices when the line is gone, lets go, and never blocks on it.

Differences from `LinuxDriver` (Textual 8.2.8): frames go to standard output, not standard error; a writer thread that never blocks the
loop; EOF or EIO on the input ends the reading instead of spinning; the input thread sleeps until a key comes instead of waking ten times
a second; invalid UTF-8 from the terminal is replaced instead of raised; Alt is to be sent as Escape, and with a digit or Enter it is that
key; every mode that was switched on is switched off; a SIGCONT without a SIGTSTP before it does not start a second reader; the terminal is
asked for its background when the app wants to know, and its answer is no key.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
from codecs import getincrementaldecoder
from threading import Event
from typing import TYPE_CHECKING

from textual._parser import ParseError
from textual.drivers.linux_driver import LinuxDriver

from hawkmoth_tui.ui.ground import QUESTION, GroundTold, Hearing
from hawkmoth_tui.ui.terminal import ALT_AS_BEFORE, ALT_IS_ESCAPE, RESTORE, Ending
from hawkmoth_tui.ui.typed_keys import KeyParser
from hawkmoth_tui.ui.writer import TerminalWriter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.message import Message

    from hawkmoth_tui.ui.stage import StagedApp

_READ_BYTES = 65_536
_SEQUENCE_TICK_S = 0.1
"""How often a half-arrived escape sequence is looked at again, to tell it from the Escape key."""


class TerminalDriver(LinuxDriver):
    """The line between one terminal and a `StagedApp`."""

    def __init__(
        self, app: StagedApp[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._staged_app = app
        self._output = sys.__stdout__.fileno() if sys.__stdout__ else 1
        encoding = (sys.__stdout__.encoding if sys.__stdout__ else None) or "utf-8"
        self._writer = TerminalWriter(self._output, encoding, self._lost, self._drained)
        self._woken, wake = os.pipe()
        self.exit_event = _WakingEvent(wake)
        self._is_lost = False
        self._is_on = self._was_on = False
        self._hearing: Hearing | None = None
        app.take_terminal(self)

    def write(self, data: str) -> None:
        """Hands text to the writer thread; nothing once the terminal was let go."""
        self._writer.write(data)

    def owes_frame(self) -> bool:
        """Whether the line is too busy for another frame; the app is then asked to draw when it is free."""
        return self._writer.is_congested and self._writer.owe()

    def start_application_mode(self) -> None:
        """Takes the screen; also after a suspension, when the screen holds somebody else's text."""
        self._writer.start()
        size = self._get_terminal_size()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual left it without annotations
        self._wake_for_signals(is_moving=self._was_on or self._get_terminal_size() != size)
        self.write(ALT_IS_ESCAPE)
        self._is_on = True
        if self._staged_app.wants_ground:
            self._hearing = Hearing()
            self.write(QUESTION)
        is_again, self._was_on = self._was_on, True
        if is_again:
            self._loop.call_soon_threadsafe(self._staged_app.redraw)

    def stop_application_mode(self) -> None:
        """Gives the screen back, in plain letters."""
        self.write("\x1b[0m")
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
        self.write(ALT_AS_BEFORE)
        with contextlib.suppress(ValueError, RuntimeError):
            self._loop.remove_signal_handler(signal.SIGWINCH)
        super().stop_application_mode()
        self._is_on = False

    def _wake_for_signals(self, *, is_moving: bool) -> None:
        """Lets the loop take the changes of size. Textual's own handler may be set off just before the loop goes to sleep, which then
        sleeps on; a handler of the loop's wakes it, and with it those of every other signal.

        Until now handlers may have been set off within each other, so that an older size was told after a newer one. `is_moving`: tell
        the size once more, after all that was told.
        """
        resized = signal.getsignal(signal.SIGWINCH)
        if callable(resized):
            self._loop.add_signal_handler(signal.SIGWINCH, resized, signal.SIGWINCH, None)
            if is_moving:
                self._loop.call_soon_threadsafe(resized, signal.SIGWINCH, None)

    def close(self) -> None:
        """Writes what is left, for as long as the terminal takes it."""
        super().close()
        self._writer.stop()

    def let_go(self) -> None:
        """The terminal is not ours any more: nothing is read or drawn from here on. One that still listens is restored."""
        if self._is_lost:
            return
        self._is_lost = True
        self.exit_event.set()
        with contextlib.suppress(termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            self._writer.write(RESTORE)
        self._writer.stop()
        self._writer.lose()

    def restore_at_once(self) -> None:
        """Restores the terminal past the writer thread, for the moment before the process is ended."""
        if self._is_lost or not self._is_on:
            return
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        os.write(self._output, RESTORE.encode())

    def run_input_thread(self) -> None:
        """Reads keys until the input is disabled or the terminal is gone."""
        parser = KeyParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            tick_s = None if parser._timeout_time is None else _SEQUENCE_TICK_S
            ready, _, _ = select.select([self.fileno, self._woken], [], [], tick_s)
            if self._woken in ready:
                os.read(self._woken, 64)
            elif not ready:
                self._deliver(parser.tick())
            elif data := self._read():
                if text := self._heard(decode(data)):
                    self._deliver(parser.feed(text))
            else:
                self._lost()
                return
        with contextlib.suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._staged_app._handle_exception, error)

    def _sigcont_application(self, *_: object) -> None:
        """Goes on after a stop. One that gave no time to let go (SIGSTOP) left everything on, and a shell may have changed it since."""
        if self._auto_restart:
            if self._is_on:
                self.suspend_application_mode()
            self.resume_application_mode()

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            columns, rows = os.get_terminal_size(self._output)
        except OSError:
            return super()._get_terminal_size()
        return columns or 80, rows or 24

    def _deliver(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def _heard(self, text: str) -> str:
        """The text without the terminal's answer about its background, which goes to the app."""
        if self._hearing is None or self._hearing.is_over:
            return text
        text, is_dark = self._hearing.hear(text)
        if is_dark is not None:
            self.process_message(GroundTold(is_dark=is_dark))
        return text

    def _read(self) -> bytes:
        """What was typed; empty when the terminal is gone."""
        try:
            return os.read(self.fileno, _READ_BYTES)
        except OSError:
            return b""

    def _lost(self) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._staged_app.end, Ending.HUNG_UP)

    def _drained(self) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._staged_app.catch_up)


class _WakingEvent(Event):
    """An event that also wakes who sleeps in `select`."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def set(self) -> None:
        super().set()
        os.write(self._descriptor, b"x")
