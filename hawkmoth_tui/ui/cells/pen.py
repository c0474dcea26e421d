"""Writes cells to a terminal in few bytes: the shortest way to each place, colours only where they change, blanks by erasing.

A column is trusted only after text of known width; after anything else the next text is put at its column anew. Lines never wrap (mode 7
is off while the workstation is open), so a row is always known. REP is not used: not every terminal knows it. Nor are control characters:
none of them in what leaves is ours, so that one that slipped through can be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.cells.glyphs import BEHIND, BLANK, Trust, trust
from hawkmoth_tui.ui.cells.looks import UNKNOWN
from hawkmoth_tui.ui.cells.strokes import in_best_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hawkmoth_tui.ui.cells.looks import Looks
    from hawkmoth_tui.ui.cells.rows import Row
    from hawkmoth_tui.ui.cells.strokes import Stroke

_LEAST_ERASED = 10
"""Blanks amid other text from which on erasing and moving on is shorter."""
_LEAST_ERASED_AT_END = 5
_LONG_BLANK = BLANK * _LEAST_ERASED

ANYWHERE = -1
"""A row or a column that nobody knows."""


class Pen:
    """Where the terminal writes, in which look; collects what it is to be sent."""

    def __init__(self, looks: Looks, *, erases_in_colour: bool) -> None:
        """`erases_in_colour`: whether the terminal fills what it erases with the background of the look (terminfo `bce`)."""
        self._looks = looks
        self._erases_in_colour = erases_in_colour
        self._row = self._column = ANYWHERE
        self._look = UNKNOWN
        self._out: list[str] = []

    def take(self) -> str:
        """What was collected; where the terminal's cursor is may be forgotten after it."""
        text = "".join(self._out)
        self._out.clear()
        self._row = self._column = ANYWHERE
        return text

    @property
    def has_written(self) -> bool:
        """Whether anything was collected."""
        return bool(self._out)

    def forget(self) -> None:
        """Somebody else may have written: nothing is known, margins included."""
        self._row = self._column = ANYWHERE
        self._look = UNKNOWN
        self._out = ["\x1b[r"]

    def leave_link(self) -> None:
        """What others write must not become a link."""
        if self._look != UNKNOWN:
            self._turn_to(self._looks.without_link(self._look))

    def move(self, row: int, column: int) -> None:
        """Goes to a cell."""
        if (row, column) == (self._row, self._column):
            return
        self._out.append(self._way(row, column))
        self._row, self._column = row, column

    def shift(self, top: int, bottom: int, rows: int, *, height: int) -> None:
        """Moves the rows `top..bottom` up by so many, down when negative; what is uncovered must be painted.

        Terminals disagree on where margins leave the cursor. Deleting and inserting lines is older than SU and SD, and known everywhere.
        """
        is_part = (top, bottom) != (0, height - 1)
        if is_part:
            self._out.append(f"\x1b[{top + 1};{bottom + 1}r")
            self._row = self._column = ANYWHERE
        self.move(top, 0)
        count = abs(rows)
        self._out.append(f"\x1b[{count if count > 1 else ''}{'M' if rows > 0 else 'L'}")
        if is_part:
            self._out.append("\x1b[r")
            self._row = self._column = ANYWHERE

    def paint(self, rows: Sequence[Row], strokes: list[Stroke]) -> None:
        """Paints cells, in the order that takes the fewest bytes."""
        for stroke in in_best_order(strokes, self._look, self._looks):
            self._paint(stroke, rows[stroke.y])

    def paint_anew(self, row: Row, strokes: list[Stroke]) -> None:
        """Paints a whole row from left to right, on nothing: what was there could draw into what comes."""
        self.move(strokes[0].y, 0)
        self._out.append("\x1b[K")
        for stroke in strokes:
            self._paint(stroke, row)

    def _bridge(self, y: int, row: Row, start: int) -> None:
        """Goes to a column; over a few cells that stay as they are by writing them again, where that is shorter."""
        gap = start - self._column
        if y == self._row and 0 <= self._column < start and gap <= len(self._way(y, start)):
            cells = range(self._column, start)
            if all(self._writes_like(row.glyphs[column], row.looks[column]) for column in cells):
                self._out += row.glyphs[self._column : start]
                self._column = start
                return
        self.move(y, start)

    def _writes_like(self, glyph: str, look: int) -> bool:
        """Whether the pen makes this cell as it is."""
        if glyph == BLANK:
            return look == self._looks.blanks[self._look]
        return look == self._look and glyph.isascii() and bool(glyph)

    def _paint(self, stroke: Stroke, row: Row) -> None:
        look, y, start, stop, is_blank, may_erase = stroke
        self._bridge(y, row, start)
        if not (is_blank and self._look != UNKNOWN and self._looks.blanks[self._look] == look):
            self._turn_to(look)
        is_edge = stop == len(row.glyphs)
        may_erase = may_erase and self._erases
        text = "".join(row.glyphs[start:stop])
        if text.isascii() and len(text) == stop - start:
            self._write_plain(y, start, text, may_erase=may_erase, is_edge=is_edge)
        else:
            self._write_mixed(y, row.glyphs, start, stop, may_erase=may_erase)
        if is_edge:
            self._column = ANYWHERE

    def _write_mixed(self, y: int, glyphs: list[str], start: int, stop: int, *, may_erase: bool) -> None:
        """ASCII in pieces, anything else glyph by glyph."""
        begin = start
        while begin < stop:
            end = begin + 1
            is_plain = _is_plain(glyphs[begin])
            while end < stop and _is_plain(glyphs[end]) is is_plain:
                end += 1
            if is_plain:
                text = "".join(glyphs[begin:end])
                self._write_plain(y, begin, text, may_erase=may_erase, is_edge=end == len(glyphs))
            else:
                self._write_glyphs(y, glyphs, begin, end)
            begin = end

    def _write_plain(self, y: int, column: int, text: str, *, may_erase: bool, is_edge: bool) -> None:
        """ASCII; long blanks are erased."""
        if BLANK * _LEAST_ERASED_AT_END not in text or not may_erase:
            self._write(y, column, text)
            return
        head = text.rstrip(BLANK)
        for piece in _by_long_blanks(head):
            if piece.isspace() and len(piece) >= _LEAST_ERASED:
                self._erase(y, column, len(piece), is_edge=False)
            elif piece:
                self._write(y, column, piece)
            column += len(piece)
        if len(text) - len(head) >= _LEAST_ERASED_AT_END:
            self._erase(y, column, len(text) - len(head), is_edge=is_edge)
        elif len(text) > len(head):
            self._write(y, column, text[len(head) :])

    @property
    def _erases(self) -> bool:
        """Whether erasing leaves what blanks in this look would."""
        looks = self._looks
        return looks.bare[self._look] and (self._erases_in_colour or not looks.has_background(self._look))

    def _write(self, y: int, column: int, text: str) -> None:
        self.move(y, column)
        self._out.append(text)
        self._column += len(text)

    def _erase(self, y: int, column: int, count: int, *, is_edge: bool) -> None:
        """Blanks from a column on; `is_edge` when they reach the right edge."""
        self.move(y, column)
        self._out.append("\x1b[K" if is_edge else f"\x1b[{count}X")

    def _write_glyphs(self, y: int, glyphs: list[str], start: int, stop: int) -> None:
        """Text without any ASCII."""
        was_lined = False
        for column in range(start, stop):
            glyph = glyphs[column]
            if glyph == BEHIND:
                continue
            end = column + 1
            while end < stop and glyphs[end] == BEHIND:
                end += 1
            sure = trust(glyph)
            if was_lined and sure is not Trust.LINED:
                self._column = ANYWHERE
            was_lined = sure is Trust.LINED
            self.move(y, column)
            if sure is Trust.WILD and end - column > 1:
                self._out.append(f"\x1b[{end - column}X")
            self._out.append(glyph)
            self._column = end if sure <= Trust.LINED else ANYWHERE
        if was_lined:
            self._column = ANYWHERE

    def _turn_to(self, look: int) -> None:
        if look != self._look:
            self._out.append(self._looks.change(self._look, look))
            self._look = look

    def _way(self, row: int, column: int) -> str:
        """The shortest sequence that goes there."""
        there = _to(row, column)
        if self._row < 0:
            return there
        if row == self._row:
            across = self._across(column)
            return across if len(across) <= len(there) else there
        steps = row - self._row
        down = f"\x1b[{abs(steps) if abs(steps) > 1 else ''}{'B' if steps > 0 else 'A'}"
        if column != self._column:
            down += self._across(column)
        return down if len(down) < len(there) else there

    def _across(self, column: int) -> str:
        """The shortest way to a column of this row."""
        there = f"\x1b[{column + 1 if column else ''}G"
        if self._column < 0:
            return there
        steps = column - self._column
        by_steps = f"\x1b[{abs(steps) if abs(steps) > 1 else ''}{'C' if steps > 0 else 'D'}"
        return min(there, by_steps, key=len)


def _is_plain(glyph: str) -> bool:
    return bool(glyph) and glyph.isascii()


def _to(row: int, column: int) -> str:
    if column:
        return f"\x1b[{row + 1};{column + 1}H"
    return f"\x1b[{row + 1}H" if row else "\x1b[H"


def _by_long_blanks(text: str) -> Iterator[str]:
    """The text in pieces: what is written, and the runs of blanks that are long enough to be erased instead."""
    begin = 0
    while (blank := text.find(_LONG_BLANK, begin)) >= 0:
        end = len(text) - len(text[blank:].lstrip(BLANK))
        yield text[begin:blank]
        yield text[blank:end]
        begin = end
    yield text[begin:]
