"""Newline-delimited JSON from bytes, incrementally. Pure: any splitting of the bytes gives the same lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.providers.line_splitter import LineSplitter
from hawkmoth_tui.providers.sse import EVENT_BYTES

if TYPE_CHECKING:
    from hawkmoth_tui.providers.sse import Event


class NdjsonReader:
    """Feed it bytes, take whole lines as nameless events; an indented object over several lines counts as one."""

    def __init__(self, limit: int = EVENT_BYTES) -> None:
        self._lines = LineSplitter(limit, "a line")
        self._indented: list[bytes] = []
        self._indented_bytes = 0

    def feed(self, piece: bytes) -> list[Event]:
        """The lines that `piece` completes. Raises BadResponse when one passes the limit."""
        return self._events(self._lines.feed(piece))

    def end(self) -> list[Event]:
        """What an unfinished last line holds."""
        events = self._events([self._lines.end()])
        if self._indented:
            events.append(("", b"\n".join(self._indented).decode("utf-8", "replace")))
            self._indented = []
        return events

    def _events(self, lines: list[bytes]) -> list[Event]:
        events: list[Event] = []
        for line in lines:
            whole = self._whole(line)
            if whole:
                self._lines.check(len(whole))
                events.append(("", whole.decode("utf-8", "replace")))
        return events

    def _whole(self, line: bytes) -> bytes:
        """The complete JSON text that this line ends; empty when there is none yet."""
        text = line.strip()
        if not self._indented and text != b"{":
            return text
        self._indented.append(text)
        self._indented_bytes += len(text)
        self._lines.check(self._indented_bytes)
        if not line.startswith(b"}"):
            return b""
        whole = b"\n".join(self._indented)
        self._indented, self._indented_bytes = [], 0
        return whole
