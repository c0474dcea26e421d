"""Lines from bytes, incrementally: what server-sent events and newline-delimited JSON have in common. Pure."""

from __future__ import annotations

from hawkmoth_tui.core.errors import BadResponse

_BOM = b"\xef\xbb\xbf"


class LineSplitter:
    """Feed it bytes, take whole lines, ended by a line feed; a byte order mark before the first one is dropped."""

    def __init__(self, limit: int, noun: str) -> None:
        self._limit = limit
        self._noun = noun
        """What is too long when the limit is passed, with its article."""
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self._is_first_line = True

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that `piece` completes. Raises BadResponse when the one it begins passes the limit."""
        if b"\n" not in piece:
            self._keep(piece)
            return []
        lines = piece.split(b"\n")
        rest = lines.pop()
        lines[0] = b"".join((*self._kept, lines[0]))
        self._kept, self._kept_bytes = [], 0
        self._keep(rest)
        if self._is_first_line:
            lines[0] = self._without_mark(lines[0])
        return lines

    def end(self) -> bytes:
        """The unfinished last line; empty when there is none."""
        line = b"".join(self._kept)
        self._kept, self._kept_bytes = [], 0
        return self._without_mark(line) if self._is_first_line else line

    def check(self, size: int) -> None:
        """Raises BadResponse for more bytes than one of them may have."""
        if size > self._limit:
            raise BadResponse(f"the server sent {self._noun} of more than {self._limit // 1024} KB")

    def _keep(self, rest: bytes) -> None:
        if rest:
            self._kept.append(rest)
            self._kept_bytes += len(rest)
            self.check(self._kept_bytes)

    def _without_mark(self, line: bytes) -> bytes:
        self._is_first_line = False
        return line.removeprefix(_BOM)
