"""Asked once when the user quits while an answer streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll

from hawkmoth_tui.ui.going import Leaving
from hawkmoth_tui.ui.lines import EMPTY, MUTED, words, wrapped
from hawkmoth_tui.ui.screens.helped import Helped
from hawkmoth_tui.ui.screens.sheet import TextPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content


CHOICES = (
    ("f", "finish", "quit when the answer has ended", Leaving.FINISH),
    ("k", "keep the part", "stop now; what has arrived is saved", Leaving.KEEP_PART),
    ("s", "stay", "go on here", Leaving.STAY),
)


LEAST_CELLS = 56
"""From so many cells on, a choice and what it does stand on one line."""


class LeavingScreen(Helped[Leaving]):
    """Returns the choice; Esc stays."""

    gives_way = False

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"choose('{choice.name}')", word, show=False) for key, word, _, choice in CHOICES),
        Binding("escape", "choose('STAY')", show=False),
        Binding("up,shift+tab", "move(-1)", show=False),
        Binding("down,tab", "move(1)", show=False),
        Binding("enter", "take", show=False),
    ]

    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        *((key, does) for key, _, does, _ in CHOICES),
        ("↑, ↓, Tab", "another choice"),
        ("Enter", "take the marked choice"),
        ("Esc", "stay"),
    )

    def __init__(self, answers: int) -> None:
        super().__init__()
        self._question = "An answer is still streaming." if answers == 1 else f"{answers} answers are still streaming."
        self._place = 0
        self._pane = TextPane(self._lines)

    def compose(self) -> ComposeResult:
        sheet = VerticalScroll(self._pane, classes="sheet -narrow")
        sheet.border_title = "Quit?"
        sheet.border_subtitle = "Enter takes · Esc stays"
        sheet.can_focus = False
        yield sheet

    def action_choose(self, name: str) -> None:
        self.dismiss(Leaving[name])

    def action_take(self) -> None:
        self.dismiss(CHOICES[self._place][3])

    def action_move(self, step: int) -> None:
        self._place = (self._place + step) % len(CHOICES)
        self._pane.refresh()

    def _lines(self, width: int) -> list[Content]:
        rows = []
        for place, (key, word, does, _) in enumerate(CHOICES):
            is_here = place == self._place
            mark = words(("› " if is_here else "  ", "bold $route"), (f"{key}  ", "$route"))
            name = words((f"{word:<15}", "bold $foreground" if is_here else "$foreground"))
            if width < LEAST_CELLS:
                rows += [mark + name.rstrip(), *wrapped(does, MUTED, width, indent=" " * mark.cell_length, most=2)]
            else:
                rows.append(mark + name + words((does, MUTED)))
        return [*wrapped(self._question, "$foreground", width), *([EMPTY] if width >= LEAST_CELLS else []), *rows]
