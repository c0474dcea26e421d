"""What is being written beside the text itself: attachments, queued prompts, files to name, earlier prompts, the editor.

It stands between the composer, which only posts, and the engine, which reads files; what waits is kept in `Trays`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.engine.attachments import PASTED, is_picture_path, pasted, read_file, typed_path
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.sizes import size_words
from hawkmoth_tui.ui.trays import Trays
from hawkmoth_tui.ui.widgets.composer import LONGEST_PASTE
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.widgets.tray import Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.commands.values import Value
    from hawkmoth_tui.engine.attachments import Attached
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.screens.pick import Picked
    from hawkmoth_tui.ui.widgets.tray import TrayPane

MOST_UNFOLDED = 200_000
"""Characters of a paste that may be unfolded into the text: beyond it every key becomes slow."""
MOST_ATTACHED = 20
"""Attachments of one prompt."""
MOST_SEARCHED = 2000
"""Earlier prompts that can be searched."""
MOST_LOOKED_AT = 20_000
"""Characters of a file that a look at it shows."""


class Writing:
    """Fills the trays, and empties them by hand."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self.trays = Trays(app)
        self._reading = 0
        self._settled = asyncio.Event()
        self._settled.set()

    async def settled(self) -> None:
        """Returns when everything that was to be attached is."""
        await self._settled.wait()

    def paste(self, text: str) -> None:
        """A paste that is too long for the text, or the path of a picture."""
        if is_picture_path(text):
            self.attach(text)
            return
        if len(text) <= LONGEST_PASTE // 4:
            self._app.conversation.composer.insert_unit(text)
            return
        names = {one.name for one in self.trays.here.attached}
        name = next(name for number in count(1) if (name := f"{PASTED} {number}") not in names)
        try:
            self._add(pasted(text, name))
        except HawkmothError as error:
            self._app.say(str(error), Weight.PROBLEM)

    def attach(self, path: str, line: str = "") -> None:
        """Read a file in a thread and put it beside the text; what was entered for it comes back when that cannot be done."""
        self._reading += 1
        self._settled.clear()
        self._app.run_worker(self._attach(path, line), name="attaching")

    def put_beside(self, attached: Iterable[Attached]) -> None:
        """These go with the text that is being written, after what waits already."""
        tray = self.trays.here
        new = (one for one in attached if one.part not in [waiting.part for waiting in tray.attached])
        self.trays.change_here(replace(tray, attached=(*tray.attached, *new)))

    async def _attach(self, path: str, line: str) -> None:
        try:
            self._add(await asyncio.to_thread(read_file, typed_path(path)))
        except HawkmothError as error:
            self._app.conversation.answer(str(error), Weight.PROBLEM)
            if line:
                self._app.conversation.composer.give_back(line)
        finally:
            self._reading -= 1
            if not self._reading:
                self._settled.set()

    def _add(self, attached: Attached) -> None:
        tray = self.trays.here
        if attached.path and any(one.path == attached.path for one in tray.attached):
            kept = tuple(attached if one.path == attached.path else one for one in tray.attached)
            self.trays.change_here(replace(tray, attached=kept))
        elif len(tray.attached) >= MOST_ATTACHED:
            self._app.say(f"{MOST_ATTACHED} attachments are the most; {attached.name} was left out", Weight.PROBLEM)
        else:
            self.trays.change_here(replace(tray, attached=(*tray.attached, attached)))

    def use(self, message: TrayPane.Used) -> None:
        """A key in the tray."""
        composer = self._app.conversation.composer
        match message.use:
            case Use.OPEN:
                self._open(message.place)
            case Use.REMOVE:
                self.trays.change_here(self.trays.here.without(message.place))
            case Use.LEAVE:
                composer.focus()
        if not self.trays.here.count:
            composer.focus()

    def focus(self) -> None:
        """Into the tray, if something waits there."""
        if not self.trays.focus():
            self._app.say("nothing is attached or queued; /attach FILE or @ attaches a file")

    def _open(self, place: int) -> None:
        tray, composer = self.trays.here, self._app.conversation.composer
        if place < len(tray.queue):
            parcel = tray.queue[place]
            composer.remember()
            composer.replace_all(parcel.text)
            self.trays.change_here(replace(tray.without(place), attached=(*tray.attached, *parcel.attached)))
            composer.focus()
            return
        one = tray.attached[place - len(tray.queue)]
        if one.text and len(one.text) <= MOST_UNFOLDED:
            composer.focus()
            composer.insert_unit(one.text)
            self.trays.change_here(tray.without(place))
        else:
            self._look_at(one)

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
        from hawkmoth_tui.engine.folder import FolderFiles, files_under

        composer = self._app.conversation.composer
        try:
            found = await asyncio.to_thread(files_under, Path.cwd())
        except FileNotFoundError:
            found = FolderFiles((), is_whole=True)
        composer.files = found.paths
        composer.files_note = "" if found.is_whole else "a large folder: not every file is listed"
        if not found.paths:
            composer.files_note = "no files here"
        composer.complete()

    def values(self, command: str) -> tuple[Value, ...]:
        """What the argument of this command may be; nothing before anything is open or when the store cannot be read."""
        from hawkmoth_tui.commands.registry import CommandContext
        from hawkmoth_tui.commands.values import values_of

        desk = self._app.desk
        if desk is None:
            return ()
        try:
            return values_of(command, CommandContext(desk.workstation, desk.session, None, self._app.theme_choices()))
        except HawkmothError:
            return ()

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
