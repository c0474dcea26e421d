"""One row of cells: glyphs and looks side by side."""

from __future__ import annotations

from operator import ne, or_
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.cells.glyphs import ANYTHING, BEHIND, BLANK, NOTHING, glyphs_of, has_wild
from hawkmoth_tui.ui.cells.looks import PLAIN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.segment import Segment

    from hawkmoth_tui.ui.cells.looks import Looks


class Row:
    """As many cells as the screen is wide. Changed in place."""

    __slots__ = ("glyphs", "looks")

    def __init__(self, glyphs: list[str], looks: list[int]) -> None:
        self.glyphs = glyphs
        self.looks = looks

    @classmethod
    def blank(cls, columns: int) -> Row:
        """Empty."""
        return cls([BLANK] * columns, [PLAIN] * columns)

    @classmethod
    def unknown(cls, columns: int) -> Row:
        """Nobody knows what is there."""
        return cls([ANYTHING] * columns, [UNKNOWN] * columns)

    @classmethod
    def uncovered(cls, columns: int) -> Row:
        """Empty, on nobody knows which background."""
        return cls([NOTHING] * columns, [UNKNOWN] * columns)

    def copy(self) -> Row:
        """The same cells, to be changed apart."""
        return Row(self.glyphs.copy(), self.looks.copy())

    def is_like(self, other: Row) -> bool:
        """Whether a terminal shows the same."""
        return self.glyphs == other.glyphs and self.looks == other.looks

    def lay(self, column: int, segments: Iterable[Segment], looks: Looks) -> int:
        """Lays text over the cells from `column` on, cut at the right edge; the column after it. Half a wide glyph becomes a blank."""
        room = len(self.glyphs) - column
        glyphs, numbers = _cells(segments, looks)
        if len(glyphs) > room:
            _cut(glyphs, numbers, room, looks)
        end = column + len(glyphs)
        if glyphs and self.glyphs[column] == BEHIND:
            self._blank_before(column, looks)
        self.glyphs[column:end] = glyphs
        self.looks[column:end] = numbers
        for rest in range(end, len(self.glyphs)):
            if self.glyphs[rest] != BEHIND:
                break
            self.glyphs[rest] = BLANK
            self.looks[rest] = looks.blanks[self.looks[rest]]
        return end

    def differences(self, other: Row) -> list[int]:
        """Columns where the cells differ."""
        changed = map(or_, map(ne, self.glyphs, other.glyphs), map(ne, self.looks, other.looks))
        return [column for column, is_changed in enumerate(changed) if is_changed]

    def distance(self, other: Row) -> int:
        """How many cells differ."""
        return sum(map(or_, map(ne, self.glyphs, other.glyphs), map(ne, self.looks, other.looks)))

    @property
    def has_wide(self) -> bool:
        """Whether there are wide glyphs: erasing half of one confuses terminals, writing over it does not."""
        return BEHIND in self.glyphs

    @property
    def is_wild(self) -> bool:
        """Whether nobody can tell how a terminal draws it."""
        return has_wild(self.glyphs)

    def _blank_before(self, column: int, looks: Looks) -> None:
        while column > 0 and self.glyphs[column] == BEHIND:
            column -= 1
            is_head = self.glyphs[column] != BEHIND
            self.glyphs[column] = BLANK
            self.looks[column] = looks.blanks[self.looks[column]]
            if is_head:
                return


def _cells(segments: Iterable[Segment], looks: Looks) -> tuple[list[str], list[int]]:
    glyphs: list[str] = []
    numbers: list[int] = []
    for text, style, control in segments:
        if control:
            continue
        look = looks.of(style)
        blank = looks.blanks[look]
        cells: Sequence[str] = text
        if not text.isascii():
            marks, cells = glyphs_of(text)
            if marks and glyphs:
                _put_on_last(glyphs, marks)
        glyphs.extend(cells)
        if look == blank or BLANK not in text:
            numbers.extend([look] * len(cells))
        else:
            numbers.extend([blank if glyph == BLANK else look for glyph in cells])
    return glyphs, numbers


def _put_on_last(glyphs: list[str], marks: str) -> None:
    last = len(glyphs) - 1
    while last > 0 and glyphs[last] == BEHIND:
        last -= 1
    glyphs[last] += marks


def _cut(glyphs: list[str], numbers: list[int], room: int, looks: Looks) -> None:
    """Cuts to `room` cells; half a wide glyph becomes a blank."""
    room = max(0, room)
    is_halved = glyphs[room] == BEHIND
    del glyphs[room:], numbers[room:]
    while is_halved and glyphs:
        room -= 1
        is_halved = glyphs[room] == BEHIND
        glyphs[room] = BLANK
        numbers[room] = looks.blanks[numbers[room]]
