"""An answer that waits for a busy model: counted down on the screen, with letters that end the wait as long as nothing is written."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.keys import WAITING, current_keys
from hawkmoth_tui.ui.transcript.words import waiting

if TYPE_CHECKING:
    from textual.timer import Timer

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.app import HawkmothApp

TICK_S = 1.0


class Waiting:
    """Follows the running turn of the session on the screen."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._turn: Turn | None = None
        """The turn that waits; None while none does."""
        self._ticking: Timer | None = None
        self._was_writing = False

    @property
    def words(self) -> str:
        """For the status line; empty while nothing waits."""
        wait = self._turn.wait if self._turn else None
        return waiting(wait, monotonic()) if wait else ""

    def follow(self, turn: Turn | None) -> None:
        """The turn as it stands now; None: none is running here."""
        self._turn = turn if turn is not None and turn.wait else None
        self._app.conversation.composer.offers = self._offers()
        if self._turn is None:
            if self._ticking is not None:
                self._ticking.stop()
                self._ticking = None
        elif self._ticking is None:
            self._ticking = self._app.set_interval(TICK_S, self._tick)
            self._draw()

    def written(self) -> None:
        """The text in the composer is another one: letters may be text now, or no more."""
        if self._is_writing != self._was_writing:
            self._draw()

    @property
    def _is_writing(self) -> bool:
        return bool(self._app.conversation.composer.text)

    def _tick(self) -> None:
        self._draw()
        self._app.show_status()

    def _draw(self) -> None:
        self._was_writing = self._is_writing
        transcript = self._app.conversation.transcript
        if self._turn is not None and transcript is not None:
            transcript.tick(self._turn, is_writing=self._was_writing)

    def _offers(self) -> dict[str, str]:
        """What the letters stand for."""
        wait = self._turn.wait if self._turn else None
        if wait is None or wait.is_kept:
            return {}
        keymap = self._app.conversation.keymap
        offered = [key for key in WAITING if key.id != "wait.switch" or wait.then]
        return {name: key.action for key in offered for name in current_keys(key, keymap)}
