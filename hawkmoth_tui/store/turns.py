"""Turns as rows. The answer of a live turn is in the journal; when the turn has ended it is in its record."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.turn import Turn, TurnError, TurnKind, TurnState
from hawkmoth_tui.store import drafts, journal
from hawkmoth_tui.store.records import (
    TurnColumns,
    decode_message,
    decode_turn,
    encode_message,
    encode_turn,
    storable,
)
from hawkmoth_tui.store.routes import decode_route, encode_route
from hawkmoth_tui.store.rows import Owner
from hawkmoth_tui.store.sessions import NEXT_ACTIVITY, not_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import apsw

PREVIEW_CHARS = 200
_COLUMNS = "id, session_id, parent_id, kind, state, created_at_ms, ended_at_ms, prompt, record, route"
_PROMPTED = (TurnKind.PROMPT, TurnKind.EDIT)
"""Turns whose prompt is new and the user's own words."""


def start(connection: apsw.Connection, turn: Turn, owner: Owner, at_ms: int) -> None:
    """A new turn, without an answer yet; it becomes the head of its session. Whoever asks in a deleted session wants it back.

    Raises `SessionNotFound`.
    """
    _note_branch(connection, turn)
    connection.execute(
        f"UPDATE session SET head_turn_id = ?, updated_at_ms = ?, activity = {NEXT_ACTIVITY}, deleted_at_ms = NULL WHERE id = ?",
        (turn.id, at_ms, turn.session_id),
    )
    save(connection, turn, owner)
    if turn.kind in _PROMPTED:
        prompt = storable(_typed(turn))
        preview = " ".join(prompt[: 10 * PREVIEW_CHARS].split())[:PREVIEW_CHARS]
        connection.execute("UPDATE session SET preview = ? WHERE id = ?", (preview, turn.session_id))
        drafts.add_history(connection, prompt, at_ms)


def save(connection: apsw.Connection, turn: Turn, owner: Owner) -> None:
    """The turn as it stands. Of a live one all but the answer, which only the journal adds to; else the whole and no journal."""
    is_live = turn.state.is_live
    record = encode_turn(replace(turn, answer=()) if is_live else turn)
    owned = (owner.pid, owner.started) if is_live else (None, None)
    changed = (turn.state.value, turn.ended_at_ms, *owned, record.text, encode_route(turn.route))
    connection.execute(
        "UPDATE turn SET state = ?, ended_at_ms = ?, owner_pid = ?, owner_started = ?, record = ?, route = ? WHERE id = ?",
        (*changed, turn.id),
    )
    if not connection.changes():
        _insert(connection, turn, changed)
    _keep_blobs(connection, turn.id, record.blobs)
    if not is_live:
        journal.delete(connection, turn.id)


def read(connection: apsw.Connection, turn_id: str) -> Turn | None:
    """The turn; None when there is none of this id. A live one with what has been journalled."""
    rows = list(connection.execute(f"SELECT {_COLUMNS} FROM turn WHERE id = ?", (turn_id,)))
    return _turn(connection, rows[0]) if rows else None


def of_session(connection: apsw.Connection, session_id: str) -> tuple[Turn, ...]:
    """All turns of the session, in the order in which they were made."""
    return _turns(
        connection,
        connection.execute(f"SELECT {_COLUMNS} FROM turn WHERE session_id = ? ORDER BY seq", (session_id,)),
    )


def decided_since(connection: apsw.Connection, since_ms: int) -> tuple[Turn, ...]:
    """The turns that were routed from then on, in the order in which they were made."""
    return _turns(
        connection,
        connection.execute(
            f"SELECT {_COLUMNS} FROM turn WHERE created_at_ms >= ? AND route IS NOT NULL ORDER BY seq", (since_ms,)
        ),
    )


def branch(connection: apsw.Connection, session_id: str, newest: int | None) -> tuple[Turn, ...]:
    """From the root to the session's head, at most the `newest` ones."""
    heads = [head for (head,) in connection.execute("SELECT head_turn_id FROM session WHERE id = ?", (session_id,))]
    return ancestors(connection, heads[0], newest)[::-1] if heads and heads[0] else ()


def ancestors(connection: apsw.Connection, turn_id: str, newest: int | None) -> tuple[Turn, ...]:
    """The turn and those before it on its branch, newest first, at most `newest`. A turn is made after its parent: `seq` orders them."""
    rows = connection.execute(
        f"""WITH RECURSIVE up (seq, parent_id) AS (
                SELECT seq, parent_id FROM turn WHERE id = ?
                UNION
                SELECT turn.seq, turn.parent_id FROM up JOIN turn ON turn.id = up.parent_id
                LIMIT ?
            )
            SELECT {_COLUMNS} FROM turn WHERE seq IN (SELECT seq FROM up) ORDER BY seq DESC""",
        (turn_id, -1 if newest is None else newest),
    )
    return _turns(connection, rows)


def live(connection: apsw.Connection) -> list[tuple[str, int, str]]:
    """Id, owner's process id and start of each turn that is waiting or streaming."""
    rows = connection.execute(
        "SELECT id, owner_pid, owner_started FROM turn WHERE state IN ('waiting', 'streaming') ORDER BY seq"
    )
    return [(turn_id, pid or 0, started or "") for turn_id, pid, started in rows]


def owner_of(connection: apsw.Connection, turn_id: str) -> Owner | None:
    """The process that is answering the turn; None when it is not live."""
    rows = connection.execute(
        "SELECT owner_pid, owner_started FROM turn WHERE id = ? AND state IN ('waiting', 'streaming')", (turn_id,)
    )
    return next((Owner(pid or 0, started or "") for pid, started in rows), None)


def sessions_saying(connection: apsw.Connection, words: Sequence[str]) -> frozenset[str]:
    """Ids of the sessions in which one prompt of the user's has all the words."""
    if not words:
        return frozenset()
    said = " AND ".join("instr(lower(json_extract(prompt, '$.parts[0].text')), ?)" for _ in words)
    rows = connection.execute(
        f"SELECT DISTINCT session_id FROM turn JOIN session ON session.id = session_id AND deleted_at_ms IS NULL"
        f" WHERE kind IN (?, ?) AND json_valid(prompt) AND {said}",
        (*(kind.value for kind in _PROMPTED), *(storable(word.lower()) for word in words)),
    )
    return frozenset(session_id for (session_id,) in rows)


def _note_branch(connection: apsw.Connection, turn: Turn) -> None:
    """A turn that goes on elsewhere than after the head can be taken back; one that goes on there ends what could be."""
    from hawkmoth_tui.store import branches, undoing

    heads = [
        head for (head,) in connection.execute("SELECT head_turn_id FROM session WHERE id = ?", (turn.session_id,))
    ]
    head_id = heads[0] if heads else None
    if head_id is None or head_id == turn.parent_id:
        undoing.forget(connection, turn.session_id)
    else:
        branches.leave(connection, head_id, turn.parent_id)
        said = "the changed prompt" if turn.kind is TurnKind.EDIT else "asking again"
        undoing.remember(connection, turn.session_id, said, {"head_turn_id": head_id})


def _typed(turn: Turn) -> str:
    """What the user typed: the prompt's first text; those after it are attachments."""
    return next((part.text for part in turn.prompt.parts if isinstance(part, Text)), "")


def _insert(connection: apsw.Connection, turn: Turn, changed: Sequence[Any]) -> None:
    prompt = encode_message(turn.prompt)
    connection.execute("UPDATE session SET turn_count = turn_count + 1 WHERE id = ?", (turn.session_id,))
    if not connection.changes():
        raise not_found(turn.session_id)
    connection.execute(
        "INSERT INTO turn (id, session_id, parent_id, kind, created_at_ms, prompt,"
        " state, ended_at_ms, owner_pid, owner_started, record, route) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (turn.id, turn.session_id, turn.parent_id, turn.kind.value, turn.created_at_ms, prompt.text, *changed),
    )
    _keep_blobs(connection, turn.id, prompt.blobs)


def _keep_blobs(connection: apsw.Connection, turn_id: str, blobs: Mapping[str, bytes]) -> None:
    for sha256, data in blobs.items():
        connection.execute("INSERT INTO blob (sha256, data) VALUES (?, ?) ON CONFLICT DO NOTHING", (sha256, data))
        connection.execute(
            "INSERT INTO turn_blob (turn_id, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING", (turn_id, sha256)
        )


def _turns(connection: apsw.Connection, rows: Iterable[Sequence[Any]]) -> tuple[Turn, ...]:
    return tuple(_turn(connection, row) for row in list(rows))


def _turn(connection: apsw.Connection, row: Sequence[Any]) -> Turn:
    """A record that cannot be read becomes a failed turn that says so: one bad row hides no others."""
    turn_id, session_id, parent_id, kind, state, created_at_ms, ended_at_ms, prompt, record, route = row

    def blob(sha256: str) -> bytes:
        found = list(connection.execute("SELECT data FROM blob WHERE sha256 = ?", (sha256,)))
        return bytes(found[0][0]) if found else b""

    try:
        columns = TurnColumns(
            turn_id, session_id, parent_id, TurnKind(kind), TurnState(state), created_at_ms, ended_at_ms
        )
        turn = decode_turn(columns, decode_message(prompt, blob), record, decode_route(route), blob)
        return journal.fold(connection, turn) if turn.state.is_live else turn
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
        return Turn(
            turn_id,
            session_id,
            parent_id,
            TurnKind.PROMPT,
            user(""),
            created_at_ms,
            state=TurnState.FAILED,
            error=TurnError("Corrupt", "this turn's record cannot be read", "a backup may still have it"),
            ended_at_ms=ended_at_ms,
        )
