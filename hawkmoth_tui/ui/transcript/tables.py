"""Tables laid out to the width: natural columns where they fit, else the widest shrink and their cells wrap, else a record per row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.frame import Frame
from hawkmoth_tui.ui.transcript.inline import inline
from hawkmoth_tui.ui.transcript.lines import Line, Span, cells, join_styles, plain, width_of
from hawkmoth_tui.ui.transcript.marks import table_cells
from hawkmoth_tui.ui.transcript.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.ui.transcript.blocks import Leaf, Table

LONGEST_CELL = 2_000
"""Characters of a cell above which its markup is shown as it was written."""

_BAR = " │ "
_CROSS = "─┼─"
_NARROWEST = 9
"""Cells below which a column cannot be read."""

Cells = list[tuple[Span, ...]]


class TableFlow:
    """A table that grows: finished rows are parsed once, and painted again only when a column changes its width."""

    def __init__(self, leaf: Table, width: int) -> None:
        self._frame = Frame(leaf, width)
        self._aligns = leaf.aligns
        self._parsed: list[Cells] = []
        self._natural = [1] * len(leaf.aligns)
        self._widths: list[int] = []
        self._rows: list[Line] = []
        self._done = 0

    def rows(self, leaf: Leaf) -> list[Line]:
        while len(self._parsed) < len(leaf.lines) - 1:
            self._parsed.append(self._read(leaf.lines[len(self._parsed)]))
            self._natural = self._widened(self._parsed[-1])
        last = self._read(leaf.lines[-1])
        natural = self._widened(last)
        widths = fitted(natural, self._frame.width - len(_BAR) * (len(natural) - 1))
        if widths != self._widths or not self._rows:
            self._widths, self._rows, self._done = widths, self._frame.gap(), 0
        is_squeezed = widths != natural
        for row in self._parsed[self._done :]:
            self._rows += self._paint(row, self._done, is_squeezed=is_squeezed)
            self._done += 1
        return self._rows + self._paint(last, self._done, is_squeezed=is_squeezed)

    def _read(self, row: str) -> Cells:
        texts = table_cells(row)[: len(self._aligns)]
        parsed = [inline(text) if len(text) <= LONGEST_CELL else ((text, ""),) for text in texts]
        return parsed + [()] * (len(self._aligns) - len(texts))

    def _widened(self, row: Cells) -> list[int]:
        return [max(width, _natural_width(cell)) for width, cell in zip(self._natural, row, strict=True)]

    def _paint(self, row: Cells, index: int, *, is_squeezed: bool) -> list[Line]:
        if not self._widths:
            return self._record(row, index)
        rows = self._grid(row, index)
        if index == 0 or (is_squeezed and index > 1):
            rule = self._frame.line([(_CROSS.join("─" * width for width in self._widths), "rule")], is_first=False)
            return [*rows, rule] if index == 0 else [rule, *rows]
        return rows

    def _grid(self, row: Cells, index: int) -> list[Line]:
        """The row's cells side by side."""
        style = "strong" if index == 0 else ""
        wrapped = [wrap(cell, width) if cell else [] for cell, width in zip(row, self._widths, strict=True)]
        lines: list[Line] = []
        for height in range(max(1, *map(len, wrapped))):
            spans: list[Span] = []
            for column, rows in enumerate(wrapped):
                cell = rows[height][0] if height < len(rows) else []
                if column:
                    spans.append((_BAR, "rule"))
                spans += _aligned(cell, self._widths[column], self._aligns[column], style)
            lines.append(self._frame.line(spans, is_first=index == 0 and height == 0))
        return lines

    def _record(self, row: Cells, index: int) -> list[Line]:
        """The row as `name: cell` lines, for a place too narrow for columns."""
        if index == 0:
            return []
        names = self._parsed[0] if self._parsed else row
        lines: list[Line] = (
            [] if index == 1 else [self._frame.line([("─" * min(8, self._frame.width), "rule")], is_first=False)]
        )
        for name, cell in zip(names, row, strict=True):
            spans = [(f"{plain(name)}: ", "strong"), *cell]
            lines += self._frame.lines(wrap(spans, self._frame.width), is_first=index == 1 and not lines)
        return lines


def fitted(natural: Sequence[int], room: int) -> list[int]:
    """Column widths that together take at most `room` cells: only the widest columns shrink. Empty when they cannot be read then."""
    if sum(natural) <= room:
        return list(natural)
    if room < sum(min(width, _NARROWEST) for width in natural):
        return []
    cap = max(natural)
    while sum(min(width, cap) for width in natural) > room:
        over = sum(min(width, cap) for width in natural) - room
        cap -= max(1, over // sum(width >= cap for width in natural))
    widths = [min(width, cap) for width in natural]
    for column, width in enumerate(natural):
        if sum(widths) < room and widths[column] < width:
            widths[column] += 1
    return widths


def _natural_width(cell: Sequence[Span]) -> int:
    text = plain(cell)
    return max((cells(line) for line in text.split("\n")), default=0)


def _aligned(cell: Sequence[Span], width: int, align: str, style: str) -> list[Span]:
    missing = max(0, width - width_of(cell))
    left = {"<": 0, "^": missing // 2, ">": missing}[align]
    spans = [(text, join_styles(style, words)) for text, words in cell]
    return [*([(" " * left, "")] if left else []), *spans, *([(" " * (missing - left), "")] if missing > left else [])]
