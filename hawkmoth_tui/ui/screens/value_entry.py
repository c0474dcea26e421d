"""Asks for one variable of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.ui.lines import EMPTY, MUTED, wrapped
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.helped import Helped
from hawkmoth_tui.ui.screens.sheet import TextPane
from hawkmoth_tui.ui.widgets.pickline import PickLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content


class ValueScreen(Helped[str | None]):
    """Returns what was typed, or what stood there; None on Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (("Enter", "take this"), ("Esc", "use no template"))
    AUTO_FOCUS = "PickLine"

    def __init__(self, template: str, variable: str, value: str = "") -> None:
        """`value` is what it is unless something else is typed."""
        super().__init__()
        self._template = template
        self._variable = variable
        self._line = PickLine(one_line(variable, 60), lambda _: False)
        self._line.value = one_line(value, 2000)

    def compose(self) -> ComposeResult:
        sheet = Vertical(self._line, TextPane(self._lines), classes="sheet -narrow")
        title: Content = plain(one_line(self._variable, 60))
        sheet.border_title = title
        yield sheet

    def hints(self) -> Sequence[str]:
        return ("Enter takes it", *self.help_hint, "Esc closes")

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_input_submitted(self) -> None:
        self.dismiss(self._line.value)

    def _lines(self, width: int) -> list[Content]:
        told = f"for {{{{{self._variable}}}}} in {self._template}"
        return [EMPTY, *wrapped(told, MUTED, width)]
