"""After Ctrl+X: one line says what may follow, the next key decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding

from hawkmoth_tui.ui.keys import LEADER, held_keys, key_name, shown
from hawkmoth_tui.ui.lines import EMPTY, MUTED, words
from hawkmoth_tui.ui.panes.pane import Pane
from hawkmoth_tui.ui.screens.helped import Helped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content


ARROWS = {"left": "←", "right": "→", "up": "↑", "down": "↓"}
GAP = 2
"""Cells between two columns."""
LEAST_CELLS = 56
"""From so many cells on, the leader stands before its second keys."""


class LeaderHints(Pane):
    """What may follow, in columns."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def lines(self, width: int) -> list[Content]:
        leader = f"{key_name('leader', self._keymap)} " if width >= LEAST_CELLS else ""
        columns = self._columns(width - len(leader), max(1, self.app.size.height - 1))
        widths = [_width(column) for column in columns]
        lines = [_line(row, columns, widths) for row in range(len(columns[0]))]
        return [words((leader if row == 0 else " " * len(leader), MUTED)) + line for row, line in enumerate(lines)]

    def _columns(self, room: int, most_rows: int) -> list[list[Content]]:
        """In as few rows as the room allows; what does not fit at all is left out, and the key named that lists it."""
        held = [(name, key.hint) for key in LEADER if key.hint for name in held_keys(key, self._keymap)[:1]]
        named = [(ARROWS.get(name) or shown(name), hint) for name, hint in held]
        pairs = [*named, ("1-9", "model slot")]
        for count in range(len(pairs), 0, -1):
            rest = [] if count == len(pairs) else [("F1", "all of them")]
            hints = [_hint(*pair) for pair in (*pairs[:count], *rest, ("Esc", "never mind"))]
            for rows in range(1, most_rows + 1):
                columns = [hints[first : first + rows] for first in range(0, len(hints), rows)]
                if sum(map(_width, columns)) + GAP * (len(columns) - 1) <= room:
                    return columns
        return [[_hint("Esc", "never mind")]]


def _hint(key: str, word: str) -> Content:
    return words((key, "bold $route"), (f" {word}", "$foreground"))


def _width(column: list[Content]) -> int:
    return max(hint.cell_length for hint in column)


def _line(row: int, columns: list[list[Content]], widths: list[int]) -> Content:
    """One row of the columns."""
    cells = zip(columns, widths, strict=True)
    here = [
        column[row].pad_right(width + GAP - column[row].cell_length) for column, width in cells if row < len(column)
    ]
    return EMPTY.join(here).rstrip()


class LeaderScreen(Helped[str | None]):
    """Returns the action of the conversation screen that the second key stands for; None for any other key."""

    DEFAULT_CSS = """
    LeaderScreen {
        align: left bottom;
        overflow: hidden;
        & LeaderHints {
            width: 100%;
            height: auto;
            padding: 0 1;
            background: $panel;
            text-wrap: nowrap;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False, priority=True, id="help.show"),
    ]

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap
        self._actions = {name: key.action for key in LEADER for name in held_keys(key, keymap)}

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """The second keys in force, and what they do."""
        leader = key_name("leader", self._keymap)
        held = [(names[0], key.does) for key in LEADER if (names := held_keys(key, self._keymap))]
        return [(f"{leader} {shown(name)}", does) for name, does in held]

    def compose(self) -> ComposeResult:
        yield LeaderHints(self._keymap)

    def on_key(self, event: events.Key) -> None:
        """The second key, in the order typed; none of ours: never mind. Keys that came after it belong to whoever has the keyboard now."""
        event.stop()
        if self.is_closed:
            self.app.post_message(events.Key(event.key, event.character))
        else:
            self.dismiss(next((self._actions[name] for name in event.aliases if name in self._actions), None))
