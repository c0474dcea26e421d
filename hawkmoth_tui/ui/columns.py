"""Columns of a list: as many as fit beside the name, in their order; those that matter least go first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GAP = 2


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
    right = EMPTY
    for column in columns:
        text, style = cells[column.title]
        cell = cut(words((text, style)), column.cells)
        blank = Content(" " * (column.cells - cell.cell_length))
        right += Content(" " * GAP) + (blank + cell if column.is_number else cell + blank)
    room = width - right.cell_length
    name = cut(name, room)
    return name + Content(" " * (room - name.cell_length)) + right


def title_line(name: str, columns: Iterable[Column], width: int) -> Content:
    """The names of the columns."""
    columns = tuple(columns)
    return table_line(words((name, MUTED)), {column.title: (column.title, MUTED) for column in columns}, columns, width)
