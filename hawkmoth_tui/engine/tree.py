"""Moving in a session's tree, and taking back what was done last. No turn is ever lost by it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.tree import standings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.tree import Moved, Standing
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.sessions import Sessions
    from hawkmoth_tui.store.store import Store


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    said: str
    """For the user, one line."""
    session: Session
    moved: Moved | None
    """What is shown now; None when the turns are as they were."""


class Tree:
    """The branches of sessions, as front ends read and move in them."""

    def __init__(self, store: Callable[[], Store], sessions: Sessions) -> None:
        self._store = store
        self._sessions = sessions
        self._deleted = ""
        """The session that was deleted last, as long as that was the last thing done; empty: none."""

    async def standings(self, session_id: str) -> dict[str, Standing]:
        """Of every turn that has siblings. Takes longer for a very long session."""
        return await asyncio.to_thread(self._store().standings, session_id)

    async def standings_among(self, session_id: str, turns: Sequence[Turn]) -> dict[str, Standing]:
        """Of those of these turns that have siblings, and of the siblings."""
        parents = [turn.parent_id for turn in turns]
        return await asyncio.to_thread(self._store().standings_after, session_id, parents)

    def standings_beside(self, turn: Turn) -> dict[str, Standing]:
        """Of one turn and its siblings; empty when it has none."""
        return standings([self._store().family(turn.session_id, turn.parent_id)])

    async def show_sibling(self, turn_id: str, steps: int, shown_head: str | None = None) -> Moved:
        """Show the sibling so many steps on, with what was last shown below it; `shown_head`: that of a branch known to hold the turn.

        Raises UserError when there is none, or while an answer is running.
        """
        self._deleted = ""
        return await self._store().show_sibling(turn_id, steps, shown_head)

    async def delete(self, session_id: str) -> Session:
        """Hide a session, which can be taken back. Raises SessionNotFound, and UserError while it is being answered."""
        session = self._sessions.get(session_id)
        if session.head_turn_id and self._store().owner_of(session.head_turn_id) is not None:
            raise UserError("the answer is still running", "stop it with Esc first")
        await self._sessions.delete(session_id)
        self._deleted = session_id
        return session

    async def undo(self, session_id: str | None) -> Undone:
        """Take back what was done last: to this session, or the deletion of one. Raises UserError when there is nothing."""
        if self._deleted:
            session = await self._sessions.undelete(self._deleted)
            self._deleted = ""
            return Undone(f"{session.title or 'the session'} is back", session, None)
        if session_id is None:
            raise UserError(
                "nothing was done here that can be undone", "/sessions, then is:deleted lists deleted sessions"
            )
        back, moved = await self._store().undo(session_id)
        said = f"{'done again' if back.is_again else 'undone'}: {back.said}"
        return Undone(said, moved.session, moved if back.moves_head else None)
