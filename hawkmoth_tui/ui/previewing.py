"""Where the prompt being written would go: worked out in the pauses of the typing, shown in the status line, changed with one key."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from hawkmoth_tui.commands.registry import is_command
from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.keys import key_name
from hawkmoth_tui.ui.widgets.preview import Preview

if TYPE_CHECKING:
    from textual.timer import Timer

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.engine.foretaste import Foretaste
    from hawkmoth_tui.ui.app import HawkmothApp

PAUSE_S = 0.15
"""How long no key must have been pressed."""


class Previewing:
    """Follows the composer. What was shown stays until something better is known, so that nothing flickers."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._timer: Timer | None = None
        self._touched_s = 0.0
        self._shown: Foretaste | None = None
        self._taken: ModelRef | None = None
        """The model that the key has set for the next turn."""

    def touch(self) -> None:
        """The text has changed: look again in the next pause, and at once where there is nothing to look at."""
        if not self._prompt():
            self._show(None)
            self._give_up_taken()
            return
        self._touched_s = monotonic()
        if self._timer is None:
            self._timer = self._app.set_timer(PAUSE_S, self._pause)

    def look(self) -> None:
        """Work it out now."""
        app, prompt = self._app, self._prompt()
        if app.desk is None or not prompt or app.browsing.is_watching:
            self._show(None)
            return
        try:
            self._show(app.desk.foretaste(prompt, tuple(one.part for one in app.writing.trays.here.attached)))
        except HawkmothError:
            self._show(None)

    def sent(self) -> None:
        """The prompt is on its way with the model that was taken for it."""
        self._taken = None

    def take_other(self) -> bool:
        """Give the next turn to the other model. Returns whether there is one."""
        desk = self._app.desk
        if self._timer is not None:
            self.look()
        if desk is None or self._shown is None or self._shown.other is None:
            return False
        is_back = self._taken is not None and desk.once == self._taken
        self._taken = None if is_back else self._shown.other.model
        desk.use_once(self._taken)
        self.look()
        self._app.show_status()
        return True

    def _pause(self) -> None:
        self._timer = None
        left_s = self._touched_s + PAUSE_S - monotonic()
        if left_s > 0.01:
            self._timer = self._app.set_timer(left_s, self._pause)
        else:
            self.look()

    def _prompt(self) -> str:
        """What would be sent; empty for a command and for nothing."""
        text = self._app.conversation.composer.text
        return "" if not text.strip() or is_command(text) else text

    def _show(self, foretaste: Foretaste | None) -> None:
        self._shown = foretaste
        key = key_name("composer.complete", self._app.conversation.keymap)
        self._app.preview = Preview(foretaste, key) if foretaste else None
        line = self._app.conversation.status
        line.show(line.status._replace(preview=self._app.preview))

    def _give_up_taken(self) -> None:
        """The text was emptied without being sent: what was taken for it goes with it."""
        desk = self._app.desk
        if self._taken is None or self._app.conversation.composer.text:
            return
        if desk is not None and desk.once == self._taken:
            desk.use_once(None)
            self._app.show_status()
        self._taken = None
