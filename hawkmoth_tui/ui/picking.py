"""F2 and F3: opens the pickers and does what was chosen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.screens.pick import Picked, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk
    from hawkmoth_tui.ui.screens.pick import PickScreen


class Picking:
    """The two lists of the workstation."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app

    async def model(self, desk: Desk) -> None:
        """Pin a model for the session, or take one for a turn."""
        from hawkmoth_tui.ui.screens.models import ModelPicker
        from hawkmoth_tui.ui.shelf import AUTO, Shelf

        workstation = desk.workstation
        shelf = Shelf(
            workstation.models,
            await workstation.sessions.model_uses(),
            pinned=desk.pin,
            once=desk.once,
            reread=desk.reread_by,
            now_s=time.time(),
        )
        await self._open(ModelPicker(shelf, str(desk.once or desk.pin or AUTO)), self._take_model)

    async def session(self, desk: Desk) -> None:
        """Open a saved session."""
        from hawkmoth_tui.ui.archive import Archive
        from hawkmoth_tui.ui.screens.sessions import SessionPicker

        here = desk.session.id if desk.session else ""
        running = frozenset(self._app.bridge.runs)
        archive = Archive(desk.workstation.sessions, here, running, time.time())
        await self._open(SessionPicker(archive, here), self._take_session)

    async def _open(self, screen: PickScreen, take: Callable[[Picked | None], None]) -> None:
        await self._app.push_screen(screen, take)

    def _take_model(self, picked: Picked | None) -> None:
        if picked is not None:
            self._app.applying.start(f"{'/once' if picked.way is Way.ONCE else '/model'} {picked.key}")

    def _take_session(self, picked: Picked | None) -> None:
        if picked is not None:
            self._app.applying.start(f"/sessions {picked.key}")
