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


class LeaderHints(Pane):
    """What may follow, in columns."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def lines(self, width: int) -> list[Content]:
        hints = [words((key, "bold $route"), (f" {word}", "$foreground")) for key, word in self._pairs()]
        leader = f"{key_name('leader', self._keymap)} "
        room = width - len(leader)
        for rows in range(1, len(hints) + 1):
            columns = [hints[first : first + rows] for first in range(0, len(hints), rows)]
            widths = [max(hint.cell_length for hint in column) for column in columns]
            if sum(widths) + GAP * (len(widths) - 1) <= room or len(columns) == 1:
                break
        lines = [_line(row, columns, widths) for row in range(rows)]
        return [words((leader if row == 0 else " " * len(leader), MUTED)) + line for row, line in enumerate(lines)]

    def _pairs(self) -> list[tuple[str, str]]:
        held = [(name, key.hint) for key in LEADER if key.hint for name in held_keys(key, self._keymap)[:1]]
        named = [(ARROWS.get(name) or shown(name), hint) for name, hint in held]
        return [*named, ("1-9", "model slot"), ("Esc", "never mind")]


def _line(row: int, columns: list[list[Content]], widths: list[int]) -> Content:
    """One row of the columns."""
    cells = zip(columns, widths, strict=True)
    here = [
        column[row].pad_right(width + GAP - column[row].cell_length) for column, width in cells if row < len(column)
    ]
    return EMPTY.join(here).rstrip()


class LeaderScreen(Helped[str | None]):
    """Returns the action of the conversation screen that the second key stands for; None for any other key."""

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
