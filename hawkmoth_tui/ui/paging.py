"""Turns that come before those on the screen: read a page at a time when somebody goes there, all of them when somebody looks for words.

So opening a session costs its last page, however many turns it has.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk

PAGE_TURNS = 200
LARGEST_PAGE = 3200
"""Of pages that follow each other when all turns are wanted, each is twice as large as the one before, up to this."""


class Paging:
    """Brings earlier turns to the transcript."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app

    def want(self, desk: Desk, first: Turn, *, is_all: bool) -> None:
        """Bring what comes before this turn: a page of it, or all."""
        self._app.run_worker(self._bring(desk, first, is_all=is_all), name="earlier", group="earlier", exclusive=True)

    async def _bring(self, desk: Desk, first: Turn, *, is_all: bool) -> None:
        count = PAGE_TURNS
        while True:
            page = await self._read(desk, first, count)
            transcript = self._app.conversation.transcript
            if transcript is None or transcript.first_turn is not first:
                return
            transcript.put_before(page)
            if page:
                first = page[0]
                self._app.branching.came(desk, page)
            if not is_all or not page or first.parent_id is None:
                return
            count = min(2 * count, LARGEST_PAGE)

    async def _read(self, desk: Desk, first: Turn, count: int) -> tuple[Turn, ...]:
        try:
            return (await asyncio.to_thread(desk.workstation.sessions.before, first.parent_id or "", count))[::-1]
        except HawkmothError as error:
            self._app.say(f"earlier turns cannot be read: {error.message}", Weight.PROBLEM)
            return ()
