"""Drives a program through a real pseudo-terminal, as a person would: types, presses keys, reads the screen.

Nothing sleeps: a reader thread paints every byte as it arrives, and every wait ends with a byte, the program's end, or a deadline.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.patience import PATIENCE_S
from tests.terminal.emulator import DARK, Emulator
from tests.terminal.keys import key_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

PROJECT = str(Path(__file__).parents[2])

_LOG_LINES = 30

_TAKE_TERMINAL = 'exec "$@" <"$0" >"$0" 2>"$0"'
"""A session's leader that opens a terminal makes it its own: no code has to run between fork and exec."""


class Terminal:
    """A program in a terminal of its own. Use it as a context manager: leaving it kills what still runs."""

    def __init__(
        self,
        *arguments: str,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        program: Sequence[str] = (sys.executable, "-m", "hawkmoth_tui"),
        cwd: Path | None = None,
        ground: str = DARK,
    ) -> None:
        """Starts `program` with `arguments`; `env` is laid over the test's own environment."""
        self._master, slave = os.openpty()
        self._woken, self._wake = os.pipe()
        self._set_size(columns, rows)
        terminal_name = os.ttyname(slave)
        environment = {
            "PYTHONPATH": PROJECT,
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            **(env or {}),
        }
        self._home = environment.get("HAWKMOTH_HOME", "")
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _TAKE_TERMINAL, terminal_name, *program, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=cwd or environment.get("HOME"),
            start_new_session=True,
        )
        os.close(slave)
        self._changed = threading.Condition()
        self._emulator = Emulator(columns, rows, self._write, ground=ground)
        self._raw = bytearray()
        self._is_open = True
        self._reader = threading.Thread(target=self._read, name="terminal reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process id of the program (the shell replaced itself)."""
        return self._process.pid

    @property
    def raw(self) -> bytes:
        """Every byte that the program wrote so far."""
        with self._changed:
            return bytes(self._raw)

    @property
    def modes(self) -> frozenset[str]:
        """DEC private modes now on, such as "1049" (alternate screen)."""
        with self._changed:
            return frozenset(self._emulator.modes)

    @property
    def emulator(self) -> Emulator:
        """The cells and colours; read it only when nothing more is expected to arrive."""
        return self._emulator

    def screen_text(self) -> str:
        """The screen as text, trailing blanks cut."""
        with self._changed:
            return "\n".join(self._emulator.lines())

    def type(self, text: str) -> None:
        """Types text, character by character as far as the program can tell."""
        self._write(text.encode())

    def paste(self, text: str) -> None:
        """Pastes text: bracketed, when the program asked for that."""
        data = text.encode()
        self._write(b"\x1b[200~" + data + b"\x1b[201~" if "2004" in self.modes else data)

    def key(self, *names: str) -> None:
        """Presses keys one after the other: "enter", "esc", "ctrl+x", "alt+1", "f2"."""
        for name in names:
            self._write(key_bytes(name))

    def resize(self, columns: int, rows: int) -> None:
        """Changes the window's size; the kernel tells the program."""
        with self._changed:
            self._emulator.resize(columns, rows)
        self._set_size(columns, rows)

    def wait_for(self, *texts: str, timeout_s: float = PATIENCE_S) -> str:
        """Waits until every text is on the screen in a finished frame, and returns the screen."""
        self.wait_until(lambda screen: all(text in screen for text in texts), f"{texts} on the screen", timeout_s)
        return self.screen_text()

    def wait_gone(self, text: str, timeout_s: float = PATIENCE_S) -> str:
        """Waits until the text is nowhere on the screen, and returns the screen."""
        self.wait_until(lambda screen: text not in screen, f"{text!r} gone from the screen", timeout_s)
        return self.screen_text()

    def wait_until(self, is_so: Callable[[str], bool], what: str, timeout_s: float = PATIENCE_S) -> None:
        """Waits until a finished frame satisfies `is_so`; fails with the screen when it cannot any more."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while self._emulator.is_mid_frame or not is_so("\n".join(self._emulator.lines())):
                remaining_s = deadline - time.monotonic()
                if remaining_s <= 0 or not self._is_open:
                    reason = "the program has ended" if not self._is_open else f"not within {timeout_s:g} s"
                    raise AssertionError(f"expected {what}; {reason}. {self._state()}")
                self._changed.wait(remaining_s)

    def wait_raw(self, data: bytes, timeout_s: float = PATIENCE_S, *, start: int = 0) -> None:
        """Waits until these bytes were written, `start` bytes or more after the first."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while self._raw.find(data, start) < 0:
                remaining_s = deadline - time.monotonic()
                if remaining_s <= 0 or not self._is_open:
                    raise AssertionError(f"expected the bytes {data!r}; last written: {bytes(self._raw[-300:])!r}")
                self._changed.wait(remaining_s)

    def wait_exit(self, timeout_s: float = PATIENCE_S) -> int:
        """Waits for the program to end and returns its exit status: negative for the signal that killed it."""
        try:
            status = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout_s:g} s. {self._state()}") from None
        self._reader.join(timeout_s)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        """Sends a signal to the program alone."""
        self._process.send_signal(number)

    def show(self, text: str) -> None:
        """Puts text on the screen past the program, as another one that writes to the same terminal."""
        with self._changed:
            self._emulator.feed(text.encode())

    def hang_up(self) -> None:
        """Takes the terminal away, as a dropped connection does: SIGHUP, then EIO."""
        self._shut_master()

    def kill(self) -> None:
        """Kills the program and all of its children without a warning."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_S)

    def close(self) -> None:
        """Ends everything that still runs and lets go of the terminal."""
        self.kill()
        self._shut_master()
        self._reader.join(PATIENCE_S)

    def _state(self) -> str:
        """The screen and the end of the program's log, for a failure to be understood."""
        state = "The screen:\n" + "\n".join(self._emulator.lines())
        log = Path(self._home, "log", "hawkmoth.log")
        if self._home and log.is_file():
            state += f"\n{log}:\n" + "\n".join(log.read_text("utf-8", "replace").splitlines()[-_LOG_LINES:])
        return state

    def _shut_master(self) -> None:
        """The reader closes the master: closed under a blocked read it would stay open in the kernel."""
        if self._reader.is_alive():
            with contextlib.suppress(OSError):
                os.write(self._wake, b"x")
            self._reader.join(PATIENCE_S)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, columns * 9, rows * 18))

    def _write(self, data: bytes) -> None:
        while data and self._is_open:
            try:
                data = data[os.write(self._master, data) :]
            except OSError:
                return

    def _read(self) -> None:
        while (data := self._next_bytes()) is not None:
            with self._changed:
                self._raw += data
                self._emulator.feed(data)
                self._changed.notify_all()
        with self._changed:
            self._is_open = False
            for descriptor in (self._master, self._woken, self._wake):
                os.close(descriptor)
            self._changed.notify_all()

    def _next_bytes(self) -> bytes | None:
        """What the program wrote next; None when it has let go of the terminal, or is to lose it."""
        ready, _, _ = select.select([self._master, self._woken], [], [])
        if self._woken in ready:
            return None
        try:
            return os.read(self._master, 65536) or None
        except OSError:
            return None
