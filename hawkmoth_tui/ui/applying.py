"""Commands on the screen: runs them and applies what they want done."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.over import make_way
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.wording import way

if TYPE_CHECKING:
    from textual.content import Content

    from hawkmoth_tui.commands.effects import Effect, View
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk


class Applying:
    """From a command line to its effect."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._showing = asyncio.Lock()
        """Held while a place is opened: of several asked for in a burst the last one stays."""

    def save(self, text: str) -> None:
        """Keep a copied text in a file and say where."""
        self._app.run_worker(self._save(text), name="save copy")

    async def _save(self, text: str) -> None:
        from hawkmoth_tui.ui.saving import save_copy

        folder = (await self._app.opened()).workstation.paths.db_file.parent / "copies"
        try:
            path = await asyncio.to_thread(save_copy, folder, text, datetime.now())
        except OSError as error:
            self._app.say(f"the text could not be saved in {folder}: {error.strerror or error}", Weight.PROBLEM)
        else:
            self._app.say(f"saved to {path}")

    def start(self, line: str, *, is_typed: bool = False) -> None:
        """Run a command in a worker; a typed one goes after whatever was entered before it, and comes back when it has not worked."""
        running = self._run_in_order(line) if is_typed else self._run(line, is_typed=False)
        self._app.run_worker(running, name=line.split()[0])

    async def _run_in_order(self, line: str) -> None:
        async with self._app.sending.entered:
            await self._run(line, is_typed=True)

    async def _run(self, line: str, *, is_typed: bool) -> None:
        from hawkmoth_tui.commands.registry import CommandContext, run

        app = self._app
        composer = app.conversation.composer
        desk = await app.opened()
        is_to_give_back = is_typed
        try:
            turn = app.conversation.marked_turn or desk.last_turn()
            context = CommandContext(desk.workstation, desk.session, turn, app.theme_choices())
            effect = await run(context, line)
            if is_typed:
                composer.accept(line)
            is_to_give_back = False
            await self._apply(desk, effect)
        except HawkmothError as error:
            if is_to_give_back:
                composer.give_back(line)
            app.conversation.answer(str(error), Weight.PROBLEM)

    async def _apply(self, desk: Desk, effect: Effect) -> None:
        from hawkmoth_tui.commands import effects as fx

        app = self._app
        match effect:
            case fx.Say(message, is_problem):
                app.conversation.answer(message, Weight.PROBLEM if is_problem else Weight.PLAIN)
            case fx.Show(view):
                async with self._showing:
                    if await make_way(app):
                        await self._show(desk, view)
            case fx.Send(text, options):
                await app.sending.begin(text, options)
            case fx.OpenSession(session_id, message):
                await app.show_session(session_id)
                if message:
                    app.say(message)
            case fx.CloseSession(message):
                await app.browsing.go(fx.TabStep.CLOSE)
                app.say(message)
            case fx.Refresh(session_id, message, is_model_chosen):
                desk.adopt(session_id)
                if is_model_chosen:
                    desk.use_once(None)
                app.conversation.answer(message)
                app.show_status()
            case fx.UseOnce(model, message):
                desk.use_once(model)
                app.conversation.answer(message)
                app.show_status()
            case fx.FillTemplate(template):
                from hawkmoth_tui.ui.filling import fill

                fill(app, desk, template)
            case fx.ShowPage(title, text):
                self.show_page(title, text)
            case fx.AskBrief(session_id):
                app.briefing.ask(desk, session_id)
            case fx.ShowSibling(steps):
                await app.branching.step(desk, steps)
            case fx.ShowMoved(moved, message):
                await app.branching.show(desk, moved)
                app.conversation.answer(message)
            case fx.GoTab(step):
                await app.browsing.go(step)
            case fx.Compose(text):
                app.conversation.composer.put(text)
            case fx.Attach(path):
                app.writing.attach(path, line=f"/attach {path}")
            case fx.OpenEditor():
                await app.writing.edit()
            case fx.SearchHistory():
                await app.writing.search()
            case fx.StopTurn():
                app.sending.stop()
            case fx.UseTheme(name):
                from hawkmoth_tui.ui.choosing import kept

                app.use_theme(name)
                app.conversation.answer(kept(name))
            case fx.Copy(text, what):
                app.conversation.reading.copy(text, what)
            case fx.Find(words):
                await app.conversation.reading.find(words)
            case fx.Edit(turn_id, text, attached):
                app.conversation.reading.leave()
                app.conversation.action_compose(text)
                app.writing.put_beside(attached)
                desk.edit(turn_id)
                app.conversation.answer("sending makes another version of this turn; an empty line forgets it")
            case fx.AskKey(provider):
                from hawkmoth_tui.ui.asking_keys import ask_key

                ask_key(app, desk, provider)
            case fx.AskPassphrase():
                from hawkmoth_tui.ui.asking_keys import ask_passphrase

                ask_passphrase(app, desk)
            case fx.OpenDemo():
                if app.bridge.runs:
                    stop = way("turn.stop", "/stop", app.conversation.keymap)
                    app.conversation.answer(f"an answer is streaming; {stop} stops it", Weight.WARNING)
                else:
                    app.wants_demo = True
                    app.going.ask()
            case fx.Quit():
                app.going.ask()

    async def _show(self, desk: Desk, view: View) -> None:
        from hawkmoth_tui.commands.effects import View

        app = self._app
        match view:
            case View.ROUTE:
                app.conversation.panes.open_routing(self.start)
            case View.COST:
                from hawkmoth_tui.ui.dashboard.opening import open_dashboard

                open_dashboard(app, desk, self.start)
            case View.THEMES:
                app.choosing.theme()
            case View.PALETTE:
                app.choosing.palette()
            case View.HELP:
                self._show_help()
            case View.MODELS:
                if app.conversation.welcome.providers == ():
                    await desk.workstation.models.refresh_local()
                    app.opening.show_welcome(desk)
                await app.picking.model(desk)
            case View.SESSIONS:
                await app.picking.session(desk)

    def show_page(self, title: str, text: str) -> None:
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

    def _show_help(self) -> None:
        from hawkmoth_tui.commands.registry import all_commands
        from hawkmoth_tui.ui.screens.help import help_lines
        from hawkmoth_tui.ui.screens.sheet import Sheet, TextPane

        commands, keymap = all_commands(), self._app.conversation.keymap
        is_reading = self._app.conversation.reading.is_on
        page = TextPane(lambda width: help_lines(commands, keymap, width, is_reading=is_reading))
        self._app.push_screen(Sheet(page, plain("Help"), "help.show"), self._follow)

    def _follow(self, line: str | None) -> None:
        if line:
            self.start(line)
