"""After Ctrl+X: one line says what may follow, the next key decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding

from hawkmoth_tui.ui.keys import LEADER, held_keys, key_name, shown
from hawkmoth_tui.ui.lines import MUTED, words
from hawkmoth_tui.ui.panes.pane import Pane
from hawkmoth_tui.ui.screens.over import Over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content


class LeaderHints(Pane):
    """What may follow."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def lines(self, width: int) -> list[Content]:
        hints = [words((key, "bold $route"), (f" {word}", "$foreground")) for key, word in self._pairs()]
        leader, gap = f"{key_name('leader', self._keymap)} ", words(("   ", ""))
        rows = [words((leader, MUTED))]
        for hint in hints:
            longer = rows[-1] + hint + gap
            rows = (
                [*rows[:-1], longer]
                if longer.cell_length <= width
                else [*rows, words((" " * len(leader), "")) + hint + gap]
            )
        return rows

    def _pairs(self) -> list[tuple[str, str]]:
        named = [(shown(name), key.hint) for key in LEADER if key.hint for name in held_keys(key, self._keymap)[:1]]
        return [*named, ("1-9", "model slot"), ("Esc", "never mind")]


class LeaderScreen(Over[str | None]):
    """Returns the action of the conversation screen that the second key stands for; None for any other key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key.keys, f"take({key.action!r})", key.does, show=False, priority=True, id=key.id) for key in LEADER),
    ]

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        yield LeaderHints(self._keymap)

    def action_take(self, action: str) -> None:
        self.dismiss(action)

    def on_key(self, event: events.Key) -> None:
        """No key of ours: never mind. Those that came with it belong to whoever has the keyboard now."""
        event.stop()
        if self.is_closed:
            self.app.post_message(events.Key(event.key, event.character))
        self.dismiss(None)
