"""F2 and F3: opens the pickers and does what was chosen."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.screens.pick import Picked, Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk
    from hawkmoth_tui.ui.screens.models import ModelPicker
    from hawkmoth_tui.ui.screens.pick import PickScreen


class Picking:
    """The two lists of the workstation."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app

    async def model(self, desk: Desk) -> None:
        """Pin a model for the session, or take one for a turn. Prices that have yet to be read come while the list is open."""
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
            slots=self._app.conversation.slots,
        )
        picker = ModelPicker(
            shelf,
            str(desk.once or desk.pin or AUTO),
            ask_servers=lambda: self._ask_servers(desk),
            next_effort=lambda: self._next_effort(desk),
            effort=desk.effort,
        )
        await self._open(picker, self._take_model)
        picker.call_after_refresh(picker.run_worker, partial(self._complete_prices, desk, picker), name="prices")

    async def session(self, desk: Desk) -> None:
        """Open a saved session."""
        from hawkmoth_tui.ui.archive import Archive
        from hawkmoth_tui.ui.screens.sessions import SessionPicker

        here = desk.session.id if desk.session else ""
        running = frozenset(self._app.bridge.runs)
        archive = Archive(desk.workstation.sessions, here, running, time.time(), self._app.browsing.open_ids)
        await self._open(SessionPicker(archive, here), self._take_session)

    async def _open(self, screen: PickScreen, take: Callable[[Picked | None], None]) -> None:
        await self._app.push_screen(screen, take)

    def _take_model(self, picked: Picked | None) -> None:
        if picked is not None:
            command = {Way.USE: "/model ", Way.ONCE: "/once ", Way.INSTEAD: ""}[picked.way]
            self._app.applying.start(f"{command}{picked.key}")

    def _take_session(self, picked: Picked | None) -> None:
        if picked is not None:
            self._app.applying.start(picked.key if picked.way is Way.INSTEAD else f"/sessions {picked.key}")

    async def _complete_prices(self, desk: Desk, picker: ModelPicker) -> None:
        models = desk.workstation.models
        before = models.all()
        await models.complete_prices()
        if models.all() != before:
            picker.read_again()

    async def _ask_servers(self, desk: Desk) -> str:
        """Look for servers on this machine, ask all of them; what came of it, one line."""
        models = desk.workstation.models
        before = {model.ref for model in models.all()}
        news, problems = await models.refresh_all()
        found = len({model.ref for model in models.all()} - before)
        models_said = "1 new model" if found == 1 else f"{found:,} new models" if found else "no new model"
        gone = [f"{name} does not answer any more" for name in news.vanished]
        return "; ".join((models_said, *gone, *(f"{name}: {problem}" for name, problem in problems.items())))

    async def _next_effort(self, desk: Desk) -> str:
        """Take the next reasoning effort for this session."""
        from hawkmoth_tui.commands.effects import Refresh
        from hawkmoth_tui.commands.registry import CommandContext, run

        context = CommandContext(desk.workstation, desk.session, desk.last_turn(), self._app.theme_choices())
        effect = await run(context, "/effort next")
        if isinstance(effect, Refresh):
            desk.adopt(effect.session_id)
            self._app.show_status()
        return desk.effort
