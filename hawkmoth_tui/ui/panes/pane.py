"""A pane: one widget that draws its own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from hawkmoth_tui.ui.lines import cut

if TYPE_CHECKING:
    from textual.geometry import Size


class Pane(Widget):
    """Draws `lines(width)`. Subclasses say what the lines are; nothing inside is a widget of its own."""

    SHEET_CLASSES: ClassVar[str] = "sheet"
    """Of the sheet around it when it is unfolded."""
    TITLE: ClassVar[str] = ""
    """In the frame of that sheet; empty where the lines have their own."""
    is_expanded = False
    """Whether there is room for every detail: true in the overlay."""

    def lines(self, width: int) -> list[Content]:
        """What to draw in `width` cells."""
        raise NotImplementedError

    def render(self) -> Content:
        width = max(1, self.content_size.width)
        return Content("\n").join(cut(line, width) for line in self.lines(width))

    def redraw(self) -> None:
        """Draw again. The whole screen is laid out anew only when the pane has grown or shrunk, or cannot be seen."""
        width, height = self.content_size
        self.refresh(layout=not width or (self.styles.is_auto_height and len(self.lines(width)) != height))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        return len(self.lines(width)) if width else 0
