"""What the running turns tell, handed to everything that shows or counts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core import events as ev

if TYPE_CHECKING:
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.bridge import TurnProgress
    from hawkmoth_tui.ui.desk import Desk


def follow(app: HawkmothApp, desk: Desk, message: TurnProgress) -> None:
    """One event of one turn, here or in the background."""
    event, turn = message.event, message.turn
    is_here = desk.is_here(message.session_id)
    if is_here:
        if isinstance(event, ev.TurnStarted) and app.conversation.is_behind(turn):
            app.conversation.catch_up([earlier for earlier in desk.turns() if earlier.id != turn.id])
            app.branching.arrived(desk)
        app.conversation.show(event, turn)
        if isinstance(event, ev.TurnStarted):
            app.branching.began(desk, turn)
    match event:
        case ev.TextDelta() | ev.ThinkingDelta() | ev.ToolCallReceived() | ev.UsageReported() | ev.Notice():
            return
        case ev.TurnStarted():
            app.writing.trays.save(message.session_id)
            desk.begun(turn.session_id)
        case ev.RouteChosen() | ev.AttemptStarted() | ev.FirstToken():
            if is_here:
                app.conversation.panes.mark_simulated(desk.is_simulated(turn))
        case ev.AttemptEnded() | ev.TurnEnded():
            app.conversation.panes.show_sums(desk.summary())
            if is_here:
                app.conversation.panes.show_quota(desk.quota(turn))
    if isinstance(event, ev.TurnEnded):
        desk.reread()
        _ended(app, desk, turn, is_here=is_here)
    app.show_status()


def _ended(app: HawkmothApp, desk: Desk, turn: Turn, *, is_here: bool) -> None:
    is_going = app.going.is_asked
    app.going.one_ended()
    app.sending.ended(turn, is_going=is_going)
    app.browsing.ended(desk, turn)
    if not is_here:
        title = desk.workstation.sessions.get(turn.session_id).title
        app.say(f"{turn.state} in the background: {title or 'another session'}")
    app.keeping.tell(desk)
