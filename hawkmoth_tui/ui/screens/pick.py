"""Choosing one of many from a list that narrows while one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from hawkmoth_tui.ui.lines import MUTED, spread, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

MOST_SHOWN = 200
"""Rows in the list at a time; typing brings the others."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to choose."""

    key: str
    """What the screen returns."""
    left: Content
    right: Content
    searched: str
    """Text that typing is looked for in, in lower case."""


class PickScreen(ModalScreen[str | None]):
    """Returns the key of the chosen row; None when the user thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, title: Content, rows: Sequence[Row], *, nothing: str) -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._nothing = nothing
        self._list = OptionList(markup=False)
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        sheet = Vertical(Input(placeholder="type to narrow", compact=True), self._list, classes="sheet")
        title: Content = self._title
        sheet.border_title = title
        sheet.border_subtitle = "Enter chooses · Esc closes"
        yield sheet

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.call_after_refresh(self._fill, "")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_input_submitted(self) -> None:
        option = self._list.highlighted_option
        if option is not None and option.id is not None:
            self.dismiss(option.id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_move(self, step: int) -> None:
        if (count := self._list.option_count) and self._list.highlighted is not None:
            place = self._list.highlighted + step
            self._list.highlighted = place % count if abs(step) == 1 else max(0, min(count - 1, place))

    def _fill(self, typed: str) -> None:
        wanted = typed.lower().split()
        found = [row for row in self._rows if all(word in row.searched for word in wanted)]
        width = max(20, self._list.size.width - 1)
        options = [Option(spread(row.left, row.right, width), id=row.key) for row in found[:MOST_SHOWN]]
        if len(found) > MOST_SHOWN:
            options.append(Option(words((f"{len(found) - MOST_SHOWN} more: type to narrow", MUTED)), disabled=True))
        if not found:
            options.append(Option(words((self._nothing if not self._rows else "nothing fits", MUTED)), disabled=True))
        self._list.clear_options().add_options(options)
        self._list.highlighted = 0 if found else None
