"""Sheets over the conversation: a pane with all its details, or a page of text. Esc closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll

from hawkmoth_tui.ui.panes.pane import Pane
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.over import HELP_KEY, Over

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content


SCROLLING = (
    ("↑, ↓, PgUp, PgDn", "scroll; so do j, k and the space bar"),
    ("keys of other sheets", "change over; its own key closes this one"),
    ("Esc, q", "close"),
)
"""The keys of a sheet."""


class TextPane(Pane):
    """Lines that somebody else sets."""

    def __init__(self, draw: Callable[[int], list[Content]]) -> None:
        super().__init__()
        self._draw = draw

    def lines(self, width: int) -> list[Content]:
        return self._draw(width)


class Sheet(Over[str | None]):
    """A scrolling sheet around one pane; its own key closes it again, another sheet's key changes over.

    Returns the slash command to run next, None for none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", show=False),
        Binding("k", "scroll(-1)", show=False),
        Binding("j,space", "scroll(1)", show=False),
        Binding("f1", "help", show=False, id=HELP_KEY),
        Binding("f4", "change('route.why', '/why')", show=False, id="route.why"),
        Binding("f5", "change('cost.show', '/cost')", show=False, id="cost.show"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, pane: Pane, title: Content, key_id: str = "") -> None:
        super().__init__()
        self._pane = pane
        self._title = title
        self._key_id = key_id

    def compose(self) -> ComposeResult:
        sheet = VerticalScroll(self._pane, classes=self._pane.SHEET_CLASSES)
        title: Content = self._title
        sheet.border_title = title
        yield sheet

    def hints(self) -> Sequence[str]:
        """Says that there is more to see, when there is."""
        scroll = ("↑↓ scroll",) if self.query_one(VerticalScroll).max_scroll_y else ()
        return (*scroll, *(() if self._key_id == HELP_KEY else self.help_hint), "Esc closes")

    def action_change(self, key_id: str, line: str) -> None:
        self.dismiss(None if key_id == self._key_id else line)

    def action_help(self) -> None:
        """In the help itself: close it."""
        if self._key_id == HELP_KEY:
            self.dismiss(None)
        else:
            self.app.push_screen(keys_sheet(SCROLLING))

    def action_close(self) -> None:
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


class PaneScreen(Sheet):
    """A side pane unfolded."""

    def __init__(self, pane: Pane, key_id: str) -> None:
        super().__init__(pane, plain(pane.TITLE), key_id)


def keys_sheet(keys: Sequence[tuple[str, str]]) -> Sheet:
    """The keys of one place, over it: (keys, what they do)."""
    from hawkmoth_tui.ui.screens.help import place_lines

    return Sheet(TextPane(lambda width: place_lines(keys, width)), plain("Keys here"), HELP_KEY)
