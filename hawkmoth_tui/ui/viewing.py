"""What a command opens over the conversation: panes, lists, pages of text."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.over import make_way

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.content import Content

    from hawkmoth_tui.commands.effects import View
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk


class Viewing:
    """One place at a time: what was open makes way."""

    def __init__(self, app: HawkmothApp, start: Callable[[str], None]) -> None:
        """`start` runs the command that a place was left with."""
        self._app = app
        self._start = start
        self._showing = asyncio.Lock()
        """Held while a place is opened: of several asked for in a burst the last one stays."""

    async def show(self, desk: Desk, view: View) -> None:
        """Open a place of the workstation."""
        async with self._showing:
            if await make_way(self._app):
                await self._open(desk, view)

    async def _open(self, desk: Desk, view: View) -> None:
        from hawkmoth_tui.commands.effects import View

        app = self._app
        match view:
            case View.ROUTE:
                app.conversation.panes.open_routing(self._start)
            case View.COST:
                from hawkmoth_tui.ui.dashboard.opening import open_dashboard

                open_dashboard(app, desk, self._start)
            case View.THEMES:
                app.choosing.theme()
            case View.PALETTE:
                app.choosing.palette()
            case View.HELP:
                self._help()
            case View.MODELS:
                if app.conversation.welcome.providers == ():
                    await desk.workstation.models.refresh_local()
                    app.opening.show_welcome(desk)
                await app.picking.model(desk)
            case View.SESSIONS:
                await app.picking.session(desk)

    def page(self, title: str, text: str) -> None:
        """A page of text over the conversation."""
        from hawkmoth_tui.ui.lines import EMPTY, STRONG, wrapped
        from hawkmoth_tui.ui.screens.sheet import Sheet, TextPane

        def lines(width: int) -> list[Content]:
            return [
                line
                for row in text.split("\n")
                for line in (
                    wrapped(row.lstrip("# "), STRONG if row.startswith("#") else "", width, most=20) or [EMPTY]
                )
            ]

        self._app.push_screen(Sheet(TextPane(lines), plain(title)))

    def _help(self) -> None:
        from hawkmoth_tui.commands.registry import all_commands
        from hawkmoth_tui.ui.screens.help import help_lines
        from hawkmoth_tui.ui.screens.sheet import Sheet, TextPane

        commands, keymap = all_commands(), self._app.conversation.keymap
        is_reading = self._app.conversation.reading.is_on
        pane = TextPane(lambda width: help_lines(commands, keymap, width, is_reading=is_reading))
        self._app.push_screen(Sheet(pane, plain("Help"), "help.show"), self._follow)

    def _follow(self, line: str | None) -> None:
        if line:
            self._start(line)
