"""Columns of a list: as many as fit beside the name, in their order; those that matter least go first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GAP = 2
MARK_CELLS = 2
"""Before each row of a list, where the highlighted one is marked."""


class Column(NamedTuple):
    """One column right of the name."""

    title: str
    cells: int
    rank: int
    """The higher, the sooner it goes when there is no room."""
    is_number: bool = True
    """Set at the right edge."""


def fitting_columns(columns: Sequence[Column], width: int, least_name: int) -> tuple[Column, ...]:
    """Those that leave the name so many cells."""
    room = width - least_name
    kept: set[str] = set()
    for column in sorted(columns, key=lambda column: column.rank):
        room -= column.cells + GAP
        if room < 0:
            break
        kept.add(column.title)
    return tuple(column for column in columns if column.title in kept)


def table_line(name: Content, cells: Mapping[str, tuple[str, str]], columns: Iterable[Column], width: int) -> Content:
    """A row: the name, then (text, style) of each column by its title."""
    right = [_cell(*cells[column.title], column) for column in columns]
    room = width - sum(cell.cell_length for cell in right)
    name = cut(name, room)
    return EMPTY.join((name, Content(" " * (room - name.cell_length)), *right))


def _cell(text: str, style: str, column: Column) -> Content:
    """The gap and the text, at its edge of the column."""
    if not text.isascii() or len(text) > column.cells:
        text = cut(words((text, "")), column.cells).plain
    blank = " " * (column.cells - (len(text) if text.isascii() else cell_len(text)))
    left, right = (blank, "") if column.is_number else ("", blank)
    return words((f"{' ' * GAP}{left}{text}{right}", style))


def title_line(name: str, columns: Sequence[Column], width: int, least_name: int) -> Content:
    """The names of the columns that the rows have below it; a list's mark stands before those."""
    columns = fitting_columns(columns, width - MARK_CELLS, least_name)
    return table_line(words((name, MUTED)), {column.title: (column.title, MUTED) for column in columns}, columns, width)
