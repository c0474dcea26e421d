"""Branches of a session's tree: families of siblings, and the head that moves between them. No turn is ever taken away here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.tree import Moved, neighbour, parting, standings, tip_below
from hawkmoth_tui.store import sessions, turns, undoing

if TYPE_CHECKING:
    import apsw

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.tree import Standing


def all_standings(connection: apsw.Connection, session_id: str) -> dict[str, Standing]:
    """Of every turn of the session that has siblings. Reads an index of the whole session."""
    rows = connection.execute(
        """SELECT child.parent_id, child.id
           FROM (SELECT parent_id FROM turn WHERE session_id = ?1 GROUP BY parent_id HAVING count(*) > 1) AS forked
           JOIN turn AS child ON child.session_id = ?1 AND child.parent_id IS forked.parent_id
           ORDER BY child.seq""",
        (session_id,),
    )
    families: dict[str | None, list[str]] = {}
    for parent_id, turn_id in rows:
        families.setdefault(parent_id, []).append(turn_id)
    return standings(families.values())


def family(connection: apsw.Connection, session_id: str, parent_id: str | None) -> tuple[str, ...]:
    """The turns after one parent, in the order in which they were made; None: the first turns of the session."""
    rows = connection.execute(
        "SELECT id FROM turn WHERE session_id = ? AND parent_id IS ? ORDER BY seq", (session_id, parent_id)
    )
    return tuple(turn_id for (turn_id,) in rows)


def step(connection: apsw.Connection, turn_id: str, steps: int) -> Moved:
    """Show the sibling of a turn that is so many steps on, with what was last shown below it.

    Raises UserError when it has none, or while an answer of the session is running.
    """
    rows = list(connection.execute("SELECT session_id, parent_id FROM turn WHERE id = ?", (turn_id,)))
    session_id, parent_id = rows[0] if rows else ("", None)
    siblings = family(connection, session_id, parent_id)
    if len(siblings) < 2:
        raise UserError("there is one version of this turn", "/edit and /retry make others")
    tip = tip_below(
        neighbour(siblings, turn_id, steps),
        lambda above: family(connection, session_id, above),
        lambda one: _shown_tip(connection, one),
    )
    return move(connection, session_id, tip, "moving to another version")


def move(connection: apsw.Connection, session_id: str, head_id: str, said: str) -> Moved:
    """Make a turn the head, and remember what was. Raises UserError while an answer of the session is running."""
    session = sessions.read(connection, session_id)
    if session is None:
        raise sessions.not_found(session_id)
    first = set_head(connection, session, head_id)
    undoing.remember(connection, session_id, said, {"head_turn_id": session.head_turn_id})
    return moved(connection, session_id, first)


def undo(connection: apsw.Connection, session_id: str) -> tuple[undoing.TakenBack, Moved]:
    """Take back what was done last to the session, which can then be done again. Raises UserError when that cannot be."""
    before = sessions.read(connection, session_id)
    if before is None:
        raise sessions.not_found(session_id)
    undone = undoing.last(connection, session_id)
    first = set_head(connection, before, undone.facts["head_turn_id"]) if undone.moves_head else None
    sessions.change(connection, session_id, undone.applied)
    undoing.turn_round(connection, before, undone)
    return undone, moved(connection, session_id, first)


def moved(connection: apsw.Connection, session_id: str, first: str | None) -> Moved:
    """The session as it is now, with its turns from `first` to the head."""
    session = sessions.read(connection, session_id)
    if session is None:
        raise sessions.not_found(session_id)
    head = session.head_turn_id
    return Moved(session, turns.between(connection, first, head) if first and head else ())


def set_head(connection: apsw.Connection, session: Session, head_id: str | None) -> str | None:
    """Move the head; the first turn that was not on the branch before. Raises UserError while an answer of the session is running."""
    live = connection.execute("SELECT session_id FROM turn WHERE state IN ('waiting', 'streaming')")
    if (session.id,) in list(live):
        raise UserError("the answer is still running", "stop it with Esc, or wait")
    first = leave(connection, session.head_turn_id, head_id)
    connection.execute("UPDATE session SET head_turn_id = ? WHERE id = ?", (head_id, session.id))
    return first


def leave(connection: apsw.Connection, head_id: str | None, other_id: str | None) -> str | None:
    """Remember at the place where two branches part that this head was shown last; the first turn of the other one there."""

    def above(turn_id: str) -> tuple[int, str | None]:
        rows = list(connection.execute("SELECT seq, parent_id FROM turn WHERE id = ?", (turn_id,)))
        return rows[0] if rows else (0, None)

    left, entered = parting(head_id, other_id, above)
    if left is not None:
        connection.execute("UPDATE turn SET shown_tip = ? WHERE id = ?", (head_id, left))
    return entered


def _shown_tip(connection: apsw.Connection, turn_id: str) -> str | None:
    """The head below the turn when it was last left; None when it never was, or when that is gone."""
    rows = connection.execute(
        "SELECT tip.id FROM turn JOIN turn AS tip ON tip.id = turn.shown_tip WHERE turn.id = ?", (turn_id,)
    )
    return next((tip for (tip,) in rows), None)
