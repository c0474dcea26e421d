"""Opens the dashboard over the conversation, and goes where it leads."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.dashboard.export import write_figures
from hawkmoth_tui.ui.dashboard.screen import Dashboard
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.summaries import Charge
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.dashboard.screen import Goal
    from hawkmoth_tui.ui.desk import Desk


def open_dashboard(app: HawkmothApp, desk: Desk, follow: Callable[[str], None]) -> None:
    """`follow` gets the slash command that its keys ask for."""
    panes = app.conversation.panes
    summary = desk.summary()
    dashboard = Dashboard(
        desk.workstation.chronicle,
        panes.cost.turn,
        summary,
        warn_at=panes.cost.warn_at,
        is_simulated=panes.cost.is_simulated,
        export=partial(write_figures, baseline=summary.baseline),
    )
    panes.dashboard = dashboard

    def closed(goal: Goal | None) -> None:
        if panes.dashboard is dashboard:
            panes.dashboard = None
        if goal is not None and goal.charge is not None:
            app.run_worker(_go_to(app, goal.charge), name="go to turn")
        elif goal is not None:
            follow(goal.line)

    app.push_screen(dashboard, closed)


async def _go_to(app: HawkmothApp, charge: Charge) -> None:
    """Show the session, and the turn in it if it stands on the branch that is shown."""
    try:
        await app.show_session(charge.session_id)
    except HawkmothError as error:
        app.say(str(error), Weight.PROBLEM)
        return
    conversation, turn_id = app.conversation, charge.turn_id or ""
    await conversation.reading.begin()
    transcript, desk = conversation.transcript, await app.opened()
    if transcript is None or desk.session is None or transcript.go_to_turn(turn_id):
        return
    transcript.load(await asyncio.to_thread(desk.workstation.sessions.branch, desk.session.id))
    transcript.start_reading()
    if not transcript.go_to_turn(turn_id):
        conversation.reading.leave()
        conversation.answer("that turn stands on another branch of this session; reading, h and l show other versions")
