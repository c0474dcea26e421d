"""The versions of turns on the screen: which turns have some, and what is shown when another one is chosen."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        transcript = self._app.conversation.transcript
        if transcript is not None:
            self.came(desk, transcript.turns)
        self._offer_brief(desk)

    def came(self, desk: Desk, turns: Sequence[Turn]) -> None:
        """Turns of the session were put on the screen: tell which of them have siblings."""
        if desk.session is not None and turns:
            self._app.run_worker(self._read(desk, desk.session.id, turns), name="standings", group="standings")

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
        if transcript is None or turn is None:
            raise UserError("every turn here has one version", "/edit and /retry make others")
        head = transcript.last_turn
        moved = await desk.workstation.tree.show_sibling(turn.id, steps, head.id if head else None)
        await self.show(desk, moved)
        if moved.first is not None:
            first = moved.turns[0] if moved.turns else desk.workstation.turn(moved.first)
            standing = desk.workstation.tree.standings_beside(first).get(first.id)
            self._app.conversation.answer(f"version {standing}{_followed(len(moved.turns) - 1)}")

    async def show(self, desk: Desk, moved: Moved) -> None:
        """Show the branch on which the head is now."""
        desk.adopt(moved.session.id)
        conversation = self._app.conversation
        transcript = conversation.transcript
        if not moved.turns or transcript is None or not transcript.can_branch(moved.turns[0]):
            await self._app.load(desk, desk.turns())
            return
        transcript.branch(moved.turns)
        self.began(desk, moved.turns[0])
        self.came(desk, moved.turns[1:])
        last = moved.turns[-1]
        conversation.panes.load(last, desk.summary(), is_simulated=desk.is_simulated(last))
        self._app.show_status()

    async def _read(self, desk: Desk, session_id: str, turns: Sequence[Turn]) -> None:
        """What has siblings is told when it is known."""
        try:
            known = await desk.workstation.tree.standings_among(session_id, turns)
        except HawkmothError as error:
            log.warning("the versions of turns are not known: %s", error)
            return
        if desk.is_here(session_id) and known:
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
    """How much comes after the version that is shown; -1: more than was read."""
    if turns < 0:
        return ": more turns than fit follow it, the last ones are shown"
    return "" if not turns else ", and the turn after it" if turns == 1 else f", and the {turns:,} turns after it"
