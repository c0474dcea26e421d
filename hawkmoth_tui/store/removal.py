"""Taking sessions away: deleting hides them and can be undone, purging erases every text of theirs for good.

What was paid stays in the ledger, without saying for what: ids of a purged session and its turns are replaced there.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.store import rollups, sessions
from hawkmoth_tui.store.records import decode_message, storable
from hawkmoth_tui.store.rollups import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    import apsw


def delete(connection: apsw.Connection, session_id: str, at_ms: int) -> None:
    """Hide the session. Raises `SessionNotFound`."""
    connection.execute(
        "UPDATE session SET deleted_at_ms = ? WHERE id = ? AND deleted_at_ms IS NULL", (at_ms, session_id)
    )
    if not connection.changes():
        raise sessions.not_found(session_id)


def undelete(connection: apsw.Connection, session_id: str) -> None:
    """Show the session again. Raises `SessionNotFound` when none that is deleted has the id."""
    connection.execute(
        "UPDATE session SET deleted_at_ms = NULL WHERE id = ? AND deleted_at_ms IS NOT NULL", (session_id,)
    )
    if not connection.changes():
        raise sessions.not_found(session_id)


def delete_unused(connection: apsw.Connection, used_before_ms: int, at_ms: int) -> int:
    """Hide every session that was last used before then; how many."""
    connection.execute(
        "UPDATE session SET deleted_at_ms = ? WHERE deleted_at_ms IS NULL AND updated_at_ms < ?"
        " AND NOT EXISTS (SELECT 1 FROM turn WHERE session_id = session.id AND state IN ('waiting', 'streaming'))",
        (at_ms, used_before_ms),
    )
    return connection.changes()


def deleted_before(connection: apsw.Connection, at_ms: int) -> tuple[str, ...]:
    """Ids of the sessions that were deleted before then."""
    rows = connection.execute("SELECT id FROM session WHERE deleted_at_ms < ? ORDER BY deleted_at_ms", (at_ms,))
    return tuple(session_id for (session_id,) in rows)


def erase(connection: apsw.Connection, session_ids: Collection[str]) -> int:
    """Take out everything that these sessions said; how many there were. What is deleted is overwritten, see also `scrub`.

    Works on copies of older schemas too. Raises `UserError` when one of them is being answered.
    """
    connection.pragma("secure_delete", 1)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    found = [session_id for session_id in session_ids if _is_there(connection, session_id)]
    for session_id in found:
        _refuse_live(connection, session_id)
        _forget_typed(connection, session_id)
        _make_anonymous(connection, session_id, has_sums="ledger_sum" in tables)
        connection.execute(
            "DELETE FROM turn_chunk WHERE turn_id IN (SELECT id FROM turn WHERE session_id = ?)", (session_id,)
        )
        connection.execute("DELETE FROM reservation WHERE session_id = ?", (session_id,))
        connection.execute("DELETE FROM draft WHERE scope = ?1 OR scope LIKE ?1 || '/%'", (session_id,))
        connection.execute("DELETE FROM session WHERE id = ?", (session_id,))
    if found:
        connection.execute("DELETE FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM turn_blob)")
    return len(found)


def scrub(connection: apsw.Connection) -> bool:
    """Write the file anew, without what was deleted from it, and empty the log beside it; outside of any transaction.

    False: another process still reads the old log, which therefore stays until it has ended.
    """
    connection.pragma("secure_delete", 1)
    connection.execute("VACUUM")
    connection.pragma("secure_delete", 0)
    busy, _, _ = next(iter(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")))
    return not busy


def _is_there(connection: apsw.Connection, session_id: str) -> bool:
    return bool(list(connection.execute("SELECT 1 FROM session WHERE id = ?", (session_id,))))


def _refuse_live(connection: apsw.Connection, session_id: str) -> None:
    if list(
        connection.execute(
            "SELECT 1 FROM turn WHERE session_id = ? AND state IN ('waiting', 'streaming')", (session_id,)
        )
    ):
        raise UserError(f"session {session_id} is being answered", "stop the answer first, or wait for it")


def _forget_typed(connection: apsw.Connection, session_id: str) -> None:
    """Its prompts leave the history, whoever else typed the same."""
    for (prompt,) in list(connection.execute("SELECT prompt FROM turn WHERE session_id = ?", (session_id,))):
        try:
            parts = decode_message(prompt, lambda _: b"").parts
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        for part in parts:
            if isinstance(part, Text):
                connection.execute("DELETE FROM prompt_history WHERE text = ?", (storable(part.text),))


def _make_anonymous(connection: apsw.Connection, session_id: str, *, has_sums: bool) -> None:
    """Turns keep their number, for the counts, under names that nobody knows."""
    turn_ids = [
        turn_id
        for (turn_id,) in connection.execute("SELECT DISTINCT turn_id FROM ledger WHERE session_id = ?", (session_id,))
    ]
    for turn_id in turn_ids:
        if turn_id is not None:
            connection.execute("UPDATE ledger SET turn_id = ? WHERE turn_id = ?", (secrets.token_hex(13), turn_id))
    connection.execute("UPDATE ledger SET session_id = NULL WHERE session_id = ?", (session_id,))
    if has_sums:
        rollups.rename(connection, Kind.SESSION, session_id, "")
