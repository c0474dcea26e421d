"""From a prompt to a running turn, and back to the composer when there will be none: no word is lost on the way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, MissingKey, UserError
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.wording import way

if TYPE_CHECKING:
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.engine.tray import Parcel
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.bridge import TurnRefused
    from hawkmoth_tui.ui.desk import Desk


class Sending:
    """Begins and stops turns of the current session."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self.entered = asyncio.Lock()
        """Held while what was entered is dealt with: a line finds what the line before it has done."""
        self._beginning = asyncio.Lock()
        """Held while a turn is being begun: two prompts in a row must not make two sessions."""
        self._sent: dict[str, Parcel] = {}
        """What was typed for the running turns, by session: given back when the engine says no."""

    def send(self, text: str) -> None:
        """Send a prompt and what is attached to it, or queue them while this session still answers; opens the workstation if need be.

        Nothing at all sends what is next in the queue.
        """
        self._app.conversation.composer.accept(text)
        self._app.run_worker(self._send(text), name="sending")

    async def settled(self) -> None:
        """Returns when everything that was entered is on its way, queued or given back."""
        async with self.entered:
            pass

    def go_on(self, session_id: str) -> None:
        """The answer is complete: send what is queued in that session, whatever session is on the screen."""
        app, desk = self._app, self._app.desk
        if desk is None or (parcel := app.writing.trays.next(session_id)) is None:
            return
        if desk.is_here(session_id):
            app.run_worker(self._begin_parcel(parcel), name="sending")
        else:
            self._start(desk, session_id, parcel.text, desk.with_once(_options(parcel), session_id), parcel)

    async def begin(self, text: str, options: TurnOptions, parcel: Parcel | None = None) -> None:
        """Begin a turn in the current session. Raises what `Workstation.prepare` raises, and UserError while it still answers."""
        app = self._app
        desk = await app.opened()
        options = desk.options(options)
        async with self._beginning:
            session = await desk.require_session(text, options)
            app.writing.trays.follow(session.id)
            await app.save_draft()
            await app.conversation.require_transcript()
            await app.bridge.settled(session.id)
            if not app.bridge.is_running(session.id):
                self._start(desk, session.id, text, options, parcel)
            elif parcel is not None:
                app.writing.trays.put_first(parcel, session.id)
            else:
                stop = way("turn.stop", "/stop", app.conversation.keymap)
                raise UserError("still answering here", f"{stop} stops it")
        app.show_status()

    def _start(self, desk: Desk, session_id: str, text: str, options: TurnOptions, parcel: Parcel | None) -> None:
        if parcel is not None:
            self._sent[session_id] = parcel
        self._app.bridge.start(desk.workstation, session_id, text, options)

    def stop(self) -> bool:
        """Stop the answer of the current session. Returns whether there was one."""
        desk = self._app.desk
        return (
            desk is not None and desk.session is not None and self._app.bridge.stop(desk.workstation, desk.session.id)
        )

    def refused(self, message: TurnRefused) -> None:
        """Say why, and give the words and everything beside them back."""
        self._app.say(message.message, Weight.PROBLEM)
        parcel = self._sent.pop(message.session_id, None)
        if parcel is not None and message.is_users_words:
            self._app.writing.trays.give_back(parcel, message.session_id)
        self._app.show_status()

    def ended(self, turn: Turn, *, is_going: bool) -> None:
        """A turn is stored. A complete answer is followed by what is queued; after any other the queue waits for the user."""
        from hawkmoth_tui.core.turn import TurnState

        self._sent.pop(turn.session_id, None)
        waiting = self._app.writing.trays.waiting(turn.session_id)
        if not waiting or is_going:
            return
        if turn.state is TurnState.DONE:
            self.go_on(turn.session_id)
        elif self._app.desk is not None and self._app.desk.is_here(turn.session_id):
            prompts = "the queued prompt waits" if waiting == 1 else f"{waiting} queued prompts wait"
            self._app.say(f"{prompts}: Enter on an empty line sends the next")

    async def _send(self, text: str) -> None:
        from hawkmoth_tui.engine.tray import Parcel

        writing = self._app.writing
        trays = writing.trays
        async with self.entered:
            desk = await self._app.opened()
            await writing.settled()
            if self._app.going.is_closing:
                trays.keep(text)
                return
            session_id = desk.session.id if desk.session else ""
            await self._app.bridge.settled(session_id)
            is_busy = self._beginning.locked() or self._app.bridge.is_running(session_id)
            if not text.strip() and not trays.here.attached:
                parcel = None if is_busy else trays.next(session_id)
            else:
                parcel = Parcel(text, trays.take_attached())
            if parcel is None:
                return
            if is_busy:
                trays.enqueue(parcel)
            else:
                await self._begin_parcel(parcel)

    async def _begin_parcel(self, parcel: Parcel) -> None:
        app = self._app
        try:
            await self.begin(parcel.text, _options(parcel), parcel)
        except HawkmothError as error:
            app.say(str(error), Weight.PROBLEM)
            app.writing.trays.give_back(parcel, app.desk.session.id if app.desk and app.desk.session else "")
            app.show_status()
            if isinstance(error, MissingKey) and app.desk is not None and app.desk.workstation.keys.is_locked:
                from hawkmoth_tui.ui.asking_keys import ask_passphrase

                ask_passphrase(app, app.desk)


def _options(parcel: Parcel) -> TurnOptions:
    from hawkmoth_tui.engine.options import TurnOptions

    return TurnOptions(attachments=tuple(one.part for one in parcel.attached))
