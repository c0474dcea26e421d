"""The versions of turns on the screen: which turns have some, and what is shown when another one is chosen."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, UserError

if TYPE_CHECKING:
    from hawkmoth_tui.core.tree import Moved, Standing
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk

log = logging.getLogger(__name__)


class Branching:
    """Shows the branches of the session on the screen."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._standings: dict[str, Standing] = {}
        self._offered: set[str] = set()
        """Sessions whose brief was offered in this run."""

    def arrived(self, desk: Desk) -> None:
        """A session was put on the screen."""
        self._standings = {}
        self._tell()
        if desk.session is not None:
            self._app.run_worker(self._read(desk, desk.session.id), name="standings", group="standings", exclusive=True)
        self._offer_brief(desk)

    def began(self, desk: Desk, turn: Turn) -> None:
        """A turn was made; perhaps beside another one."""
        beside = desk.workstation.tree.standings_beside(turn)
        if beside:
            self._standings = {**self._standings, **beside}
            self._tell()

    async def step(self, desk: Desk, steps: int) -> None:
        """Show another version of the marked turn, else of the last one that has several. Raises UserError."""
        transcript = self._app.conversation.transcript
        turn = transcript.turn_with_siblings() if transcript is not None else None
        if turn is None:
            raise UserError("every turn here has one version", "/edit and /retry make others")
        moved = await desk.workstation.tree.show_sibling(turn.id, steps)
        await self.show(desk, moved)
        if moved.turns and (standing := self._standings.get(moved.turns[0].id)):
            self._app.conversation.answer(f"version {standing}{_followed(len(moved.turns) - 1)}")

    async def show(self, desk: Desk, moved: Moved) -> None:
        """Show the branch on which the head is now."""
        desk.adopt(moved.session.id)
        conversation = self._app.conversation
        if not moved.turns or conversation.transcript is None:
            await self._app.load(desk, desk.turns())
            return
        conversation.transcript.branch(moved.turns)
        self.began(desk, moved.turns[0])
        last = moved.turns[-1]
        conversation.panes.load(last, desk.summary(), is_simulated=desk.is_simulated(last))
        self._app.show_status()

    async def _read(self, desk: Desk, session_id: str) -> None:
        """What has siblings is told when it is known: a very long session does not wait for it."""
        try:
            known = await desk.workstation.tree.standings(session_id)
        except HawkmothError as error:
            log.warning("the versions of turns are not known: %s", error)
            return
        if desk.is_here(session_id):
            self._standings = {**known, **self._standings}
            self._tell()

    def _offer_brief(self, desk: Desk) -> None:
        """Say once that a session which is opened again has a brief, and what becomes of it."""
        session, workstation = desk.session, desk.workstation
        if session is None or session.head_turn_id is None or session.id in self._offered:
            return
        if not workstation.settings.session.offer_brief:
            return
        brief = workstation.briefs.of(session.id)
        if brief is None:
            return
        self._offered.add(session.id)
        told = (
            "models get it; /brief off ends that"
            if brief.is_used
            else "/brief on gives it to models, /brief new goes on from it"
        )
        by = f" by {brief.by}" if brief.by else ""
        self._app.say(f"this session has a brief{by}: {told}")

    def _tell(self) -> None:
        if self._app.conversation.transcript is not None:
            self._app.conversation.transcript.stand(self._standings)


def _followed(turns: int) -> str:
    """How much comes after the version that is shown."""
    return "" if not turns else ", and the turn after it" if turns == 1 else f", and the {turns:,} turns after it"
