"""`/theme`: every theme there is; the highlighted one is shown at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.lines import EMPTY, MUTED, spread, words, wrapped
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.content import Content

PROBLEM_LINES = 3


class ThemePicker(PickScreen):
    """Returns a theme's name. `preview` shows a theme and returns why it cannot be shown, empty when it can."""

    SHEET_CLASSES = "sheet -narrow"
    PLACEHOLDER = "type to narrow; moving shows a theme"

    def __init__(self, themes: Mapping[str, str], current: str, preview: Callable[[str], str]) -> None:
        """`themes`: each name with a few words on it."""
        self._preview = preview
        self._problem = ""
        self._seen = current
        rows = [_row(name, about) for name, about in themes.items()]
        super().__init__(plain("Theme"), rows, nothing="no theme was found", current=current)

    def details(self, width: int) -> list[Content]:
        return [EMPTY, *wrapped(self._problem, "$warning", width, most=PROBLEM_LINES)] if self._problem else []

    def hints(self) -> Sequence[str]:
        return ("Enter keeps", "Esc goes back")

    def on_pick_list_moved(self) -> None:
        row = self.list.row
        if row is not None and row.key != self._seen:
            self._seen = row.key
            self._problem = self._preview(row.key)
        super().on_pick_list_moved()


def _row(name: str, about: str) -> Row:
    drawn = words((name, "$foreground")), words((about, MUTED))
    return Row(name, name.lower(), lambda width: spread(*drawn, width))
