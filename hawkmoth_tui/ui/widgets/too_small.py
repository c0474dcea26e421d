"""Lies over everything while the terminal is too small, and waits."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from hawkmoth_tui.ui.lines import MUTED, STRONG, words

LEAST_COLUMNS = 40
LEAST_ROWS = 12


class TooSmall(Widget):
    """Says how much room is missing. The conversation goes on underneath."""

    def render(self) -> Content:
        width, height = self.app.size
        need = words((f"{LEAST_COLUMNS}×{LEAST_ROWS} needed", STRONG))
        return Content("\n").join((need, words((f"{width}×{height} here", MUTED)))) if height > 1 else need
