"""Answers that ended while nobody looked: noted by the process that lost its terminal, told once at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.errors import SessionNotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.workstation import Workstation

SCOPE = "unseen"
"""The note is kept beside the drafts, as that of no session: ids, one a line."""


class Unseen(NamedTuple):
    """A session that was answered while nobody looked."""

    session: Session
    turn: Turn
    """Its last one."""


async def note_unseen(workstation: Workstation, session_ids: Iterable[str]) -> None:
    """Remember that these sessions were answered unseen."""
    sessions = workstation.sessions
    noted = dict.fromkeys((*sessions.draft(SCOPE).split(), *session_ids))
    await sessions.save_draft(SCOPE, "\n".join(noted))


async def take_unseen(workstation: Workstation, here: str) -> tuple[Unseen, ...]:
    """What was noted and has ended, the oldest first; only what is still running, and not shown as the session `here`, stays noted."""
    noted = workstation.sessions.draft(SCOPE).split()
    if not noted:
        return ()
    found = tuple(_found(workstation, noted))
    running = [one.session.id for one in found if one.turn.state.is_live and one.session.id != here]
    await workstation.sessions.save_draft(SCOPE, "\n".join(running))
    return tuple(one for one in found if not one.turn.state.is_live)


def _found(workstation: Workstation, session_ids: Iterable[str]) -> Iterator[Unseen]:
    for session_id in session_ids:
        try:
            session = workstation.sessions.get(session_id)
            yield Unseen(session, workstation.turn(session.head_turn_id or ""))
        except SessionNotFound:
            continue
