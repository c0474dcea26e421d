"""Sessions as rows, and the list of them. The sums that the list shows are kept up to date by `turns` and `ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hawkmoth_tui.core.errors import SessionNotFound
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.summaries import SessionSummary
from hawkmoth_tui.store.records import decode_generation, encode_generation, storable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import apsw

_COLUMNS = "id, title, created_at_ms, updated_at_ms, head_turn_id, model, policy, generation"
NEXT_ACTIVITY = "(SELECT coalesce(max(activity), 0) + 1 FROM session)"
"""Sessions are ordered by when something was last asked in them, counted, not timed."""


def create(connection: apsw.Connection, session: Session) -> None:
    """A new session; it becomes the latest one."""
    connection.execute(
        f"INSERT INTO session ({_COLUMNS}, activity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, {NEXT_ACTIVITY})",
        (session.id, *_values(session)),
    )


def update(connection: apsw.Connection, session: Session) -> None:
    """Replace the session's own facts. Raises `SessionNotFound`."""
    connection.execute(
        "UPDATE session SET title = ?, created_at_ms = ?, updated_at_ms = ?, head_turn_id = ?, model = ?, policy = ?,"
        " generation = ? WHERE id = ?",
        (*_values(session), session.id),
    )
    if not connection.changes():
        raise _not_found(session.id)


def change(connection: apsw.Connection, session_id: str, change_of: Callable[[Session], Session]) -> Session:
    """Replace the session's own facts by what is made of them here. Raises `SessionNotFound`."""
    before = read(connection, session_id)
    if before is None:
        raise _not_found(session_id)
    after = change_of(before)
    update(connection, after)
    return after


def read(connection: apsw.Connection, session_id: str) -> Session | None:
    """The session; None when there is none of this id."""
    rows = list(connection.execute(f"SELECT {_COLUMNS} FROM session WHERE id = ?", (session_id,)))
    return _session(rows[0]) if rows else None


def latest(connection: apsw.Connection) -> Session | None:
    """The session in which something was asked last; one without turns only when all are empty."""
    for only in ("WHERE turn_count > 0", ""):
        rows = list(connection.execute(f"SELECT {_COLUMNS} FROM session {only} ORDER BY activity DESC LIMIT 1"))
        if rows:
            return _session(rows[0])
    return None


def summaries(connection: apsw.Connection, limit: int, offset: int) -> tuple[SessionSummary, ...]:
    """Sessions, latest first."""
    rows = connection.execute(
        f"SELECT turn_count, cost_pico, unknown_turns, preview, {_COLUMNS} FROM session ORDER BY activity DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return tuple(
        SessionSummary(_session(session), turns, cost_pico, unknown_turns, preview)
        for turns, cost_pico, unknown_turns, preview, *session in rows
    )


def _not_found(session_id: str) -> SessionNotFound:
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
    )


def _session(row: Sequence[Any]) -> Session:
    session_id, title, created_at_ms, updated_at_ms, head_turn_id, model, policy, generation = row
    return Session(
        session_id,
        title,
        created_at_ms,
        updated_at_ms,
        head_turn_id,
        _model(model) if model else None,
        policy,
        decode_generation(generation),
    )


def _model(text: str) -> ModelRef:
    provider, _, model_id = text.partition("/")
    return ModelRef(provider, model_id)
