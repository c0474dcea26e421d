"""A list with one highlighted row. It draws only the rows that are seen, each of them once: thousands cost no more than a screenful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from hawkmoth_tui.ui.lines import MUTED, cut, highlighted, words
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.content import Content
    from textual.geometry import Size

KEPT = 400
"""Drawn rows that are kept: some screens of them."""


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

    DEFAULT_CSS = """
    PickList {
        width: 1fr;
        height: auto;
        max-height: 1fr;
        text-wrap: nowrap;
    }
    """
    ALLOW_SELECT: ClassVar[bool] = False

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
        self._drawn: LRUCache[tuple[Row | None, bool, int], Strip] = LRUCache(KEPT)

    @property
    def row(self) -> Row | None:
        """The highlighted row."""
        return self.rows[self.place] if self.rows else None

    def fill(self, rows: Sequence[Row], key: str = "") -> None:
        """Show these rows from the top, the one of this key highlighted, else the first."""
        self._first = 0
        self._fill(rows, key)

    def refill(self, rows: Sequence[Row]) -> None:
        """Show these rows instead, the same one highlighted at the same height, as far as it is still there."""
        line, here = self.place - self._first, self.row
        self._fill(rows, here.key if here else "")
        self._first = self.place - line

    def move(self, step: int) -> None:
        """One step wraps around, a longer one stops at the ends."""
        if self.rows:
            place, count = self.place + step, len(self.rows)
            self._go(place % count if abs(step) == 1 else max(0, min(count - 1, place)))

    def lines(self, width: int) -> list[Content]:
        if not self.rows:
            return [words((self._nothing, MUTED))]
        first = self._first_seen()
        seen = self.rows[first : first + self._height]
        return [self._line(row, width, is_here=first + line == self.place) for line, row in enumerate(seen)]

    def render_line(self, y: int) -> Strip:
        """One row, drawn when it is first seen."""
        width, place = self.size.width, self._first_seen() + y
        if place >= max(1, len(self.rows)):
            return Strip.blank(width, self.visual_style.rich_style)
        row, is_here = (self.rows[place] if self.rows else None), place == self.place
        strip = self._drawn.get((row, is_here, width))
        if strip is None:
            line = words((self._nothing, MUTED)) if row is None else self._line(row, width, is_here=is_here)
            strip = Visual.to_strips(self, line, width, 1, self.visual_style)[0]
            self._drawn[row, is_here, width] = strip
        return strip

    def notify_style_update(self) -> None:
        """Another theme: draw everything anew."""
        super().notify_style_update()
        self._drawn.clear()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Room for every row; the style sheet limits it."""
        return max(1, self._most_rows)

    def on_click(self, event: events.Click) -> None:
        place = self._first + event.y
        if place < len(self.rows):
            self._go(place)
            self.post_message(self.Clicked())

    def on_mouse_scroll_down(self) -> None:
        self.move(min(3, len(self.rows) - 1 - self.place))

    def on_mouse_scroll_up(self) -> None:
        self.move(-min(3, self.place))

    @property
    def _height(self) -> int:
        return max(1, self.content_size.height)

    def _first_seen(self) -> int:
        """The topmost row, such that the highlighted one is seen and no room is wasted."""
        height = self._height
        self._first = max(0, min(self._first, self.place, len(self.rows) - height), self.place - height + 1)
        return self._first

    def _fill(self, rows: Sequence[Row], key: str) -> None:
        self.rows = rows
        self.place = next((place for place, row in enumerate(rows) if key and row.key == key), 0)
        self._most_rows = max(self._most_rows, len(rows))
        self.refresh()
        self.post_message(self.Moved())

    def _go(self, place: int) -> None:
        """Highlight another row; only the two that change are painted, unless the list scrolls."""
        before, first = self.place, self._first_seen()
        self.place = place
        if self._first_seen() == first:
            width = self.size.width
            self.refresh(*(Region(0, at - first, width, 1) for at in (before, place)))
        else:
            self.refresh()
        self.post_message(self.Moved())

    def _line(self, row: Row, width: int, *, is_here: bool) -> Content:
        line = words(("› " if is_here else "  ", "bold $route")) + cut(row.draw(width - 2), width - 2)
        return highlighted(line, width, has_colours=not self.app.no_color) if is_here else line
