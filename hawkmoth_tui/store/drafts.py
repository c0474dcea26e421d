"""What the user was writing, and what they wrote before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.store.records import storable

if TYPE_CHECKING:
    import apsw

HISTORY_ENTRIES = 5000
"""Older prompts leave the history; their turns stay."""
HISTORY_CHARS = 65_536
"""A longer prompt is not kept in the history: nobody recalls it with an arrow key."""


def save_draft(connection: apsw.Connection, scope: str, text: str) -> None:
    """Keep the draft of one composer; an empty one is forgotten."""
    if text:
        connection.execute(
            "INSERT INTO draft (scope, text) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET text = excluded.text",
            (scope, storable(text)),
        )
    else:
        connection.execute("DELETE FROM draft WHERE scope = ?", (scope,))


def draft(connection: apsw.Connection, scope: str) -> str:
    """The draft; empty when there is none."""
    rows = list(connection.execute("SELECT text FROM draft WHERE scope = ?", (scope,)))
    return str(rows[0][0]) if rows else ""


def add_history(connection: apsw.Connection, text: str, at_ms: int) -> None:
    """Remember a line that was sent; blank ones, giants and a repetition of the newest are left out."""
    text = storable(text)
    if not text.strip() or len(text) > HISTORY_CHARS or history(connection, 1) == (text,):
        return
    connection.execute("INSERT INTO prompt_history (at_ms, text) VALUES (?, ?)", (at_ms, text))
    connection.execute("DELETE FROM prompt_history WHERE seq <= ?", (connection.last_insert_rowid() - HISTORY_ENTRIES,))


def history(connection: apsw.Connection, limit: int) -> tuple[str, ...]:
    """What was sent, newest first."""
    rows = connection.execute("SELECT text FROM prompt_history ORDER BY seq DESC LIMIT ?", (limit,))
    return tuple(text for (text,) in rows)
