"""Where a cursor may stand in a line: beside what is drawn as one character, be it a flag, a family or a letter with marks."""

from __future__ import annotations

from rich.cells import split_graphemes

LOOK_AROUND = 80
"""Characters before and after a place that are looked at; nothing that is drawn as one is longer."""


def is_simple(line: str) -> bool:
    """Whether every character of the line is drawn on its own."""
    return line.isascii()


def before(line: str, column: int) -> int:
    """Where what stands left of the column begins."""
    return column - 1 if is_simple(line) else max(stop for stop in (0, *_stops(line, column)) if stop < column)


def after(line: str, column: int) -> int:
    """Where what stands right of the column ends."""
    return column + 1 if is_simple(line) else min(stop for stop in (len(line), *_stops(line, column)) if stop > column)


def beside(line: str, column: int) -> int:
    """The column itself, or where that begins in the middle of which it would be."""
    return column if is_simple(line) else max(stop for stop in (0, *_stops(line, column)) if stop <= column)


def _stops(line: str, column: int) -> list[int]:
    """Where the cursor may stand around the column."""
    first = max(0, column - LOOK_AROUND)
    while first and _is_half_flag(line[first]):
        first -= 1
    piece = line[first : column + LOOK_AROUND]
    stops: list[int] = []
    is_half_flag = False
    for start, _end, _cells in split_graphemes(piece)[0]:
        is_flag = _is_half_flag(piece[start])
        if not (is_flag and is_half_flag):
            stops.append(first + start)
        is_half_flag = is_flag and not is_half_flag
    return [*stops, first + len(piece)]


def _is_half_flag(character: str) -> bool:
    """Whether two such make a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"
