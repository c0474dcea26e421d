"""A text area whose cursor takes what is drawn as one character as one: it moves over it, removes it and marks it whole."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import TextArea

from hawkmoth_tui.ui import graphemes

if TYPE_CHECKING:
    from textual import events


class GraphemeArea(TextArea):
    """Looks at the characters around the cursor only, whatever the length of the line."""

    def get_cursor_left_location(self) -> tuple[int, int]:
        row, column = self.cursor_location
        return (row, graphemes.before(self.document[row], column)) if column else super().get_cursor_left_location()

    def get_cursor_right_location(self) -> tuple[int, int]:
        row, column = self.cursor_location
        line = self.document[row]
        return (row, graphemes.after(line, column)) if column < len(line) else super().get_cursor_right_location()

    def get_cursor_up_location(self) -> tuple[int, int]:
        return self._beside(super().get_cursor_up_location())

    def get_cursor_down_location(self) -> tuple[int, int]:
        return self._beside(super().get_cursor_down_location())

    def get_target_document_location(self, event: events.MouseEvent) -> tuple[int, int]:
        return self._beside(super().get_target_document_location(event))

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        row, column = self.cursor_location
        line = self.document[row]
        if graphemes.is_simple(line) or column == len(line) or not self.has_focus:
            return strip
        return _in_one_piece(strip, line[column : graphemes.after(line, column)])

    def _beside(self, place: tuple[int, int]) -> tuple[int, int]:
        row, column = place
        return row, graphemes.beside(self.document[row], column)


def _in_one_piece(strip: Strip, whole: str) -> Strip:
    """The strip in which the cursor lies on the whole of what is drawn as one character, not on the first part of it."""
    segments = list(strip)
    for place, (first, rest) in enumerate(pairwise(segments)):
        if len(whole) > 1 and first.text == whole[0] and rest.text.startswith(whole[1:]):
            after = Segment(rest.text[len(whole) - 1 :], rest.style)
            segments[place : place + 2] = [Segment(whole, first.style), after]
            return Strip(segments, strip.cell_length)
    return strip
