"""F1 in what lies over the conversation: the keys of that place, over it. Esc or F1 closes them, and the place is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from hawkmoth_tui.ui.screens.over import HELP_KEY, Over, Result
from hawkmoth_tui.ui.screens.sheet import keys_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType


class Helped(Over[Result]):
    """A modal screen that tells its keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "help", show=False, id=HELP_KEY)]
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = ()
    """(keys, what they do), the most useful first."""

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """The keys that are told."""
        return self.KEYS_HERE

    def action_help(self) -> None:
        self.app.push_screen(keys_sheet(self.keys_here()))
