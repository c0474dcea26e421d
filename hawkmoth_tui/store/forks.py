"""A branch copied into a session of its own: new turns that share their attachments with the old ones. No money moves: the ledger stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.store import sessions, turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.store.rows import Owner


def fork(connection: apsw.Connection, session: Session, copies: Sequence[Turn], source_id: str, owner: Owner) -> None:
    """Store the new session with these ended turns, the last of them its head. Its preview is that of its source."""
    sessions.create(connection, session)
    for turn in copies:
        turns.save(connection, turn, owner)
    connection.execute(
        "UPDATE session SET head_turn_id = ?, preview = (SELECT preview FROM session WHERE id = ?) WHERE id = ?",
        (copies[-1].id if copies else None, source_id, session.id),
    )
