"""Server-sent events from bytes, incrementally (WHATWG HTML §9.2.6). Pure: any splitting of the bytes gives the same events.

Lines end at \\r\\n, \\n or \\r and nowhere else: JSON may hold U+2028 and U+0085, which `str.splitlines` would cut.
"""

from __future__ import annotations

from typing import TypeAlias

from hawkmoth_tui.providers.line_splitter import LineSplitter

Event: TypeAlias = tuple[str, str]
"""The event's name, empty when it has none, and its data."""

EVENT_BYTES = 1024 * 1024
"""Most in one line and in one event."""


class SseReader:
    """Feed it bytes, take whole events."""

    def __init__(self, limit: int = EVENT_BYTES) -> None:
        self._lines = LineSplitter(limit, "an event")
        self._is_after_cr = False
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
        return self._events(self._lines.feed(piece))

    def end(self) -> list[Event]:
        """What an unfinished last line and event hold; servers leave out the closing blank line."""
        return self._events([self._lines.end(), b""])

    def _events(self, lines: list[bytes]) -> list[Event]:
        events: list[Event] = []
        for line in lines:
            if not line:
                self._close(events)
            elif line.startswith(b"data:"):
                self._take(line[6:] if line[5:6] == b" " else line[5:])
            elif line.startswith(b"event:"):
                self._lines.check(len(line))
                self._name = line[6:].strip().decode("utf-8", "replace")
            elif line.startswith(b"error:"):
                # llama.cpp before 2025 reports a failure in the stream as a field of this name.
                self._name = "error"
                self._take(line[6:].strip())
        return events

    def _take(self, data: bytes) -> None:
        self._data_bytes += len(data) + 1
        self._lines.check(self._data_bytes)
        self._data.append(data)

    def _close(self, events: list[Event]) -> None:
        if self._data:
            data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
            if data:
                events.append((self._name, data.decode("utf-8", "replace")))
            self._data, self._data_bytes = [], 0
        self._name = ""
