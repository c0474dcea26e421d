"""A list with one highlighted row. It draws only the rows that are seen, so thousands cost no more than a screenful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from hawkmoth_tui.ui.lines import MUTED, cut, words
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.content import Content
    from textual.geometry import Size


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to choose."""

    key: str
    """What choosing it means."""
    searched: str
    """Text that typing is looked for in, in lower case."""
    draw: Callable[[int], Content]
    """The line in so many cells, asked when it is seen."""


class PickList(Pane):
    """Rows, the highlighted one, and how many there are."""

    class Clicked(Message):
        """The highlighted row was clicked."""

    class Moved(Message):
        """Another row is highlighted, or none."""

    def __init__(self, most_rows: int, nothing: str) -> None:
        super().__init__()
        self.rows: Sequence[Row] = ()
        self.place = 0
        """Of the highlighted row."""
        self._most_rows = most_rows
        """Rows that there can be: the room that the list asks for, whatever is typed."""
        self._first = 0
        """The topmost row that is seen."""
        self._nothing = nothing

    @property
    def row(self) -> Row | None:
        """The highlighted row."""
        return self.rows[self.place] if self.rows else None

    def fill(self, rows: Sequence[Row], key: str = "") -> None:
        """Show these rows, the one of this key highlighted, else the first."""
        self.rows = rows
        self.place = next((place for place, row in enumerate(rows) if key and row.key == key), 0)
        self._first = 0
        self._most_rows = max(self._most_rows, len(rows))
        self.refresh()
        self.post_message(self.Moved())

    def move(self, step: int) -> None:
        """One step wraps around, a longer one stops at the ends."""
        if self.rows:
            place, count = self.place + step, len(self.rows)
            self.place = place % count if abs(step) == 1 else max(0, min(count - 1, place))
            self.refresh()
            self.post_message(self.Moved())

    def lines(self, width: int) -> list[Content]:
        if not self.rows:
            return [words((self._nothing, MUTED))]
        height = max(1, self.content_size.height)
        self._first = max(0, min(self._first, self.place, len(self.rows) - height), self.place - height + 1)
        return [
            self._line(self._first + line, row, width)
            for line, row in enumerate(self.rows[self._first : self._first + height])
        ]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Room for every row; the style sheet limits it."""
        return max(1, self._most_rows)

    def on_click(self, event: events.Click) -> None:
        place = self._first + event.y
        if place < len(self.rows):
            self.place = place
            self.refresh()
            self.post_message(self.Moved())
            self.post_message(self.Clicked())

    def on_mouse_scroll_down(self) -> None:
        self.move(min(3, len(self.rows) - 1 - self.place))

    def on_mouse_scroll_up(self) -> None:
        self.move(-min(3, self.place))

    def _line(self, place: int, row: Row, width: int) -> Content:
        is_here = place == self.place
        line = words(("› " if is_here else "  ", "bold $route")) + cut(row.draw(width - 2), width - 2)
        return line.stylize("on $panel") if is_here else line
