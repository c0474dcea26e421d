"""Newline-delimited JSON from bytes, incrementally. Pure: any splitting of the bytes gives the same lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import BadResponse
from hawkmoth_tui.providers.sse import EVENT_BYTES

if TYPE_CHECKING:
    from hawkmoth_tui.providers.sse import Event

_BOM = b"\xef\xbb\xbf"


class NdjsonReader:
    """Feed it bytes, take whole lines as nameless events; an indented object over several lines counts as one."""

    def __init__(self, limit: int = EVENT_BYTES) -> None:
        self._limit = limit
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self._is_first_line = True
        self._indented: list[bytes] = []
        self._indented_bytes = 0

    def feed(self, piece: bytes) -> list[Event]:
        """The lines that `piece` completes. Raises BadResponse when one passes the limit."""
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
        """What an unfinished last line holds."""
        events = self._events([b"".join(self._kept)])
        self._kept, self._kept_bytes = [], 0
        if self._indented:
            events.append(("", b"\n".join(self._indented).decode("utf-8", "replace")))
            self._indented = []
        return events

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
            whole = self._whole(line)
            if whole:
                self._check(len(whole))
                events.append(("", whole.decode("utf-8", "replace")))
        return events

    def _whole(self, line: bytes) -> bytes:
        """The complete JSON text that this line ends; empty when there is none yet."""
        text = line.strip()
        if not self._indented and text != b"{":
            return text
        self._indented.append(text)
        self._indented_bytes += len(text)
        self._check(self._indented_bytes)
        if not line.startswith(b"}"):
            return b""
        whole = b"\n".join(self._indented)
        self._indented, self._indented_bytes = [], 0
        return whole

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise BadResponse(f"the server sent a line of more than {self._limit // 1024} KB")
