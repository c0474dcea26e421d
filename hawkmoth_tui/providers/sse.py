"""Server-sent events from bytes, incrementally (WHATWG HTML §9.2.6). Pure: any splitting of the bytes gives the same events.

Lines end at \\r\\n, \\n or \\r and nowhere else: JSON may hold U+2028 and U+0085, which `str.splitlines` would cut.
"""

from __future__ import annotations

from typing import TypeAlias

from hawkmoth_tui.core.errors import BadResponse

Event: TypeAlias = tuple[str, str]
"""The event's name, empty when it has none, and its data."""

EVENT_BYTES = 1024 * 1024
"""Most in one line and in one event."""

_BOM = b"\xef\xbb\xbf"


class SseReader:
    """Feed it bytes, take whole events."""

    def __init__(self, limit: int = EVENT_BYTES) -> None:
        self._limit = limit
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self._is_after_cr = False
        self._is_first_line = True
        self._name = ""
        self._data: list[bytes] = []
        self._data_bytes = 0

    def feed(self, piece: bytes) -> list[Event]:
        """The events that `piece` completes. Raises BadResponse when an event passes the limit."""
        if self._is_after_cr and piece:
            self._is_after_cr = False
            piece = piece.removeprefix(b"\n")
        if b"\r" in piece:
            self._is_after_cr = piece.endswith(b"\r")
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\n" not in piece:
            self._keep(piece)
            return []
        lines = piece.split(b"\n")
        rest = lines.pop()
        lines[0] = b"".join((*self._kept, lines[0]))
        self._kept, self._kept_bytes = [], 0
        self._keep(rest)
        return self._events(lines)

    def end(self) -> list[Event]:
        """What an unfinished last line and event hold; servers leave out the closing blank line."""
        lines = [b"".join(self._kept), b""]
        self._kept, self._kept_bytes = [], 0
        return self._events(lines)

    def _keep(self, rest: bytes) -> None:
        if rest:
            self._kept.append(rest)
            self._kept_bytes += len(rest)
            self._check(self._kept_bytes)

    def _events(self, lines: list[bytes]) -> list[Event]:
        if self._is_first_line:
            lines[0] = lines[0].removeprefix(_BOM)
            self._is_first_line = False
        events: list[Event] = []
        for line in lines:
            if not line:
                self._close(events)
            elif line.startswith(b"data:"):
                self._take(line[6:] if line[5:6] == b" " else line[5:])
            elif line.startswith(b"event:"):
                self._check(len(line))
                self._name = line[6:].strip().decode("utf-8", "replace")
            elif line.startswith(b"error:"):
                # llama.cpp before 2025 reports a failure in the stream as a field of this name.
                self._name = "error"
                self._take(line[6:].strip())
        return events

    def _take(self, data: bytes) -> None:
        self._data_bytes += len(data) + 1
        self._check(self._data_bytes)
        self._data.append(data)

    def _close(self, events: list[Event]) -> None:
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            if data:
                events.append((self._name, data.decode("utf-8", "replace")))
            self._data, self._data_bytes = [], 0
        self._name = ""

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise BadResponse(f"the server sent an event of more than {self._limit // 1024} KB")
