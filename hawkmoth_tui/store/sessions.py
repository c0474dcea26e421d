"""Sessions as rows, and the list of them. The sums that the list shows are kept up to date by `turns` and `ledger`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from hawkmoth_tui.core.errors import SessionNotFound
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.summaries import SessionSummary
from hawkmoth_tui.store.records import decode_generation, encode_generation, storable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import apsw

_COLUMNS = (
    "id, title, created_at_ms, updated_at_ms, head_turn_id, model, policy, generation, tags, is_archived, is_on_top"
)
NEXT_ACTIVITY = "(SELECT coalesce(max(activity), 0) + 1 FROM session)"
"""Sessions are ordered by when something was last asked in them, counted, not timed."""


def create(connection: apsw.Connection, session: Session) -> None:
    """A new session; it becomes the latest one."""
    connection.execute(
        f"INSERT INTO session ({_COLUMNS}, activity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {NEXT_ACTIVITY})",
        (session.id, *_values(session)),
    )


def update(connection: apsw.Connection, session: Session) -> None:
    """Replace the session's own facts. Raises `SessionNotFound`."""
    connection.execute(
        "UPDATE session SET title = ?, created_at_ms = ?, updated_at_ms = ?, head_turn_id = ?, model = ?, policy = ?,"
        " generation = ?, tags = ?, is_archived = ?, is_on_top = ? WHERE id = ?",
        (*_values(session), session.id),
    )
    if not connection.changes():
        raise not_found(session.id)


def change(connection: apsw.Connection, session_id: str, change_of: Callable[[Session], Session]) -> Session:
    """Replace the session's own facts by what is made of them here. Raises `SessionNotFound`."""
    before = read(connection, session_id)
    if before is None:
        raise not_found(session_id)
    after = change_of(before)
    update(connection, after)
    return after


def read(connection: apsw.Connection, session_id: str) -> Session | None:
    """The session; None when there is none of this id."""
    rows = list(
        connection.execute(f"SELECT {_COLUMNS} FROM session WHERE id = ? AND deleted_at_ms IS NULL", (session_id,))
    )
    return _session(rows[0]) if rows else None


def beginning(connection: apsw.Connection, prefix: str, limit: int) -> tuple[Session, ...]:
    """Sessions whose id begins like this, in the order of their ids."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM session WHERE id >= ?1 AND id < ?1 || char(0x10ffff) AND deleted_at_ms IS NULL ORDER BY id LIMIT ?2",
        (prefix, limit),
    )
    return tuple(_session(row) for row in rows)


def titled(connection: apsw.Connection, words: str, limit: int) -> tuple[Session, ...]:
    """Sessions whose title has the words, the last used first. Titles are compared here: SQLite knows the case of ASCII only."""
    wanted = words.lower()
    rows = connection.execute(f"SELECT {_COLUMNS} FROM session WHERE deleted_at_ms IS NULL ORDER BY activity DESC")
    return tuple(itertools.islice((_session(row) for row in rows if wanted in str(row[1]).lower()), limit))


def latest(connection: apsw.Connection) -> Session | None:
    """The session in which something was asked last; one without turns only when all are empty."""
    for only in ("turn_count > 0 AND", ""):
        rows = list(
            connection.execute(
                f"SELECT {_COLUMNS} FROM session WHERE {only} deleted_at_ms IS NULL ORDER BY activity DESC LIMIT 1"
            )
        )
        if rows:
            return _session(rows[0])
    return None


def summaries(
    connection: apsw.Connection, limit: int, offset: int, *, is_deleted: bool = False
) -> tuple[SessionSummary, ...]:
    """Sessions, latest first; the deleted ones are a list of their own."""
    kept = "IS NOT NULL" if is_deleted else "IS NULL"
    rows = connection.execute(
        f"SELECT turn_count, cost_pico, unknown_turns, preview, {_COLUMNS} FROM session"
        f" WHERE deleted_at_ms {kept} ORDER BY activity DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return tuple(
        SessionSummary(_session(session), turns, cost_pico, unknown_turns, preview)
        for turns, cost_pico, unknown_turns, preview, *session in rows
    )


def not_found(session_id: str) -> SessionNotFound:
    """The error of an id that no session has."""
    return SessionNotFound(f"no session has the id {session_id}", "hawkmoth sessions list shows them")


def _values(session: Session) -> tuple[str | int | None, ...]:
    return (
        storable(session.title),
        session.created_at_ms,
        session.updated_at_ms,
        session.head_turn_id,
        str(session.model) if session.model else None,
        session.policy,
        encode_generation(session.generation),
        storable(" ".join(session.tags)) or None,
        1 if session.is_archived else None,
        1 if session.is_on_top else None,
    )


def _session(row: Sequence[Any]) -> Session:
    session_id, title, created_at_ms, updated_at_ms, head_turn_id, model, policy, generation, tags, archived, top = row
    return Session(
        session_id,
        title,
        created_at_ms,
        updated_at_ms,
        head_turn_id,
        _model(model) if model else None,
        policy,
        decode_generation(generation),
        tuple((tags or "").split()),
        bool(archived),
        bool(top),
    )


def _model(text: str) -> ModelRef:
    provider, _, model_id = text.partition("/")
    return ModelRef(provider, model_id)
