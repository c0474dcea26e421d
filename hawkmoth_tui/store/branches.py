"""Branches of a session's tree: families of siblings, and the head that moves between them. No turn is ever taken away here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.tree import Moved, neighbour, parting, standings, tip_below
from hawkmoth_tui.store import sessions, turns, undoing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import apsw

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.tree import Standing
    from hawkmoth_tui.core.turn import Turn

MOST_READ = 300
"""Turns that are read after a move; of a longer branch whoever shows it reads what is in sight."""


def all_standings(connection: apsw.Connection, session_id: str) -> dict[str, Standing]:
    """Of every turn of the session that has siblings. Reads an index of the whole session."""
    return _standings(
        connection.execute(
            """SELECT child.parent_id, child.id
               FROM (SELECT parent_id FROM turn WHERE session_id = ?1 GROUP BY parent_id HAVING count(*) > 1) AS forked
               JOIN turn AS child ON child.session_id = ?1 AND child.parent_id IS forked.parent_id
               ORDER BY child.seq""",
            (session_id,),
        )
    )


def standings_after(connection: apsw.Connection, session_id: str, parents: Sequence[str | None]) -> dict[str, Standing]:
    """Of the turns that follow these, as far as they have siblings."""
    return _standings(
        connection.execute(
            """SELECT child.parent_id, child.id
               FROM json_each(?2) AS parent CROSS JOIN turn AS child ON child.session_id = ?1 AND child.parent_id IS parent.value
               ORDER BY child.seq""",
            (session_id, json.dumps(list(dict.fromkeys(parents)))),
        )
    )


def _standings(rows: Iterable[tuple[str | None, str]]) -> dict[str, Standing]:
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


def step(connection: apsw.Connection, turn_id: str, steps: int, shown_head: str | None = None) -> Moved:
    """Show the sibling of a turn that is so many steps on, with what was last shown below it.

    `shown_head` is the head of a branch that is known to hold the turn; None: not known, and the store looks for itself, which takes
    longer the more turns follow. Raises UserError when it has none, or while an answer of the session is running.
    """
    rows = list(connection.execute("SELECT session_id, parent_id FROM turn WHERE id = ?", (turn_id,)))
    session_id, parent_id = rows[0] if rows else ("", None)
    siblings = family(connection, session_id, parent_id)
    if len(siblings) < 2:
        raise UserError("there is one version of this turn", "/edit and /retry make others")
    session = sessions.read(connection, session_id)
    if session is None:
        raise sessions.not_found(session_id)
    sibling = neighbour(siblings, turn_id, steps)
    tip = tip_below(
        sibling,
        lambda above: family(connection, session_id, above),
        lambda one: _shown_tip(connection, one),
    )
    known = (turn_id, sibling) if session.head_turn_id == shown_head else None
    first = set_head(connection, session, tip, known)
    before = {"head_turn_id": session.head_turn_id}
    undoing.remember(
        connection, session_id, "moving to another version", before, parting=known[::-1] if known else None
    )
    return moved(connection, session_id, first)


def undo(connection: apsw.Connection, session_id: str) -> tuple[undoing.TakenBack, Moved]:
    """Take back what was done last to the session, which can then be done again. Raises UserError when that cannot be."""
    before = sessions.read(connection, session_id)
    if before is None:
        raise sessions.not_found(session_id)
    undone = undoing.last(connection, session_id)
    first = set_head(connection, before, undone.facts["head_turn_id"], undone.parting) if undone.moves_head else None
    sessions.change(connection, session_id, undone.applied)
    undoing.turn_round(connection, before, undone)
    return undone, moved(connection, session_id, first)


def moved(connection: apsw.Connection, session_id: str, first: str | None) -> Moved:
    """The session as it is now, with its turns from `first` to the head."""
    session = sessions.read(connection, session_id)
    if session is None:
        raise sessions.not_found(session_id)
    head = session.head_turn_id
    return Moved(session, first, _down_to(connection, first, head) if first and head else ())


def _down_to(connection: apsw.Connection, first: str, head_id: str) -> tuple[Turn, ...]:
    """From one turn to the head below it; nothing when these are more than are read at once."""
    page = turns.ancestors(connection, head_id, MOST_READ)
    for place, turn in enumerate(page):
        if turn.id == first:
            return page[place::-1]
    return ()


def set_head(
    connection: apsw.Connection, session: Session, head_id: str | None, known: tuple[str, str] | None = None
) -> str | None:
    """Move the head; the first turn that was not on the branch before. Raises UserError while an answer of the session is running.

    `known`: where the two branches part, the first turn of each, the present one first; None: it is looked for.
    """
    live = connection.execute("SELECT session_id FROM turn WHERE state IN ('waiting', 'streaming')")
    if (session.id,) in list(live):
        raise UserError("the answer is still running", "stop it with Esc, or wait")
    first = leave(connection, session.head_turn_id, head_id, known)
    connection.execute("UPDATE session SET head_turn_id = ? WHERE id = ?", (head_id, session.id))
    return first


def leave(
    connection: apsw.Connection, head_id: str | None, other_id: str | None, known: tuple[str, str] | None = None
) -> str | None:
    """Remember at the place where two branches part that this head was shown last; the first turn of the other one there."""
    left, entered = known or parting(head_id, other_id, _Ancestry(connection).above)
    if left is not None:
        connection.execute("UPDATE turn SET shown_tip = ? WHERE id = ?", (head_id, left))
    return entered


class _Ancestry:
    """Who stands above whom, read more at a time the further somebody goes."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._known: dict[str, tuple[int, str | None]] = {}
        self._count = 8

    def above(self, turn_id: str) -> tuple[int, str | None]:
        """When the turn was made, as a number, and its parent."""
        if turn_id not in self._known:
            self._known |= {found: (seq, parent_id) for found, seq, parent_id in self._read(turn_id)}
            self._count = min(2 * self._count, 10_000)
        return self._known.get(turn_id, (0, None))

    def _read(self, turn_id: str) -> Iterable[tuple[str, int, str | None]]:
        return self._connection.execute(
            """WITH RECURSIVE up (id, seq, parent_id) AS (
                   SELECT id, seq, parent_id FROM turn WHERE id = ?
                   UNION
                   SELECT turn.id, turn.seq, turn.parent_id FROM up JOIN turn ON turn.id = up.parent_id
                   LIMIT ?
               )
               SELECT id, seq, parent_id FROM up""",
            (turn_id, self._count),
        )


def _shown_tip(connection: apsw.Connection, turn_id: str) -> str | None:
    """The head below the turn when it was last left; None when it never was, or when that is gone."""
    rows = connection.execute(
        "SELECT tip.id FROM turn JOIN turn AS tip ON tip.id = turn.shown_tip WHERE turn.id = ?", (turn_id,)
    )
    return next((tip for (tip,) in rows), None)
