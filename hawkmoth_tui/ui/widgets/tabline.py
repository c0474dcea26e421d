"""One line at the top with the open sessions, from the second one on: which is on the screen, and what happens in the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.content import Content

    from hawkmoth_tui.ui.tabs import Tab

MOST_TITLE_CELLS = 24
LEAST_TITLE_CELLS = 6


class TabLine(Widget):
    """Takes no room as long as one session is open."""

    class Clicked(Message):
        """A tab was clicked."""

        def __init__(self, session_id: str) -> None:
            super().__init__()
            self.session_id = session_id

    def __init__(self) -> None:
        super().__init__()
        self.tabs: tuple[Tab, ...] = ()
        self.place = 0
        self.display = False

    def show(self, tabs: Sequence[Tab], place: int) -> None:
        if (tuple(tabs), place) != (self.tabs, self.place):
            self.tabs, self.place = tuple(tabs), place
            self.display = len(self.tabs) > 1
            self.refresh()

    def render(self) -> Content:
        width = max(1, self.content_size.width)
        return EMPTY.join(cell for _, cell in self._visible(width))

    def on_click(self, event: events.Click) -> None:
        end = 0
        for place, cell in self._visible(max(1, self.content_size.width)):
            end += cell.cell_length
            if event.x < end:
                if 0 <= place < len(self.tabs):
                    self.post_message(self.Clicked(self.tabs[place].session_id))
                return

    def _visible(self, width: int) -> list[tuple[int, Content]]:
        """Place and drawing of what fits, the current tab always among it; `‹` and `›` stand for what does not."""
        room = max(LEAST_TITLE_CELLS, min(MOST_TITLE_CELLS, width // max(1, len(self.tabs)) - 6))
        cells = [self._tab(place, room) for place in range(len(self.tabs))]
        first, last = self.place, self.place
        used = cells[self.place].cell_length if cells else 0
        for place in sorted(range(len(cells)), key=lambda place: abs(place - self.place))[1:]:
            if used + cells[place].cell_length > width - 4 or place not in (first - 1, last + 1):
                continue
            used += cells[place].cell_length
            first, last = min(first, place), max(last, place)
        shown = [(place, cells[place]) for place in range(first, last + 1)] if cells else []
        before = [(first - 1, words(("‹ ", MUTED)))] if first > 0 else []
        after = [(last + 1, words((" ›", MUTED)))] if last + 1 < len(cells) else []
        return [*before, *shown, *after]

    def _tab(self, place: int, room: int) -> Content:
        tab = self.tabs[place]
        mark, colour = tab.badge.value
        is_here = place == self.place
        title = cut(words((tab.title or ("untitled" if tab.session_id else "new"), "")), room)
        line = words((" ", "")) + title
        line = line + words((f" {mark} ", f"bold {colour}")) if mark else line + words((" ", ""))
        return line.stylize("bold reverse" if is_here else "$foreground")
