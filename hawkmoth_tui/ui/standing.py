"""How things stand, for the status line: what runs, which model answers next, how full its window is, which keys help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.keys import APP, SCREEN, held_keys, shown
from hawkmoth_tui.ui.widgets.status import Activity, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.settings.schema import Settings
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk
    from hawkmoth_tui.ui.startup import Startup


def standing(app: HawkmothApp, desk: Desk) -> Status:
    """The session on the screen, and how many others are being answered."""
    here = desk.session.id if desk.session else ""
    return Status(
        activity=_activity(app, desk, here),
        title=desk.session.title if desk.session else "",
        routing=desk.routing,
        pinned=str(desk.once or desk.pin or ""),
        effort=desk.effort,
        gauge=desk.gauge(),
        text=desk.weight,
        unsaved=app.keeping.words(desk),
        others=sum(1 for session_id in app.bridge.runs if session_id != here),
        preview=app.preview,
        is_simulated=desk.is_simulated(app.bridge.turn(here)),
        wait=app.waiting.words if "waiting" in app.__dict__ else "",
        hints=hints(app.conversation.keymap),
    )


def early_standing(settings: Settings, startup: Startup) -> Status:
    """What is known before the workstation is open."""
    routing = settings.routing
    wanted = startup.model or routing.default
    pinned = "" if wanted == "auto" else wanted
    return Status(
        pinned=pinned,
        routing=f"pinned: {pinned}" if pinned else f"auto · {startup.policy or routing.policy}",
        is_simulated=startup.is_demo,
        hints=hints(settings.keys),
    )


def hints(keymap: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The keys of the screen that have a hint, with it."""
    named = [(names[0], key.hint) for key in (*SCREEN, *APP) if key.hint and (names := held_keys(key, keymap))]
    return tuple((shown(name), hint) for name, hint in named)


def _is_modelless(app: HawkmothApp, desk: Desk) -> bool:
    """Whether nothing could be reached at start, and no prompt has found a server since."""
    nothing_at_start = app.conversation.welcome.providers == ()
    return nothing_at_start and not any(status.is_usable for status in desk.workstation.models.providers())


def _activity(app: HawkmothApp, desk: Desk, session_id: str) -> Activity:
    if app.going.is_leaving:
        return Activity.LEAVING
    if app.browsing.is_watching:
        return Activity.WATCHING
    if not app.bridge.is_running(session_id):
        return Activity.MODELLESS if _is_modelless(app, desk) else Activity.READY
    from hawkmoth_tui.core.turn import TurnState

    turn = app.bridge.turn(session_id)
    return Activity.ANSWERING if turn is not None and turn.state is TurnState.STREAMING else Activity.WAITING
