"""Commands on the screen: runs them and applies what they want done."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.viewing import Viewing
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.wording import way

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import (
        AnswerEffect,
        AskingEffect,
        Effect,
        LeavingEffect,
        Send,
        SessionEffect,
        Show,
        StopTurn,
        WritingEffect,
    )
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk


class Applying:
    """From a command line to its effect."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self.viewing = Viewing(app, self.start)

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

        if isinstance(effect, fx.SessionEffect):
            await self._turn_to(desk, effect)
        elif isinstance(effect, fx.WritingEffect):
            await self._write(desk, effect)
        elif isinstance(effect, fx.AnswerEffect):
            await self._answer(effect)
        elif isinstance(effect, fx.AskingEffect):
            self._ask(desk, effect)
        elif isinstance(effect, fx.LeavingEffect):
            self._leave(effect)
        else:
            await self._do(desk, effect)

    async def _do(self, desk: Desk, effect: Show | Send | StopTurn) -> None:
        from hawkmoth_tui.commands import effects as fx

        app = self._app
        match effect:
            case fx.Show(view):
                await self.viewing.show(desk, view)
            case fx.Send(text, options):
                await app.sending.begin(text, options)
            case fx.StopTurn():
                app.sending.stop()

    async def _turn_to(self, desk: Desk, effect: SessionEffect) -> None:
        from hawkmoth_tui.commands import effects as fx

        app = self._app
        match effect:
            case fx.OpenSession(session_id, message):
                await app.show_session(session_id)
                if message:
                    app.say(message)
            case fx.CloseSession(message):
                await app.browsing.go(fx.TabStep.CLOSE)
                app.say(message)
            case fx.GoTab(step):
                await app.browsing.go(step)
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
            case fx.ShowSibling(steps):
                await app.branching.step(desk, steps)
            case fx.ShowMoved(moved, message):
                await app.branching.show(desk, moved)
                app.conversation.answer(message)

    async def _write(self, desk: Desk, effect: WritingEffect) -> None:
        from hawkmoth_tui.commands import effects as fx

        app = self._app
        match effect:
            case fx.Compose(text):
                app.conversation.composer.put(text)
            case fx.FillTemplate(template):
                from hawkmoth_tui.ui.filling import fill

                fill(app, desk, template)
            case fx.Attach(path):
                app.writing.attach(path, line=f"/attach {path}")
            case fx.Edit(turn_id, text, attached):
                app.conversation.reading.leave()
                app.conversation.action_compose(text)
                app.writing.put_beside(attached)
                desk.edit(turn_id)
                app.conversation.answer("sending makes another version of this turn; an empty line forgets it")
            case fx.OpenEditor():
                await app.writing.edit()
            case fx.SearchHistory():
                await app.writing.search()

    async def _answer(self, effect: AnswerEffect) -> None:
        from hawkmoth_tui.commands import effects as fx

        app = self._app
        match effect:
            case fx.Say(message, is_problem):
                app.conversation.answer(message, Weight.PROBLEM if is_problem else Weight.PLAIN)
            case fx.ShowPage(title, text):
                self.viewing.page(title, text)
            case fx.Copy(text, what):
                app.conversation.reading.copy(text, what)
            case fx.Find(words):
                await app.conversation.reading.find(words)
            case fx.UseTheme(name):
                from hawkmoth_tui.ui.choosing import kept

                app.use_theme(name)
                app.conversation.answer(kept(name))

    def _ask(self, desk: Desk, effect: AskingEffect) -> None:
        from hawkmoth_tui.commands import effects as fx

        app = self._app
        match effect:
            case fx.AskBrief(session_id):
                app.briefing.ask(desk, session_id)
            case fx.AskKey(provider):
                from hawkmoth_tui.ui.asking_keys import ask_key

                ask_key(app, desk, provider)
            case fx.AskPassphrase():
                from hawkmoth_tui.ui.asking_keys import ask_passphrase

                ask_passphrase(app, desk)

    def _leave(self, effect: LeavingEffect) -> None:
        from hawkmoth_tui.commands import effects as fx

        app = self._app
        match effect:
            case fx.OpenDemo():
                if app.bridge.runs:
                    stop = way("turn.stop", "/stop", app.conversation.keymap)
                    app.conversation.answer(f"an answer is streaming; {stop} stops it", Weight.WARNING)
                else:
                    app.wants_demo = True
                    app.going.ask()
            case fx.Quit():
                app.going.ask()
