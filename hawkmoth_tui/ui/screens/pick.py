"""Choosing one of many from a list that narrows while one types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from hawkmoth_tui.core.fuzzy import ranked
from hawkmoth_tui.ui.lines import EMPTY, MUTED, words
from hawkmoth_tui.ui.screens.sheet import TextPane
from hawkmoth_tui.ui.widgets.picklist import PickList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

    from hawkmoth_tui.ui.widgets.picklist import Row


class Way(Enum):
    """With which key a row was chosen."""

    USE = "Enter"
    ONCE = "Alt+Enter or Tab"


@dataclass(frozen=True, slots=True)
class Picked:
    """What the user chose."""

    key: str
    way: Way = Way.USE


class PickScreen(ModalScreen[Picked | None]):
    """Returns what was chosen; None when the user thought better of it. Subclasses draw the head and the details."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
    ]
    AUTO_FOCUS = "Input"
    SHEET_CLASSES = "sheet"
    PLACEHOLDER = "type to narrow"

    def __init__(self, title: Content, rows: Sequence[Row], *, nothing: str, current: str = "") -> None:
        """`current` is the key of the row that is highlighted first."""
        super().__init__()
        self._title = title
        self._rows = rows
        self._current = current
        self.list = PickList(len(rows), "nothing fits" if rows else nothing)
        self._head = TextPane(self.head)
        self._details = TextPane(self.details)

    def head(self, width: int) -> list[Content]:
        """Above the rows, such as the names of the columns."""
        return []

    def details(self, width: int) -> list[Content]:
        """Below the rows, about the highlighted one; always as many lines."""
        return []

    def hints(self) -> Sequence[str]:
        """What keys do, the most useful first."""
        return ("Enter chooses", "Esc closes")

    def compose(self) -> ComposeResult:
        sheet = Vertical(
            Input(placeholder=self.PLACEHOLDER, compact=True),
            self._head,
            self.list,
            self._details,
            classes=self.SHEET_CLASSES,
        )
        title: Content = self._title
        sheet.border_title = title
        sheet.border_subtitle = " · ".join(self.hints())
        yield sheet

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.list.fill(self._rows, self._current)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.narrow(event.value)

    def on_input_submitted(self) -> None:
        self.enter()

    def on_pick_list_clicked(self) -> None:
        self.choose(Way.USE)

    def on_pick_list_moved(self) -> None:
        self._details.redraw()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        self.list.move(step)

    def enter(self) -> None:
        """Enter was pressed."""
        self.choose(Way.USE)

    def narrow(self, typed: str) -> None:
        """Show the rows that fit what was typed, the best first."""
        self.list.fill(ranked(typed, self._rows, lambda row: row.searched), self._current if not typed.strip() else "")

    def choose(self, way: Way) -> None:
        """Return the highlighted row, if there is one."""
        if self.list.row is not None:
            self.dismiss(Picked(self.list.row.key, way))

    def count(self) -> Content:
        """How many of all rows are in the list."""
        shown, all_rows = len(self.list.rows), len(self._rows)
        return (
            words((f"{shown:,} of {all_rows:,}" if shown != all_rows else f"{all_rows:,}", MUTED))
            if all_rows
            else EMPTY
        )
