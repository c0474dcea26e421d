"""What may stand here: a short list above the composer while a command's name or a file's is being typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.lines import MUTED, STRONG, cut, folded, highlighted, marked, words
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from textual.content import Content

MOST_ROWS = 8
NOTE_LINES = 3
"""Most lines of what is said below the offers."""
MOST_LEFT = 28
"""Cells of the left column when something stands beside it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to take."""

    insert: str
    """What takes the place of the typed word."""
    label: str
    """How it is shown."""
    help: str = ""
    """What it does, beside the label."""
    is_whole: bool = False
    """Whether Enter may send the text as soon as this stands in it."""


class Choices(Pane):
    """A few offers, one of them marked. Takes no keys itself; takes no room while it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.offers: tuple[Offer, ...] = ()
        self.note = ""
        """Said below the offers, or instead of them."""
        self.place = 0
        """The marked offer."""
        self.was_moved = False
        """Whether the user moved the mark."""
        self.display = False

    @property
    def is_open(self) -> bool:
        return self.display

    @property
    def marked(self) -> Offer | None:
        """What Tab would take; None when nothing is offered."""
        return self.offers[self.place] if self.is_open and self.offers else None

    def show(self, offers: tuple[Offer, ...], note: str = "") -> None:
        """Open with these; nothing at all closes."""
        if (offers, note) == (self.offers, self.note) and self.display == bool(offers or note):
            return
        if [offer.insert for offer in offers] != [offer.insert for offer in self.offers]:
            self.place, self.was_moved = 0, False
        self.offers, self.note = offers, note
        self.display = bool(offers or note)
        self.refresh(layout=True)

    def move(self, step: int) -> None:
        """Mark another offer, round the ends."""
        self.place, self.was_moved = (self.place + step) % max(1, len(self.offers)), True
        self.refresh()

    def lines(self, width: int) -> list[Content]:
        rows = max(2, min(MOST_ROWS, self.app.size.height // 4))
        first = max(0, min(self.place - rows // 2, len(self.offers) - rows))
        shown = self.offers[first : first + rows]
        left = min(MOST_LEFT, max((len(offer.label) for offer in shown), default=0))
        lines = [self._row(offer, left, width, is_marked=offer is self.marked) for offer in shown]
        hidden = len(self.offers) - len(shown)
        note = " · ".join(part for part in (f"{hidden} more" if hidden else "", self.note) if part)
        return [*lines, *folded(marked(note, MUTED), width, indent="  ", most=NOTE_LINES)] if note else lines

    def _row(self, offer: Offer, left: int, width: int, *, is_marked: bool) -> Content:
        label = offer.label.ljust(left) if offer.help else offer.label
        row = words(("› " if is_marked else "  ", "bold $route"), (label, STRONG if offer.help else "$foreground"))
        if offer.help:
            row += marked("  " + offer.help, MUTED)
        row = cut(row, width)
        return highlighted(row, width, has_colours=not self.app.no_color) if is_marked else row
