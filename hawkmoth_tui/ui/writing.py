"""What is being written beside the text itself: attachments, queued prompts, files to name, earlier prompts, the editor.

It stands between the composer, which only posts, and the engine, which reads files; every session has a tray of its own.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.engine.attachments import Attached, is_picture_path, pasted, read_file, typed_path
from hawkmoth_tui.engine.tray import EMPTY_TRAY, Parcel, Tray, record_of, tray_of
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.widgets.composer import LONGEST_PASTE
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.widgets.tray import TrayPane, Use, size_words

if TYPE_CHECKING:
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.screens.pick import Picked

log = logging.getLogger(__name__)

MOST_UNFOLDED = 200_000
"""Characters of a paste that may be unfolded into the text: beyond it every key becomes slow."""
MOST_ATTACHED = 20
"""Attachments of one prompt."""
MOST_SEARCHED = 2000
"""Earlier prompts that can be searched."""
MOST_LOOKED_AT = 20_000
"""Characters of a file that a look at it shows."""


class Writing:
    """The trays of the sessions, and what fills them."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._trays: dict[str, Tray] = {}
        self._key = ""
        """The session whose tray is on the screen; empty for the one that does not exist yet."""
        self._reading = 0
        self._settled = asyncio.Event()
        self._settled.set()
        self._saving = asyncio.Lock()
        self._unsaved: set[str] = set()
        self._pastes = 0
        self._pane: TrayPane | None = None

    @property
    def tray(self) -> Tray:
        """What waits in the session on the screen."""
        return self._trays.get(self._key, EMPTY_TRAY)

    async def open(self, session_id: str | None) -> None:
        """Another session comes on the screen: show what waits there, from the store the first time."""
        desk, key = self._app.desk, session_id or ""
        self._key = key
        if desk is not None and (key not in self._trays or not key):
            record = desk.workstation.sessions.tray(session_id)
            stored, missing = await asyncio.to_thread(tray_of, record)
            now = self._trays.get(key, EMPTY_TRAY)
            if now != stored:
                self._trays[key] = Tray((*stored.attached, *now.attached), (*stored.queue, *now.queue))
            for line in missing:
                self._app.say(line, Weight.WARNING)
        self._show()

    def follow(self, session_id: str) -> None:
        """The session that was being begun exists now: what waited for it goes along."""
        if not self._key and session_id:
            waiting = self._trays.pop("", EMPTY_TRAY)
            self._key = session_id
            self._change("", EMPTY_TRAY)
            self._change(session_id, waiting)

    async def settled(self) -> None:
        """Returns when everything that was to be attached is."""
        await self._settled.wait()

    def take_attached(self) -> tuple[Attached, ...]:
        """What goes with the text that is sent now. It leaves the tray, and the store with `save`, once the turn is stored."""
        attached = self.tray.attached
        self._put(self._key, replace(self.tray, attached=()))
        return attached

    def enqueue(self, parcel: Parcel) -> None:
        """To be sent when the answer has ended."""
        self._change(self._key, replace(self.tray, queue=(*self.tray.queue, parcel)))

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

    def give_back(self, parcel: Parcel, session_id: str) -> None:
        """It could not be sent: into the composer when nothing stands there, else to the head of the queue."""
        composer, is_here = self._app.conversation.composer, session_id == self._key
        tray = self._trays.get(session_id, EMPTY_TRAY)
        if is_here and not composer.text.strip() and not tray.attached:
            composer.put(parcel.text)
            self._change(session_id, replace(tray, attached=parcel.attached))
        else:
            self.put_first(parcel, session_id)

    def put_first(self, parcel: Parcel, session_id: str) -> None:
        """At the head of the queue."""
        tray = self._trays.get(session_id, EMPTY_TRAY)
        self._change(session_id, replace(tray, queue=(parcel, *tray.queue)))

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

    def paste(self, text: str) -> None:
        """A paste that is too long for the text, or the path of a picture."""
        if is_picture_path(text):
            self.attach(text)
            return
        if len(text) <= LONGEST_PASTE // 4:
            self._app.conversation.composer.insert_unit(text)
            return
        self._pastes += 1
        try:
            self._add(pasted(text, f"pasted text {self._pastes}"))
        except HawkmothError as error:
            self._app.say(str(error), Weight.PROBLEM)

    def attach(self, path: str) -> None:
        """Read a file in a thread and put it beside the text."""
        self._reading += 1
        self._settled.clear()
        self._app.run_worker(self._attach(path), name="attaching")

    async def _attach(self, path: str) -> None:
        try:
            self._add(await asyncio.to_thread(read_file, typed_path(path)))
        except HawkmothError as error:
            self._app.say(str(error), Weight.PROBLEM)
        finally:
            self._reading -= 1
            if not self._reading:
                self._settled.set()

    def _add(self, attached: Attached) -> None:
        tray = self.tray
        if attached.path and any(one.path == attached.path for one in tray.attached):
            kept = tuple(attached if one.path == attached.path else one for one in tray.attached)
            self._change(self._key, replace(tray, attached=kept))
        elif len(tray.attached) >= MOST_ATTACHED:
            self._app.say(f"{MOST_ATTACHED} attachments are the most; {attached.name} was left out", Weight.PROBLEM)
        else:
            self._change(self._key, replace(tray, attached=(*tray.attached, attached)))

    def use(self, message: TrayPane.Used) -> None:
        """A key in the tray."""
        composer = self._app.conversation.composer
        match message.use:
            case Use.OPEN:
                self._open(message.place)
            case Use.REMOVE:
                self._change(self._key, self.tray.without(message.place))
            case Use.LEAVE:
                composer.focus()
        if not self.tray.count:
            composer.focus()

    def focus(self) -> None:
        """Into the tray, if something waits there."""
        if self._pane is not None and self.tray.count:
            self._pane.focus()
        else:
            self._app.say("nothing is attached or queued; /attach FILE or @ attaches a file")

    def _open(self, place: int) -> None:
        tray, composer = self.tray, self._app.conversation.composer
        if place < len(tray.queue):
            parcel = tray.queue[place]
            composer.replace_all(parcel.text)
            self._change(self._key, replace(tray.without(place), attached=(*tray.attached, *parcel.attached)))
            composer.focus()
            return
        one = tray.attached[place - len(tray.queue)]
        if one.path or len(one.text) > MOST_UNFOLDED:
            self._look_at(one)
        else:
            composer.focus()
            composer.insert_unit(one.text)
            self._change(self._key, tray.without(place))

    def _look_at(self, one: Attached) -> None:
        from hawkmoth_tui.core.messages import Text
        from hawkmoth_tui.ui.lines import MUTED, wrapped
        from hawkmoth_tui.ui.screens.sheet import Sheet, TextPane

        text = one.text or (one.part.text if isinstance(one.part, Text) else "")
        head = wrapped(f"{one.path or one.name} · {size_words(one.size_bytes)}", MUTED, 90)
        lines = text[:MOST_LOOKED_AT].strip("\n").split("\n") if text else ["a picture"]
        body = [plain(line.expandtabs(4)) for line in lines]
        if len(text) > MOST_LOOKED_AT:
            body.append(plain("… and more", MUTED))
        self._app.push_screen(Sheet(TextPane(lambda _: [*head, plain(""), *body]), plain(one.name)))

    async def find_files(self) -> None:
        """Look through the current folder and hand its files to the composer."""
        from hawkmoth_tui.engine.folder import files_under

        composer = self._app.conversation.composer
        found = await asyncio.to_thread(files_under, Path.cwd())
        composer.files = found.paths
        composer.files_note = "" if found.is_whole else "a large folder: not every file is listed"
        if not found.paths:
            composer.files_note = "no files here"
        composer.complete()

    async def search(self) -> None:
        """Choose among the prompts of all sessions, newest first."""
        from hawkmoth_tui.ui.screens.earlier import EarlierScreen

        desk, composer = await self._app.opened(), self._app.conversation.composer
        stored = desk.workstation.sessions.history(MOST_SEARCHED)
        prompts = tuple(dict.fromkeys((*composer.prompts, *stored)))

        def take(picked: Picked | None) -> None:
            if picked is not None:
                composer.replace_all(prompts[int(picked.key)])

        self._app.push_screen(EarlierScreen(prompts), take)

    async def edit(self) -> None:
        """Write the text in the user's editor."""
        from hawkmoth_tui.ui.editor import edited

        composer = self._app.conversation.composer
        before = composer.text
        try:
            after = await edited(self._app, before)
        except HawkmothError as error:
            self._app.say(str(error), Weight.PROBLEM)
            return
        if after != before:
            composer.replace_all(after)

    def _change(self, key: str, tray: Tray) -> None:
        self._put(key, tray)
        self.save(key)

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
        tray, conversation = self.tray, self._app.conversation
        conversation.composer.may_be_empty = tray.count > 0
        if self._pane is None and tray.count:
            self._pane = TrayPane()
            conversation.mount(self._pane, before=conversation.composer)
        if self._pane is not None:
            self._pane.show(tray)
