"""Choosing one of many from a list that narrows while one types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical

from hawkmoth_tui.core.fuzzy import Narrowing
from hawkmoth_tui.ui.lines import EMPTY, MUTED, words
from hawkmoth_tui.ui.screens.helped import Helped
from hawkmoth_tui.ui.screens.sheet import TextPane
from hawkmoth_tui.ui.widgets.pickline import PickLine
from hawkmoth_tui.ui.widgets.picklist import PickList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

    from hawkmoth_tui.ui.widgets.picklist import Row

SHORT_LIST = 5
"""Rows up to which the sheet is no higher than they need, however low the terminal is."""
BESIDE = 10
"""Rows of a sheet around its list, at most."""


MOVING = (
    ("letters", "narrow the list: parts of words, in any order"),
    ("↑, ↓, PgUp, PgDn", "move; Ctrl+P and Ctrl+N do, too"),
    ("Enter", "choose"),
    ("Esc", "close"),
)
"""The keys of every list."""


class Way(Enum):
    """With which key a row was chosen."""

    USE = "Enter"
    ONCE = "Alt+Enter or Tab"
    INSTEAD = "the key of another list"
    """What was chosen is the slash command that opens it."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What the user chose."""

    key: str
    way: Way = Way.USE


class PickScreen(Helped[Picked | None]):
    """Returns what was chosen; None when the user thought better of it. Subclasses draw the head and the details."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "change('model.pick', '/model')", show=False, id="model.pick"),
        Binding("f3", "change('session.pick', '/sessions')", show=False, id="session.pick"),
        Binding("f8", "change('palette.show', '/palette')", show=False, id="palette.show"),
    ]
    KEYS: ClassVar[dict[str, str]] = {
        "escape": "leave",
        "enter": "enter",
        "up": "up",
        "ctrl+p": "up",
        "down": "down",
        "ctrl+n": "down",
        "pageup": "page_up",
        "pagedown": "page_down",
    }
    """What keys do, fixed as in every list; read by the line that is typed into, so that none overtakes a letter."""
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = MOVING
    AUTO_FOCUS = "PickLine"
    SHEET_CLASSES = "sheet"
    PLACEHOLDER = "type to narrow"

    def __init__(
        self, title: Content, rows: Sequence[Row], *, nothing: str, current: str = "", key_id: str = ""
    ) -> None:
        """`current` is the key of the row that is highlighted first. `key_id` names the key that opens this list: it closes it again, and
        the keys of other lists change over; empty: neither."""
        super().__init__()
        self._key_id = key_id
        self._title = title
        self._rows = rows
        self._narrowing = _narrowing(rows)
        self._current = current
        self.line = PickLine(self.PLACEHOLDER, self.act)
        self._typed = ""
        """What the list is narrowed by."""
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
        return ("Enter chooses", *self.help_hint, "Esc closes")

    def compose(self) -> ComposeResult:
        sheet = Vertical(
            self.line,
            self._head,
            self.list,
            self._details,
            classes=f"{self.SHEET_CLASSES} {'-long' if self._is_long else ''}",
        )
        title: Content = self._title
        sheet.border_title = title
        yield sheet

    def on_mount(self) -> None:
        self.list.fill(self._rows, self._current)

    def on_resize(self) -> None:
        self.query_one(".sheet").set_class(self._is_long, "-long")

    def action_change(self, key_id: str, line: str) -> None:
        """Close by the list's own key, or change over to another list."""
        if self._key_id:
            self.dismiss(None if key_id == self._key_id else Picked(line, Way.INSTEAD))

    def act(self, key: str) -> bool:
        """Do what the key stands for, over what is typed by now. Returns whether it stands for anything."""
        if key not in self.KEYS:
            return False
        self._follow()
        self.do(self.KEYS[key])
        return True

    def do(self, what: str) -> None:
        """One of the values of `KEYS`."""
        match what:
            case "leave":
                self.dismiss(None)
            case "enter":
                self.choose(Way.USE)
            case "up":
                self.list.move(-1)
            case "down":
                self.list.move(1)
            case "page_up":
                self.list.move(-10)
            case "page_down":
                self.list.move(10)

    def on_input_changed(self) -> None:
        self._follow()

    def on_pick_list_clicked(self) -> None:
        self.choose(Way.USE)

    def on_pick_list_moved(self) -> None:
        self._details.redraw()

    def narrow(self, typed: str) -> None:
        """Show the rows that fit what was typed, the best first."""
        self._typed = typed
        self.list.fill(self._fitting(), self._current if not typed.strip() else "")

    def replace_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead, narrowed as before, the highlighted one in its place."""
        self._rows, self._narrowing = rows, _narrowing(rows)
        self.list.refill(self._fitting())

    def ordered(self, rows: list[Row]) -> list[Row]:
        """The rows that fit what was typed, in the order to show them; given the best fit first."""
        return rows

    def choose(self, way: Way) -> None:
        """Return the highlighted row, if there is one."""
        if self.list.row is not None:
            self.dismiss(Picked(self.list.row.key, way))

    def count(self, what: str) -> Content:
        """How many of all rows are in the list, and what they are: `2 of 31 sessions`."""
        shown, all_rows = self._counted(self.list.rows), self._counted(self._rows)
        some = f"{shown:,} of " if shown != all_rows else ""
        return words((f"{some}{all_rows:,} {what}{'' if all_rows == 1 else 's'}", MUTED)) if all_rows else EMPTY

    @property
    def _is_long(self) -> bool:
        """Whether the list takes all the height there is, so that what stands below it keeps its room."""
        return len(self._rows) > max(SHORT_LIST, self.app.size.height * 4 // 5 - BESIDE)

    @staticmethod
    def _counted(rows: Sequence[Row]) -> int:
        """How many of these rows are what the list is of."""
        return len(rows)

    def _fitting(self) -> list[Row]:
        return self.ordered(self._narrowing.ranked(self._typed))

    def _follow(self) -> None:
        """The list follows what is typed by now."""
        if self.line.value != self._typed:
            self.narrow(self.line.value)


def _narrowing(rows: Sequence[Row]) -> Narrowing[Row]:
    return Narrowing(rows, lambda row: row.searched)
