"""F1 in what lies over the conversation: the keys of that place, over it. Esc or F1 closes them, and the place is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from hawkmoth_tui.ui.keys import shown
from hawkmoth_tui.ui.screens.over import Over, Result
from hawkmoth_tui.ui.screens.sheet import HELP_KEY, keys_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType


class Helped(Over[Result]):
    """A modal screen that tells its keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "help", show=False, id=HELP_KEY)]
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = ()
    """(keys, what they do), the most useful first."""

    @property
    def help_hint(self) -> tuple[str, ...]:
        """How the help is opened, for the hints in the frame; nothing when no key opens it."""
        keys = [key for key, active in self.active_bindings.items() if active.binding.id == HELP_KEY]
        return (f"{shown(keys[0])} help",) if keys else ()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """The keys that are told."""
        return self.KEYS_HERE

    def action_help(self) -> None:
        self.app.push_screen(keys_sheet(self.keys_here()))
