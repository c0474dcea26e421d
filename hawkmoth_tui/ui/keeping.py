"""Whether what is said here is on the disk: while it is not, the status line says so, and when it is saved that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.engine.keeper import MEMORY_ONLY
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from textual.timer import Timer

    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk

LOOK_AGAIN_S = 0.5
"""Between two looks at a store that takes nothing."""


class Keeping:
    """Follows the store for the user."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._timer: Timer | None = None
        self._told = 0
        """How many of the workstation's warnings were said."""

    def words(self, desk: Desk) -> str:
        """What is in memory only, for the status line; empty when nothing is. Looks again by itself as long as something is."""
        kept = desk.workstation.keeping
        if kept.problem is None:
            return ""
        if self._timer is None:
            self._timer = self._app.set_timer(LOOK_AGAIN_S, self._look_again)
        return in_memory(kept.unsaved_turns)

    def tell(self, desk: Desk) -> None:
        """Say what the workstation has warned of since this was last asked."""
        warnings = desk.workstation.warnings
        if desk.workstation.keeping.problem is None:
            self._app.conversation.notices.drop(MEMORY_ONLY)
        for warning in warnings[self._told :]:
            self._app.say(warning, Weight.WARNING)
        self._told = len(warnings)

    def _look_again(self) -> None:
        self._timer = None
        if self._app.desk is not None:
            self.tell(self._app.desk)
            self._app.show_status()


def in_memory(turns: int) -> str:
    """The words for so many turns."""
    return f"not saved: {turns:,} turn{'' if turns == 1 else 's'}" if turns else "in memory only"
