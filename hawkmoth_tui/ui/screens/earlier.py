"""Ctrl+R: earlier prompts of all sessions, newest first, narrowed while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.content import Content

MOST_CHARACTERS = 2000
"""Characters of a prompt that are searched and drawn."""
LINES_SHOWN = 3
"""Of the highlighted prompt, below the list."""


class EarlierScreen(PickScreen):
    """Returns the place of the chosen prompt."""

    def __init__(self, prompts: Sequence[str]) -> None:
        """The prompts, newest first."""
        self._prompts = prompts
        self._has_lines = any("\n" in prompt for prompt in prompts)
        rows = [_row(place, prompt[:MOST_CHARACTERS]) for place, prompt in enumerate(prompts)]
        super().__init__(plain("Earlier prompts"), rows, nothing="no prompt was sent yet")

    def details(self, width: int) -> list[Content]:
        row = self.list.row
        lines = self._prompts[int(row.key)][:MOST_CHARACTERS].split("\n") if row is not None else []
        shown = [cut(words((line.rstrip(), MUTED)), width) for line in lines[:LINES_SHOWN]] if len(lines) > 1 else []
        return [words(("─" * width, "$rule")), *shown, *[EMPTY] * (LINES_SHOWN - len(shown))] if self._has_lines else []

    def narrow(self, typed: str) -> None:
        """Every word must occur; the order stays, because of two prompts that fit the newer one is wanted."""
        wanted = typed.lower().split()
        self.list.fill([row for row in self._rows if all(word in row.searched for word in wanted)])


def _row(place: int, prompt: str) -> Row:
    return Row(str(place), prompt.lower(), _drawn(prompt))


def _drawn(prompt: str) -> Callable[[int], Content]:
    return lambda width: cut(words((" ".join(prompt.split()), "$foreground")), width)
