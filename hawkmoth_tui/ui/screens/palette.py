"""F8: any command by its words; the whole of what the highlighted one does stands below the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, folded, marked, spread, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from textual.content import Content

USAGE_CELLS = 17
LEAST_CELLS = 64
"""From so many cells on, what a command does stands beside it."""
DOES_LINES = 2


class Entry(NamedTuple):
    """One thing to do."""

    does: str
    """In words; what stands in backticks is to be typed."""
    usage: str = ""
    """The slash command; empty for what only a key does."""
    key: str = ""
    """The key that does the same, as people write it."""

    def row(self, name: str) -> Row:
        """The row of a list; `name` is what choosing it means."""
        return Row(name, f"{self.usage} {self.does}".lower(), self._draw)

    def _draw(self, width: int) -> Content:
        key = words((self.key, "$route"))
        if width < LEAST_CELLS:
            return spread(words((self.usage, STRONG)) if self.usage else marked(self.does, "$foreground"), key, width)
        if not self.usage:
            return spread(marked(self.does, "$foreground"), key, width)
        usage = words((f"{self.usage:<{USAGE_CELLS}}  ", STRONG))
        return spread(usage + marked(self.does, MUTED), key, width)


class Palette(PickScreen):
    """Returns the name of the chosen entry."""

    SHEET_CLASSES = "sheet -broad"

    def __init__(self, entries: dict[str, Entry], key_id: str = "") -> None:
        self._entries = entries
        rows = [entry.row(name) for name, entry in entries.items()]
        super().__init__(plain("Commands"), rows, nothing="no command is known", key_id=key_id)

    def details(self, width: int) -> list[Content]:
        row = self.list.row
        does = folded(marked(self._entries[row.key].does, MUTED), width, most=DOES_LINES) if row else []
        return [words(("─" * width, "$rule")), *does, *[EMPTY] * (DOES_LINES - len(does))]
