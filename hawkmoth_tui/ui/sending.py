"""From a prompt to a running turn, and back to the composer when there will be none: no word is lost on the way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, UserError
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk


class Sending:
    """Begins and stops turns of the current session."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._beginning = asyncio.Lock()
        """Held while a turn is being begun: two prompts in a row must not make two sessions."""

    def send(self, desk: Desk, text: str) -> None:
        """Send a prompt. It leaves the composer only when nothing stands against it."""
        app = self._app
        if desk.session is not None and app.bridge.is_running(desk.session.id):
            app.say("still answering: your text stays here; Esc stops the answer", Weight.WARNING)
            return
        if app.conversation.composer.text == text:
            app.conversation.composer.accept()
        app.run_worker(self._begin_typed(text), name="sending")

    async def begin(self, text: str, options: TurnOptions) -> None:
        """Begin a turn in the current session. Raises what `Workstation.prepare` raises, and UserError while it still answers."""
        app = self._app
        desk = await app.opened()
        options = desk.options(options)
        async with self._beginning:
            session = await desk.require_session(text, options)
            await app.conversation.require_transcript()
            if app.bridge.is_running(session.id):
                raise UserError("still answering here", "Esc stops it")
            app.bridge.start(desk.workstation, session.id, text, options)
        app.show_status()

    def stop(self) -> bool:
        """Stop the answer of the current session. Returns whether there was one."""
        desk = self._app.desk
        return (
            desk is not None and desk.session is not None and self._app.bridge.stop(desk.workstation, desk.session.id)
        )

    def refused(self, text: str, message: str) -> None:
        """Say why, and give the words back to the composer; they are in its history when something else stands there."""
        app = self._app
        app.say(message, Weight.PROBLEM)
        if text and not app.conversation.composer.text.strip():
            app.conversation.composer.put(text)
        app.show_status()

    async def _begin_typed(self, text: str) -> None:
        from hawkmoth_tui.engine.options import TurnOptions

        try:
            await self.begin(text, TurnOptions())
        except HawkmothError as error:
            self.refused(text, str(error))
