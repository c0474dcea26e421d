"""From the first frame to an open workstation: in the first quiet moment, or as soon as somebody needs it."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.keys import key_name
from hawkmoth_tui.ui.quiet import Quiet
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk
    from hawkmoth_tui.ui.startup import Startup

MOST_PROMPTS = 200
"""Earlier prompts that Up can reach."""
PREPARED = (
    "ui.bridge",
    "ui.following",
    "ui.applying",
    "ui.writing",
    "ui.browsing",
    "ui.keeping",
    "ui.branching",
    "ui.transcript",
    "ui.panes.routing_lines",
    "ui.panes.cost_lines",
    "ui.away",
    "engine.absence",
    "commands.registry",
    "ui.previewing",
    "engine.foretaste",
)
"""Modules that are imported beside the engine, in its thread."""


class Opening:
    """Opens the engine once, and lets others wait for it."""

    def __init__(self, app: HawkmothApp, open_workstation: Callable[[], Workstation], startup: Startup) -> None:
        self._app = app
        self._open_workstation = open_workstation
        self._startup = startup
        self._opened = asyncio.Event()
        self.quiet = Quiet()

    async def wait(self) -> None:
        """Returns when the workstation is open; makes it open now."""
        self.quiet.hurry()
        await self._opened.wait()

    async def run(self) -> None:
        """Open the engine in the first quiet moment; then get ready what the first prompt will need."""
        if not (self._startup.session_id or self._startup.is_continue):
            self.quiet.touch()
            await self.quiet.pause()
        try:
            desk = await asyncio.to_thread(self._make_desk)
            self._app.going.workstation = workstation = desk.workstation
            await workstation.start()
            message = await desk.begin()
        except HawkmothError as error:
            self._app.exit(error)
            return
        with self._app.batch_update():
            await self._arrive(desk, message)
        self._app.screen.check_idle()  # what changed during the batch is painted when the screen is idle, and nothing else may wake it
        await workstation.discovered()
        self.show_welcome(desk)
        await self.quiet.pause()
        await asyncio.to_thread(workstation.warm)
        self._app.previewing.touch()
        await self.quiet.pause()
        from hawkmoth_tui.ui.transcript.warming import warm

        await asyncio.to_thread(warm)
        await self.quiet.idle()
        await asyncio.to_thread(workstation.tokens.load)
        self._app.show_status()

    def _make_desk(self) -> Desk:
        """The engine, and what the screen will need with it: all slow imports, in a thread."""
        workstation = self._open_workstation()
        for module in PREPARED:
            importlib.import_module(f"hawkmoth_tui.{module}")
        from hawkmoth_tui.ui.desk import Desk

        return Desk(workstation, self._startup)

    async def _arrive(self, desk: Desk, message: str) -> None:
        """The engine is there: show the session, what was being written, and what the user should know."""
        app, composer = self._app, self._app.conversation.composer
        app.desk = desk
        await app.conversation.require_transcript()
        await app.load(desk, desk.turns())
        composer.prompts = desk.workstation.sessions.history(MOST_PROMPTS)
        draft = desk.draft()
        if not composer.text.strip():
            composer.put(draft)
        elif draft:
            composer.prompts = (draft, *composer.prompts)
        await app.writing.trays.open(desk.session.id if desk.session else None)
        app.keeping.tell(desk)
        if message:
            app.say(message, Weight.WARNING)
        self._opened.set()
        await self._tell_unseen(desk)

    async def _tell_unseen(self, desk: Desk) -> None:
        """Say what was answered after an earlier run had lost its terminal."""
        from hawkmoth_tui.engine.absence import take_unseen
        from hawkmoth_tui.ui.away import away_words

        here = desk.session.id if desk.session else ""
        try:
            unseen = await take_unseen(desk.workstation, here)
        except HawkmothError as error:
            self._app.say(str(error), Weight.WARNING)
            return
        if told := away_words(unseen, here, key_name("session.pick", self._app.conversation.keymap)):
            self._app.say(told)

    def show_welcome(self, desk: Desk) -> None:
        """Say how to begin, now that it is known what can be reached."""
        usable = (status.name for status in desk.workstation.models.providers() if status.is_usable)
        self._app.conversation.welcome.show(tuple(usable), is_simulated=self._startup.is_demo)
        self._app.show_status()
