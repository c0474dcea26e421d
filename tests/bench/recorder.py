"""A program in a pseudo-terminal, recorded: every byte with its time, painted only when asked, so that measuring costs little.

Linux only: CPU time is read from the process's own clock, memory from /proc.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.terminal.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_QUESTION = re.compile(rb"\x1b\[\?(\d+)\$p")
_KNOWN_MODES = frozenset({b"2026", b"2004", b"1004", b"1006"})
_TAKE_TERMINAL = 'exec "$@" <"$0" >"$0" 2>"$0"'
_POLL_S = 0.01


class Chunk(NamedTuple):
    """What arrived at once."""

    at: float
    """On the monotonic clock."""
    data: bytes
    cpu_s: float
    """What the program had used by then."""


class Recorder:
    """One running program and what it wrote."""

    def __init__(self, program: Sequence[str], env: Mapping[str, str], columns: int, rows: int, folder: Path) -> None:
        self.columns, self.rows = columns, rows
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.chunks: list[Chunk] = []
        """In the order of arrival."""
        self._emulator = Emulator(columns, rows, lambda _: None)
        self._painted = 0
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _TAKE_TERMINAL, os.ttyname(slave), *program],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(env),
            cwd=folder,
            start_new_session=True,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def byte_count(self) -> int:
        """Bytes written so far."""
        return sum(len(chunk.data) for chunk in self.chunks)

    def cpu_s(self) -> float:
        """Seconds of CPU, user and system, of the process with all its threads (clock_getcpuclockid(3))."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def memory_mb(self) -> float:
        """Resident memory now, in MB of 2^20 bytes."""
        return _status_kb(self._process.pid, "VmRSS") / 1024

    def peak_memory_mb(self) -> float:
        """The most it ever was resident."""
        return _status_kb(self._process.pid, "VmHWM") / 1024

    def press(self, keys: str) -> float:
        """Types, and says when."""
        at = time.monotonic()
        os.write(self._master, keys.encode())
        return at

    def paint(self) -> str:
        """The screen as it is now."""
        while self._painted < len(self.chunks):
            self._emulator.feed(self.chunks[self._painted].data)
            self._painted += 1
        return "\n".join(self._emulator.lines())

    def wait(self, is_so: Callable[[], bool], timeout_s: float) -> bool:
        """Looks every 10 ms whether it is so; False when it never was."""
        deadline = time.monotonic() + timeout_s
        while not is_so():
            if time.monotonic() > deadline or self._process.poll() is not None:
                return is_so()
            time.sleep(_POLL_S)
        return True

    def wait_quiet(self, quiet_s: float, timeout_s: float) -> None:
        """Until nothing was written for a while."""
        self.wait(lambda: bool(self.chunks) and time.monotonic() - self.chunks[-1].at > quiet_s, timeout_s)

    def seen(self, text: str, since: float) -> Chunk | None:
        """The chunk that, from `since` on, first put the text on the screen in a finished frame: paints what was not painted yet."""
        while self._painted < len(self.chunks):
            chunk = self.chunks[self._painted]
            self._emulator.feed(chunk.data)
            self._painted += 1
            is_shown = chunk.at >= since and not self._emulator.is_mid_frame
            if is_shown and any(text in line for line in self._emulator.lines()):
                return chunk
        return None

    def close(self) -> None:
        """Ends the program."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(number)
                try:
                    self._process.wait(3)
                except subprocess.TimeoutExpired:
                    continue
        self._reader.join(3)
        os.close(self._master)

    def _read(self) -> None:
        while self._process.poll() is None:
            ready, _, _ = select.select([self._master], [], [], 0.5)
            if not ready:
                continue
            try:
                data = os.read(self._master, 65_536)
            except OSError:
                return
            with contextlib.suppress(OSError):
                self.chunks.append(Chunk(time.monotonic(), data, self.cpu_s()))
            for mode in _QUESTION.findall(data):
                state = 2 if mode in _KNOWN_MODES else 0
                os.write(self._master, b"\x1b[?%s;%d$y" % (mode, state))


def _status_kb(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return float(line.split()[1])
    return 0.0
