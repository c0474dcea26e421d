"""On which line each key of a TOML text stands, so that an error about a value can point at it.

`tomllib` tells values without their places. This reads a text that `tomllib` has already accepted and looks only for places, so it
forgives everything; a key it cannot place is reported with the line of the table around it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys from the top of the document; an int counts the entries of an array from 0."""

_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:""|")?'
    r"|'''.*?'''(?:''|')?"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{},=.\n]"
    r"|[^\s\"'#\[\]{},=.]+",
    re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key, table and array entry in `text`."""
    return _Places(text).read()


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """The line of this key, or of the nearest thing around it; None when nothing of it is in the file."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


class _Places:
    """One walk over the pieces of a text."""

    def __init__(self, text: str) -> None:
        self._pieces = _pieces(text)
        self._next = 0
        self._lines: dict[KeyPath, int] = {}
        self._lengths: dict[KeyPath, int] = {}

    def read(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._next < len(self._pieces):
            piece, line = self._pieces[self._next]
            if piece == "\n":
                self._next += 1
            elif piece == "[":
                table = self._header(line)
            else:
                self._pair(table)
        return self._lines

    def _header(self, line: int) -> KeyPath:
        """`[a.b]` or `[[a.b]]`: the path of the table that begins here."""
        self._next += 1
        is_array = self._take("[")
        path = self._resolved(self._key("]"))
        while self._take("]"):
            pass
        self._lines.setdefault(path, line)
        if not is_array:
            return path
        entry = self._lengths.get(path, 0)
        self._lengths[path] = entry + 1
        self._lines[(*path, entry)] = line
        return (*path, entry)

    def _resolved(self, keys: list[str]) -> KeyPath:
        """A header names arrays without counting: it means their newest entry."""
        path: KeyPath = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            if position < len(keys) - 1 and path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _pair(self, table: KeyPath) -> None:
        """`a.b = value`."""
        line = self._pieces[self._next][1]
        path = table
        for key in self._key("="):
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._take("=")
        self._value(path)

    def _key(self, end: str) -> list[str]:
        """The parts of a dotted key, up to the piece that ends it."""
        parts: list[str] = []
        while self._next < len(self._pieces) and self._pieces[self._next][0] not in (end, "\n"):
            piece = self._pieces[self._next][0]
            self._next += 1
            if piece != ".":
                parts.append(_unquoted(piece))
        return parts

    def _value(self, path: KeyPath) -> None:
        if self._take("["):
            self._entries(path)
        elif self._take("{"):
            while not self._take("}") and self._next < len(self._pieces):
                if not (self._take(",") or self._take("\n")):
                    self._pair(path)
        else:
            while self._next < len(self._pieces) and self._pieces[self._next][0] not in ("\n", ",", "]", "}"):
                self._next += 1

    def _entries(self, path: KeyPath) -> None:
        entry = 0
        while not self._take("]") and self._next < len(self._pieces):
            if self._take(",") or self._take("\n"):
                continue
            self._lines[(*path, entry)] = self._pieces[self._next][1]
            self._value((*path, entry))
            entry += 1

    def _take(self, piece: str) -> bool:
        """Whether this piece comes next; it is then behind us."""
        is_next = self._next < len(self._pieces) and self._pieces[self._next][0] == piece
        self._next += is_next
        return is_next


def _pieces(text: str) -> list[tuple[str, int]]:
    """Every piece but comments, with its line."""
    pieces: list[tuple[str, int]] = []
    line = 1
    for match in _PIECE.finditer(text):
        piece = match.group()
        if not piece.startswith("#"):
            pieces.append((piece, line))
        line += piece.count("\n")
    return pieces


def _unquoted(piece: str) -> str:
    """The key that a piece writes; an escaped one is read by the TOML parser itself."""
    if piece[0] not in "\"'":
        return piece
    if "\\" not in piece or piece[0] == "'":
        return piece[1:-1]
    import tomllib

    return next(iter(tomllib.loads(f"{piece} = 0")))
