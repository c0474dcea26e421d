"""What waits beside the text of each session: its attachments and queued prompts, shown above the composer, kept in the store."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.engine.tray import EMPTY_TRAY, Parcel, Tray, record_of, tray_of
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.widgets.tray import TrayPane

if TYPE_CHECKING:
    from hawkmoth_tui.engine.attachments import Attached
    from hawkmoth_tui.ui.app import HawkmothApp

log = logging.getLogger(__name__)


class Trays:
    """One tray per session; that of the session on the screen is in sight."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._trays: dict[str, Tray] = {}
        self._key = ""
        """The session on the screen; empty for the one that does not exist yet."""
        self._has_opened = False
        """Whether a session was put on the screen yet; what came before belongs to the first one."""
        self._saving = asyncio.Lock()
        self._unsaved: set[str] = set()
        self._pane: TrayPane | None = None

    @property
    def here(self) -> Tray:
        """What waits in the session on the screen."""
        return self._trays.get(self._key, EMPTY_TRAY)

    async def open(self, session_id: str | None) -> None:
        """Another session comes on the screen: show what waits there, from the store the first time."""
        desk, key = self._app.desk, session_id or ""
        self._key = key
        if desk is not None and (key not in self._trays or not key):
            record = desk.workstation.sessions.tray(session_id)
            stored, missing = await asyncio.to_thread(tray_of, record)
            self._add_stored(key, stored)
            for line in missing:
                self._app.say(line, Weight.WARNING)
        self._show()

    def follow(self, session_id: str) -> None:
        """The session that was being begun exists now: what waited for it goes along."""
        if not self._key and session_id:
            waiting = self._trays.pop("", EMPTY_TRAY)
            self._key = session_id
            self.change("", EMPTY_TRAY)
            self.change(session_id, waiting)

    def take_attached(self) -> tuple[Attached, ...]:
        """What goes with the text that is sent now. It leaves the tray, and the store with `save`, once the turn is stored."""
        attached = self.here.attached
        self._put(self._key, replace(self.here, attached=()))
        return attached

    def enqueue(self, parcel: Parcel) -> None:
        """To be sent when the answer has ended."""
        self.change_here(replace(self.here, queue=(*self.here.queue, parcel)))

    def next(self, session_id: str) -> Parcel | None:
        """The queued prompt that goes now; None when there is none. It leaves the queue, and the store with `save`."""
        tray = self._trays.get(session_id, EMPTY_TRAY)
        if not tray.queue:
            return None
        self._put(session_id, replace(tray, queue=tray.queue[1:]))
        return tray.queue[0]

    def waiting(self, session_id: str) -> int:
        """How many prompts are queued there."""
        return len(self._trays.get(session_id, EMPTY_TRAY).queue)

    def put_first(self, parcel: Parcel, session_id: str) -> None:
        """At the head of the queue."""
        tray = self._trays.get(session_id, EMPTY_TRAY)
        self.change(session_id, replace(tray, queue=(parcel, *tray.queue)))

    def give_back(self, parcel: Parcel, session_id: str) -> None:
        """It could not be sent: into the composer when nothing stands there, else to the head of the queue."""
        composer, tray = self._app.conversation.composer, self._trays.get(session_id, EMPTY_TRAY)
        if session_id == self._key and not composer.text.strip() and not tray.attached:
            composer.put(parcel.text)
            self.change(session_id, replace(tray, attached=parcel.attached))
        else:
            self.put_first(parcel, session_id)

    def keep(self, text: str) -> None:
        """This was entered but is not to be sent now: into the composer when nothing stands there, else to the end of the queue."""
        composer = self._app.conversation.composer
        if not composer.text.strip():
            composer.put(text)
        elif text.strip():
            self.enqueue(Parcel(text))

    def change_here(self, tray: Tray) -> None:
        """This waits in the session on the screen from now on."""
        self.change(self._key, tray)

    def change(self, session_id: str, tray: Tray) -> None:
        """This waits in that session from now on; the empty id is the session that does not exist yet."""
        self._put(session_id, tray)
        self.save(session_id)

    def focus(self) -> bool:
        """Into the tray; False when nothing waits there."""
        if self._pane is None or not self.here.count:
            return False
        self._pane.focus()
        return True

    def save(self, session_id: str) -> None:
        """Bring the store up to date, in a worker."""
        if session_id in self._trays:
            self._unsaved.add(session_id)
            self._app.run_worker(self._save(session_id), name="tray", group="tray")

    async def flush(self) -> None:
        """Returns when the store has everything that waits."""
        for key in tuple(self._unsaved):
            await self._save(key)
        async with self._saving:
            pass

    def _add_stored(self, key: str, stored: Tray) -> None:
        """What was stored, before what was added while it was being read or before there was a store."""
        now = self._trays.get(key, EMPTY_TRAY)
        if not self._has_opened and key and (early := self._trays.pop("", EMPTY_TRAY)).count:
            now = Tray((*now.attached, *early.attached), (*now.queue, *early.queue))
        self._has_opened = True
        if now != stored:
            self.change(key, Tray((*stored.attached, *now.attached), (*stored.queue, *now.queue)))

    def _put(self, key: str, tray: Tray) -> None:
        self._trays[key] = tray
        if key == self._key:
            self._show()

    async def _save(self, key: str) -> None:
        """Keep the tray. A store that cannot take it is logged: what waits is still on the screen."""
        desk = self._app.desk
        if desk is None:
            return
        async with self._saving:
            tray = self._trays.get(key, EMPTY_TRAY)
            self._unsaved.discard(key)
            try:
                await desk.workstation.sessions.save_tray(key or None, await asyncio.to_thread(record_of, tray))
            except HawkmothError as error:
                log.warning("the tray was not saved: %s", error)

    def _show(self) -> None:
        tray, conversation = self.here, self._app.conversation
        conversation.composer.may_be_empty = tray.count > 0
        if self._pane is None and tray.count:
            self._pane = TrayPane()
            conversation.mount(self._pane, before=conversation.composer)
        if self._pane is not None:
            self._pane.show(tray)
