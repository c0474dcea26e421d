"""Asks before a link is opened, and shows where it really goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import VerticalScroll

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, cut, highlighted, words, wrapped
from hawkmoth_tui.ui.screens.helped import Helped
from hawkmoth_tui.ui.screens.sheet import TextPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

    from hawkmoth_tui.ui.transcript.links import Hyperlink

MOST_SHOWN = 10
"""Links in the list at a time."""
MOST_LINES = 12
"""Lines of one address."""


class LinkChoice(NamedTuple):
    """What is to be done with which address."""

    target: str
    is_to_open: bool
    """False: to be copied."""


class LinksScreen(Helped[LinkChoice | None]):
    """Returns the choice; None when the user thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", show=False),
        Binding("up,k,shift+tab", "move(-1)", show=False),
        Binding("down,j,tab", "move(1)", show=False),
        Binding("enter,o", "take(True)", show=False),
        Binding("y,c", "take(False)", show=False),
    ]

    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        ("Enter, o", "open the link in your browser"),
        ("y, c", "copy its address"),
        ("↑, ↓, Tab", "another link; so do j and k"),
        ("Esc, q", "close"),
    )

    def __init__(self, links: Sequence[Hyperlink]) -> None:
        super().__init__()
        self._links = tuple(links)
        self._place = 0
        self._pane = TextPane(self._lines)

    def compose(self) -> ComposeResult:
        sheet = VerticalScroll(self._pane, classes="sheet")
        sheet.border_title = "Open this link?" if len(self._links) == 1 else "Open which link?"
        sheet.can_focus = False
        yield sheet

    def hints(self) -> Sequence[str]:
        return ("Enter opens", "y copies", *self.help_hint, "Esc closes")

    def action_move(self, step: int) -> None:
        self._place = (self._place + step) % len(self._links)
        self._pane.redraw()

    def action_take(self, is_to_open: bool) -> None:
        self.dismiss(LinkChoice(self._links[self._place].target, is_to_open))

    def _lines(self, width: int) -> list[Content]:
        link = self._links[self._place]
        target = words((link.target, "$foreground")).wrap(max(1, width))[:MOST_LINES]
        rows = [*self._list(width), words(("goes to ", MUTED), (link.host, STRONG)), *target]
        if link.is_disguised:
            rows += wrapped("the text shows another address than the one it goes to", "bold $warning", width)
        if not link.target.startswith("https:"):
            rows += wrapped("not encrypted: others on the way can read and change it", "$warning", width)
        return rows

    def _list(self, width: int) -> list[Content]:
        if len(self._links) == 1:
            return [words(("“", MUTED), (one_line(self._links[0].words, width), "$foreground"), ("”", MUTED)), EMPTY]
        first = max(0, min(self._place - MOST_SHOWN // 2, len(self._links) - MOST_SHOWN))
        rows = []
        for place, link in enumerate(self._links[first : first + MOST_SHOWN], first):
            is_here = place == self._place
            mark = words(("› " if is_here else "  ", "bold $route"))
            said = words((one_line(link.words, 200), STRONG if is_here else "$foreground"), (f"  {link.host}", MUTED))
            row = cut(mark + said, width)
            rows.append(highlighted(row, width, has_colours=not self.app.no_color) if is_here else row)
        more = len(self._links) - len(rows)
        return [*rows, *([words((f"  {more} more", MUTED))] if more else []), EMPTY]
