"""Asked once when the user quits while an answer streams, or while turns are in memory only."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import VerticalScroll

from hawkmoth_tui.ui.going import Leaving
from hawkmoth_tui.ui.lines import EMPTY, MUTED, highlighted, words, wrapped
from hawkmoth_tui.ui.screens.helped import Helped
from hawkmoth_tui.ui.screens.sheet import TextPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content


class Choice(NamedTuple):
    """One answer to the question."""

    key: str
    word: str
    does: str
    leaving: Leaving


FINISH = Choice("f", "finish", "quit when the answer has ended", Leaving.FINISH)
KEEP_PART = Choice("k", "keep the part", "stop now; what has arrived is saved", Leaving.KEEP_PART)
STAY = Choice("s", "stay", "go on here", Leaving.STAY)
LOSE = Choice("l", "lose them", "quit without these turns", Leaving.LOSE)

LEAST_CELLS = 56
"""From so many cells on, a choice and what it does stand on one line."""


class LeavingScreen(Helped[Leaving]):
    """Returns the choice; Esc stays."""

    gives_way = False

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(choice.key, f"choose('{choice.key}')", show=False) for choice in (FINISH, KEEP_PART, STAY, LOSE)),
        Binding("escape", "choose('s')", show=False),
        Binding("up,shift+tab", "move(-1)", show=False),
        Binding("down,tab", "move(1)", show=False),
        Binding("enter", "take", show=False),
    ]

    def __init__(self, question: str, choices: tuple[Choice, ...], asked_again: Leaving) -> None:
        """`asked_again` is what a second wish to quit says."""
        super().__init__()
        self.asked_again = asked_again
        self._question = question
        self._choices = choices
        self._place = 0
        self._pane = TextPane(self._lines)

    @classmethod
    def while_answering(cls, answers: int) -> LeavingScreen:
        """So many answers are in flight."""
        question = "An answer is still streaming." if answers == 1 else f"{answers} answers are still streaming."
        return cls(question, (FINISH, KEEP_PART, STAY), Leaving.KEEP_PART)

    @classmethod
    def without_saving(cls, turns: int, why: str) -> LeavingScreen:
        """The store does not take so many turns."""
        count = "1 turn is" if turns == 1 else f"{turns:,} turns are"
        question = f"{count} in memory only: {why}. /export FILE keeps a session elsewhere."
        return cls(question, (STAY, LOSE), Leaving.LOSE)

    def keys_here(self) -> Sequence[tuple[str, str]]:
        return (
            *((choice.key, choice.does) for choice in self._choices),
            ("↑, ↓, Tab", "another choice"),
            ("Enter", "take the marked choice"),
            ("Esc", "stay"),
        )

    def compose(self) -> ComposeResult:
        sheet = VerticalScroll(self._pane, classes="sheet -narrow")
        sheet.border_title = "Quit?"
        sheet.can_focus = False
        yield sheet

    def hints(self) -> Sequence[str]:
        return ("Enter takes", *self.help_hint, "Esc stays")

    def action_choose(self, key: str) -> None:
        for choice in self._choices:
            if choice.key == key:
                self.dismiss(choice.leaving)

    def action_take(self) -> None:
        self.dismiss(self._choices[self._place].leaving)

    def action_move(self, step: int) -> None:
        self._place = (self._place + step) % len(self._choices)
        self._pane.refresh()

    def _lines(self, width: int) -> list[Content]:
        rows = []
        for place, (key, word, does, _) in enumerate(self._choices):
            is_here = place == self._place
            mark = words(("› " if is_here else "  ", "bold $route"), (f"{key}  ", "$route"))
            name = words((f"{word:<15}", "bold $foreground" if is_here else "$foreground"))
            if width < LEAST_CELLS:
                lines = [mark + name.rstrip(), *wrapped(does, MUTED, width, indent=" " * mark.cell_length, most=2)]
            else:
                lines = [mark + name + words((does, MUTED))]
            has_colours = not self.app.no_color
            rows += [highlighted(line, width, has_colours=has_colours) if is_here else line for line in lines]
        return [*wrapped(self._question, "$foreground", width), *([EMPTY] if width >= LEAST_CELLS else []), *rows]
