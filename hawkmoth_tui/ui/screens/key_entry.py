"""Asks for a key or a passphrase without showing it: masked while it is typed, in no history, no draft and no log."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.ui.lines import EMPTY, MUTED, folded, marked
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.helped import Helped
from hawkmoth_tui.ui.screens.sheet import TextPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content


class KeyScreen(Helped[Secret | None]):
    """Returns what was typed; None when nothing was, or on Esc."""

    gives_way = False

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        ("Enter", "use it; what becomes of it stands below"),
        ("Esc", "close without it"),
    )
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, told: str) -> None:
        """`told` says what becomes of it."""
        super().__init__()
        self._title = title
        self._told = told
        self._line = Input(password=True, placeholder="paste or type it", compact=True)
        self._line.cursor_blink = False

    def compose(self) -> ComposeResult:
        sheet = Vertical(self._line, TextPane(self._lines), classes="sheet -narrow")
        title: Content = plain(self._title)
        sheet.border_title = title
        yield sheet

    def hints(self) -> Sequence[str]:
        return ("Enter uses it", *self.help_hint, "Esc closes")

    def action_leave(self) -> None:
        self._line.value = ""
        self.dismiss(None)

    def on_input_submitted(self) -> None:
        typed, self._line.value = self._line.value.strip(), ""
        self.dismiss(Secret(typed) if typed else None)

    def _lines(self, width: int) -> list[Content]:
        return [EMPTY, *folded(marked(self._told, MUTED), width, most=6)]
