"""Tables and colours for people: aligned plain text that knows the width of the terminal. Colour only where a person sees it."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import is_mark, one_line
from hawkmoth_tui.headless.streams import is_terminal, shows_colour

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GAP = "  "
NARROWEST = 8
"""A column is never cut below this many cells."""
WIDE_OUTPUT = 200
"""Width of tables that do not go to a terminal."""


class Ink(Enum):
    """The few colours of the command line, as SGR parameters."""

    STRONG = "1"
    DIM = "2"
    GOOD = "32"
    BAD = "31"
    ROUTE = "34"
    COST = "33"


def paints(env: Mapping[str, str] | None = None) -> bool:
    """Whether stdout may carry colours."""
    return shows_colour(sys.stdout, os.environ if env is None else env)


def inked(text: str, ink: Ink, *, is_painted: bool) -> str:
    """The text in colour, when there is colour."""
    return f"\x1b[{ink.value}m{text}\x1b[0m" if is_painted and text else text


def output_width() -> int:
    """Cells in a line: the terminal's, or plenty where the output goes to a file or another program."""
    return shutil.get_terminal_size((80, 24)).columns or 80 if is_terminal(sys.stdout) else WIDE_OUTPUT


def cells(text: str) -> int:
    """How many terminal cells the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if is_mark(ch) or ch == "\u200d" else 2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text
    )


def fit(text: str, width: int) -> str:
    """The text cut to `width` cells, with `…` where something was cut."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += cells(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


class Give(Enum):
    """When a column gives way in a line that is too long."""

    NEVER = 0
    FIRST = 1
    LAST = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how its cells are drawn."""

    title: str
    is_number: bool = False
    """Aligned to the right."""
    gives: Give = Give.NEVER
    ink: Ink | None = None


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int, *, is_painted: bool = False) -> str:
    """Lines of aligned cells under a heading. Untrusted cells are mapped and folded to one line; trailing blanks are dropped."""
    shown = [[one_line(cell, 400) for cell in row] for row in rows]
    widths = [
        max(cells(column.title), *(cells(row[index]) for row in shown), 0) for index, column in enumerate(columns)
    ]
    _shrink(widths, columns, width)
    heading = GAP.join(_aligned(column.title, widths[i], column.is_number) for i, column in enumerate(columns)).rstrip()
    lines = [inked(heading, Ink.STRONG, is_painted=is_painted)]
    for row in shown:
        drawn = [_aligned(cell, widths[i], columns[i].is_number) for i, cell in enumerate(row)]
        last = len(drawn) - 1
        drawn[last] = drawn[last].rstrip()
        inks = [column.ink for column in columns]
        lines.append(
            GAP.join(
                inked(cell, ink, is_painted=is_painted) if ink else cell for cell, ink in zip(drawn, inks, strict=True)
            ).rstrip()
        )
    return "\n".join(lines)


def _shrink(widths: list[int], columns: Sequence[Column], width: int) -> None:
    """Take cells from the widest column that gives way, those that do so first before the others, until the line fits."""
    over = sum(widths) + len(GAP) * (len(columns) - 1) - width
    for turn in (Give.FIRST, Give.LAST):
        giving = [index for index, column in enumerate(columns) if column.gives is turn and widths[index] > NARROWEST]
        while over > 0 and giving:
            index = max(giving, key=widths.__getitem__)
            widths[index] -= 1
            over -= 1
            giving = [each for each in giving if widths[each] > NARROWEST]


def _aligned(text: str, width: int, is_number: bool) -> str:
    text = fit(text, width)
    blank = " " * (width - cells(text))
    return blank + text if is_number else text + blank
