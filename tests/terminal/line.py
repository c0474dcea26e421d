"""A line between a program and its terminal: `python -m tests.terminal.line BITS_PER_S ROUND_TRIP_S PROGRAM …`.

Runs the program in a pseudo-terminal of its own and carries bytes between the two no faster than the line: what is written waits its turn,
then half a round trip; keys take the other half. Hardly anything is buffered, so that the program feels a busy line as over ssh.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import sys
import termios
import time
import tty
from collections import deque
from dataclasses import dataclass, field

_MOST_AHEAD_S = 0.05
"""How much of the line's time may be taken up before the program has to wait."""
_PIECE = 1024


@dataclass(slots=True)
class Direction:
    """Bytes under way from one descriptor to another."""

    source: int
    target: int
    bytes_per_s: float
    delay_s: float
    is_open: bool = True
    _free_at_s: float = 0.0
    _under_way: deque[tuple[float, bytes]] = field(default_factory=deque)

    def takes(self, now_s: float) -> bool:
        """Whether there is room on the line."""
        return self.is_open and self._free_at_s - now_s < _MOST_AHEAD_S

    def take(self, now_s: float) -> None:
        """Puts what the source has on the line."""
        try:
            data = os.read(self.source, _PIECE)
        except OSError:
            data = b""
        self.is_open = bool(data)
        self._free_at_s = max(now_s, self._free_at_s) + len(data) / self.bytes_per_s
        self._under_way.append((self._free_at_s + self.delay_s, data))

    def deliver(self, now_s: float) -> None:
        """Hands over what has arrived."""
        while self._under_way and self._under_way[0][0] <= now_s:
            data = self._under_way.popleft()[1]
            while data:
                data = data[os.write(self.target, data) :]

    def next_s(self, now_s: float) -> float | None:
        """Seconds until something happens by itself; None: nothing will."""
        if self._under_way:
            return max(0.0, self._under_way[0][0] - now_s)
        return None if self.takes(now_s) or not self.is_open else self._free_at_s - now_s - _MOST_AHEAD_S

    @property
    def is_done(self) -> bool:
        """Whether nothing comes any more."""
        return not self.is_open and not self._under_way


def carry(bits_per_s: float, round_trip_s: float, program: list[str]) -> int:
    """Runs the program at the end of the line; its exit status."""
    child, inner = pty.fork()
    if child == 0:
        os.execvp(program[0], program)

    def follow_size(*_: object) -> None:
        fcntl.ioctl(inner, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))

    follow_size()
    signal.signal(signal.SIGWINCH, follow_size)
    tty.setraw(0)
    out = Direction(inner, 1, bits_per_s / 8, round_trip_s / 2)
    keys = Direction(0, inner, bits_per_s / 8, round_trip_s / 2)
    while not out.is_done:
        now_s = time.monotonic()
        waits = [wait_s for direction in (out, keys) if (wait_s := direction.next_s(now_s)) is not None]
        listening = {direction.source: direction for direction in (out, keys) if direction.takes(now_s)}
        ready, _, _ = select.select(list(listening), [], [], min(waits, default=None))
        for source in ready:
            listening[source].take(time.monotonic())
        for direction in (out, keys):
            direction.deliver(time.monotonic())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(carry(float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
