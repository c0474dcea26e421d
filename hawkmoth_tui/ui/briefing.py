"""A brief that a model makes: asked for while the user goes on, shown when it is there, made here when no model may or can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from textual.worker import Worker

    from hawkmoth_tui.engine.briefs import Brief
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk


class Briefing:
    """One at a time."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._worker: Worker[None] | None = None

    def ask(self, desk: Desk, session_id: str) -> None:
        """Have the brief made, in place of one that is being made."""
        self._worker = self._app.run_worker(self._make(desk, session_id), name="brief", group="brief", exclusive=True)

    def stop(self) -> bool:
        """The user does not want it any more. Returns whether one was being made."""
        if self._worker is None or self._worker.is_finished:
            return False
        self._worker.cancel()
        self._app.conversation.answer("no brief was made")
        return True

    async def _make(self, desk: Desk, session_id: str) -> None:
        briefs = desk.workstation.briefs
        brief: Brief | None
        try:
            asked = await briefs.ask(session_id)
            self._app.conversation.answer(str(asked))
            brief = await briefs.make_by_model(asked)
        except HawkmothError as error:
            brief = await self._make_here(desk, session_id, error)
        if brief is not None:
            self._show(desk, session_id, brief)

    async def _make_here(self, desk: Desk, session_id: str, why: HawkmothError) -> Brief | None:
        try:
            brief = await desk.workstation.briefs.make(session_id)
        except HawkmothError as error:
            self._app.conversation.answer(str(error), Weight.PROBLEM)
            return None
        self._app.conversation.answer(f"the brief was made here, without a model: {why.message}", Weight.WARNING)
        return brief

    def _show(self, desk: Desk, session_id: str, brief: Brief) -> None:
        """Over the conversation, when that is still on the screen and nothing lies over it; else only that it is there."""
        app = self._app
        app.conversation.panes.show_sums(desk.summary())
        if desk.is_here(session_id) and app.screen is app.conversation:
            if brief.by:
                app.conversation.notices.clear()
            app.applying.viewing.page("Brief", brief.text)
        else:
            title = desk.workstation.sessions.get(session_id).title or "another session"
            app.say(f"the brief of {title} is there: /brief shows it")
