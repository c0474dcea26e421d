"""Notices: what the user should know now, above the composer, until the next prompt, the next command, or Esc."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.lines import words, wrapped
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from textual.content import Content

MOST_NOTICES = 3
MOST_LINES = 3
"""Of one of several notices."""
MOST_ALONE = 4
"""Of the only one."""


class Weight(Enum):
    """How much a notice matters; the mark says it without colour."""

    PLAIN = ("· ", "$header")
    WARNING = ("! ", "$warning")
    PROBLEM = ("✗ ", "$error")


class Notices(Pane):
    """The latest few notices; takes no room when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.notices: tuple[tuple[str, Weight], ...] = ()
        self.display = False

    def say(self, message: str, weight: Weight = Weight.PLAIN) -> None:
        """Add one; the oldest gives way."""
        kept = tuple(notice for notice in self.notices if notice[0] != message)
        self._set((*kept, (message, weight))[-MOST_NOTICES:])

    def drop(self, words: str) -> None:
        """Take away what says this: it holds no longer."""
        self._set(tuple(notice for notice in self.notices if words not in notice[0]))

    def clear(self) -> bool:
        """Take them all away. Returns whether there were any."""
        had_any = bool(self.notices)
        self._set(())
        return had_any

    def lines(self, width: int) -> list[Content]:
        result: list[Content] = []
        most = MOST_LINES if len(self.notices) > 1 else MOST_ALONE
        for message, weight in self.notices:
            mark, style = weight.value
            first, *rest = wrapped(message, style, width - 2, most=most)
            result += [words((mark, f"bold {style}")) + first, *(words(("  ", "")) + line for line in rest)]
        return result

    def _set(self, notices: tuple[tuple[str, Weight], ...]) -> None:
        if notices != self.notices:
            self.notices = notices
            self.display = bool(notices)
            self.refresh(layout=True)
