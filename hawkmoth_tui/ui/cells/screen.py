"""The model of one terminal's screen: what it shows, what it ought to show, and the bytes between the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.cells.looks import Looks
from hawkmoth_tui.ui.cells.pen import Pen
from hawkmoth_tui.ui.cells.rows import Row
from hawkmoth_tui.ui.cells.shift import Span, find_shift
from hawkmoth_tui.ui.cells.strokes import strokes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.color import ColorSystem
    from rich.segment import Segment

    from hawkmoth_tui.ui.cells.strokes import Stroke


class ScreenModel:
    """Two screens of rows: the one that is wanted, and the one that the terminal shows as far as we know."""

    def __init__(self, colours: ColorSystem | None, *, erases_in_colour: bool) -> None:
        """`colours`: what the terminal knows, None is everything. `erases_in_colour`: see `Pen`."""
        self._looks = Looks(colours)
        self._pen = Pen(self._looks, erases_in_colour=erases_in_colour)
        self._size = 0, 0
        self._wanted: list[Row] = []
        self._shown: list[Row] = []
        self._touched: dict[int, Span] = {}
        """Rows that may differ from what is shown, with the widest piece laid there."""
        self.cursor = 0, 0
        """Column and row where the terminal's cursor is wanted."""
        self._resting = 0, 0

    def resize(self, columns: int, rows: int) -> None:
        """The screen has this size; another than before means that nobody knows what is on it."""
        if self._size != (columns, rows):
            self._size = columns, rows
            self._wanted = [Row.blank(columns) for _ in range(rows)]
            self.forget()

    def forget(self) -> None:
        """Somebody else may have written to the terminal: everything is painted with the next frame."""
        columns, rows = self._size
        self._shown = [Row.unknown(columns) for _ in range(rows)]
        self._touched = {y: Span(0, 0) for y in range(rows)}
        self._pen.forget()

    def lay(self, row: int, column: int, segments: Iterable[Segment]) -> None:
        """Wants this text at a place; what is beyond the edges is dropped."""
        columns, rows = self._size
        if not (0 <= row < rows and 0 <= column < columns):
            return
        end = self._wanted[row].lay(column, segments, self._looks)
        widest = self._touched.get(row)
        if widest is None or widest.end - widest.start < end - column:
            self._touched[row] = Span(column, end)

    def changes(self) -> str:
        """What the terminal must be sent to show what is wanted; empty when it does already."""
        touched = {y: span for y, span in self._touched.items() if not self._wanted[y].is_like(self._shown[y])}
        self._touched = {}
        if not touched and self.cursor == self._resting and not self._pen.has_written:
            return ""
        self._shift(touched)
        self._mend(sorted(touched))
        self._pen.leave_link()
        self._pen.move(self.cursor[1], self.cursor[0])
        self._resting = self.cursor
        return self._pen.take()

    def _shift(self, touched: dict[int, Span]) -> None:
        """Lets the terminal move rows, where that is worth it."""
        found = find_shift(self._shown, self._wanted, touched)
        if found is None:
            return
        top, bottom, rows = found
        self._pen.shift(top, bottom, rows, height=len(self._shown))
        fresh = [Row.uncovered(self._size[0]) for _ in range(abs(rows))]
        moved = self._shown[top : bottom + 1]
        self._shown[top : bottom + 1] = [*moved[rows:], *fresh] if rows > 0 else [*fresh, *moved[:rows]]
        touched.update({y: Span(0, 0) for y in range(top, bottom + 1)})

    def _mend(self, rows: list[int]) -> None:
        """Paints what differs in some rows; all of a row where nobody can tell how the terminal has drawn it."""
        strokes: list[Stroke] = []
        for y in rows:
            wanted, shown = self._wanted[y], self._shown[y]
            columns: Sequence[int] = wanted.differences(shown)
            if not columns:
                continue
            is_wild = wanted.is_wild or shown.is_wild
            if is_wild:
                columns = range(self._size[0])
            painted = strokes_of(y, wanted, columns, self._looks, may_erase=is_wild or not shown.has_wide)
            if is_wild:
                self._pen.paint_anew(wanted, painted)
            else:
                strokes += painted
            self._shown[y] = wanted.copy()
        self._pen.paint(self._wanted, strokes)
