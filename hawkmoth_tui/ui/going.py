"""Leaving: by the user's wish, asked once while an answer streams; or because the terminal or the system says so."""

from __future__ import annotations

import asyncio
import logging
from enum import Enum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.terminal import Ending

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.ui.app import HawkmothApp

log = logging.getLogger(__name__)

STOP_S = 1.0
"""How long stopped turns may take to be stored when the system wants the process gone."""
LEAVE_S = 10.0
"""How long they may take when it was the user's wish to go: nothing presses but the user."""
OPEN_S = 1.0
"""How long words that were typed before the store was open may wait for it."""


class Leaving(Enum):
    """What to do with answers that are still streaming."""

    FINISH = "finish"
    """Let them end, then quit."""
    KEEP_PART = "keep the part"
    """Stop them, keep what has arrived, quit."""
    LOSE = "lose"
    """Quit although turns are in memory only."""
    STAY = "stay"


class Going:
    """Takes the app down so that nothing is lost."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self.workstation: Workstation | None = None
        """What has to be closed; None until it is open."""
        self.is_leaving = False
        """Whether the app goes as soon as the running turns have ended."""
        self.is_closing = False
        """Whether everything is being put away: what was entered is kept, not sent."""

    def ask(self) -> None:
        """The user wants to quit. Asks when answers are streaming or turns cannot be saved; asked again, goes."""
        from hawkmoth_tui.ui.screens.leaving import LeavingScreen

        app = self._app
        if isinstance(app.screen, LeavingScreen):
            app.screen.dismiss(app.screen.asked_again)
        elif not app.bridge.runs:
            self._go()
        else:
            app.push_screen(LeavingScreen.while_answering(len(app.bridge.runs)), self._leave)

    @property
    def is_asked(self) -> bool:
        """Whether the user wants to go, is being asked or has lost the terminal: nothing new is begun then."""
        from hawkmoth_tui.ui.screens.leaving import LeavingScreen

        return self.is_leaving or not self._app.has_terminal or isinstance(self._app.screen, LeavingScreen)

    def one_ended(self) -> None:
        """A turn has ended: go if that was what was waited for, or if the question whether to wait is still open."""
        from hawkmoth_tui.ui.screens.leaving import LeavingScreen

        screen = self._app.screen
        if self._app.bridge.runs:
            return
        if isinstance(screen, LeavingScreen) and screen.asked_again is Leaving.KEEP_PART:
            screen.dismiss(Leaving.KEEP_PART)
        elif self.is_leaving:
            self._go()

    async def shut_down(self, ending: Ending, grace_s: float) -> None:
        """Before the app ends without the user's wish: let the answer in flight finish if the line was lost, else keep its part."""
        bridge = self._app.bridge
        match ending:
            case Ending.HUNG_UP:
                await self._note_unseen()
                await _within(grace_s, bridge.idle())
            case Ending.TERMINATED | Ending.INTERRUPTED:
                pass
        await self._stop_turns(STOP_S)
        await self.close()

    async def close(self) -> None:
        """Save the draft, opening the store for it if need be, and close the workstation. Doing it twice does nothing."""
        self.is_closing = True
        if self.workstation is None and self._app.has_early_words:
            await _within(OPEN_S, self._opened())
        await self._app.save_draft()
        if self.workstation is not None:
            await self._app.writing.trays.flush()
        workstation, self.workstation = self.workstation, None
        if workstation is not None:
            await workstation.aclose()

    def _leave(self, choice: Leaving | None) -> None:
        match choice:
            case None | Leaving.STAY:
                self.is_leaving = False
            case Leaving.FINISH:
                self.is_leaving = True
                self.one_ended()
            case Leaving.KEEP_PART:
                self._go()
            case Leaving.LOSE:
                self._go(is_lossy=True)
        self._app.show_status()

    def _go(self, *, is_lossy: bool = False) -> None:
        self._app.run_worker(self._depart(is_lossy=is_lossy), name="leaving", group="leaving", exclusive=True)

    async def _depart(self, *, is_lossy: bool) -> None:
        await self._stop_turns(LEAVE_S)
        if not is_lossy and not await self._is_saved():
            return
        await self.close()
        self._app.exit()

    async def _is_saved(self) -> bool:
        """Whether no turn is in memory only, after one more try; if one is, the user is asked."""
        from hawkmoth_tui.ui.screens.leaving import LeavingScreen

        workstation = self.workstation
        if workstation is None or not workstation.keeping.unsaved_turns or await workstation.save():
            return True
        keeping = workstation.keeping
        if keeping.problem is None:
            return True
        screen = LeavingScreen.without_saving(keeping.unsaved_turns, keeping.problem.message)
        self._app.push_screen(screen, self._leave)
        return False

    async def _opened(self) -> None:
        """Returns when the store is open and has what was entered before it was."""
        await self._app.opened()
        await self._app.sending.settled()

    async def _note_unseen(self) -> None:
        """Whoever had the terminal is to be told at the next start what became of the answers in flight."""
        if self.workstation is not None and self._app.bridge.runs:
            from hawkmoth_tui.engine.absence import note_unseen

            try:
                await note_unseen(self.workstation, tuple(self._app.bridge.runs))
            except HawkmothError as error:
                log.error("answers that end unseen were not noted: %s", error)

    async def _stop_turns(self, within_s: float) -> None:
        if self.workstation is not None and self._app.bridge.runs:
            self._app.bridge.stop_all(self.workstation)
            await _within(within_s, self._app.bridge.idle())


async def _within(seconds: float, waiting: Awaitable[object]) -> None:
    """Wait, but no longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        return
