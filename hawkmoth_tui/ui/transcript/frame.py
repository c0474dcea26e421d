"""What stands to the left of a block: the indents, bars and markers of the boxes around it, and the width that is left inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.lines import BLANK, Line, Span, cells, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hawkmoth_tui.ui.transcript.blocks import Box, Leaf


class Frame:
    """The surroundings of one leaf at one width."""

    __slots__ = ("_block", "_first", "_gap", "_rest", "_wants_gap", "width")

    def __init__(self, leaf: Leaf, width: int) -> None:
        boxes, shared = leaf.boxes, leaf.shared
        while boxes and _marker_width(boxes) > width // 2:
            boxes, shared = boxes[1:], max(0, shared - 1)
        self._first = _marks(boxes, leaf.number)
        self._rest = _marks(boxes, -1)
        self._gap = _marks(boxes[:shared], -1) if any(not box.is_item for box in boxes[:shared]) else []
        self._wants_gap = leaf.wants_gap
        self._block = leaf.number
        self.width = max(1, width - _marker_width(boxes))
        """Cells that the block itself may take."""

    def gap(self) -> list[Line]:
        """The empty row before the block, where there is one."""
        if not self._wants_gap:
            return []
        return [Line(self._gap, lead=len(plain(self._gap))) if self._gap else BLANK]

    def line(
        self, spans: Iterable[Span], *, is_first: bool, fill: str = "", joint: str = "\n", ornament: int = 0
    ) -> Line:
        """A row of the block. `ornament`: how many more leading characters are not source text."""
        marks = self._first if is_first else self._rest
        return Line((*marks, *spans), fill=fill, block=self._block, joint=joint, lead=_ornament(marks) + ornament)

    def lines(self, rows: Sequence[tuple[Sequence[Span], str]], *, is_first: bool) -> list[Line]:
        """Wrapped rows; the first one carries the marker when `is_first`."""
        return [
            self.line(spans, is_first=is_first and position == 0, joint=joint)
            for position, (spans, joint) in enumerate(rows)
        ]


def _ornament(marks: Sequence[Span]) -> int:
    """Characters that are not worth copying: bars and indents, but not a list's markers nor the indents before them."""
    if any(style == "bullet" for _, style in marks):
        return sum(len(text) for text, style in marks if style == "quote")
    return len(plain(marks))


def _marker_width(boxes: Iterable[Box]) -> int:
    return sum(cells(box.marker) for box in boxes)


def _marks(boxes: Iterable[Box], number: int) -> list[Span]:
    """The boxes' marks before a row of leaf `number`: markers where it is the first in its box, else bars and spaces."""
    marks: list[Span] = []
    for box in boxes:
        if not box.is_item:
            marks.append((box.marker, "quote"))
        elif box.first == number:
            marks.append((box.marker, "bullet"))
        else:
            marks.append((" " * cells(box.marker), ""))
    return marks
