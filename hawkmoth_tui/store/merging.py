"""Rows of one store brought into another: what a restore has found, or what was kept in memory while the disk took nothing.

Nothing that the other store has is lost by it, and doing it twice changes nothing more.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.store import feedback, journal, rollups

if TYPE_CHECKING:
    from collections.abc import Collection

    import apsw

FEW_ROWS = 500
"""Up to so many new ledger rows are added to the sums one by one; for more, the sums are made anew."""
BUDGET_MS = 32 * 24 * 60 * 60 * 1000
"""How far back amounts are carried over whatever session they are of, so that a budget of the month still holds: some more than a month."""
_LIVE = "state IN ('waiting', 'streaming')"
_CHOSEN = "tags, is_archived, is_on_top"
_SESSION = f"id, title, created_at_ms, updated_at_ms, head_turn_id, model, policy, generation, preview, deleted_at_ms, {_CHOSEN}"
_TURN = "id, session_id, parent_id, kind, state, created_at_ms, ended_at_ms, owner_pid, owner_started, prompt, record, route, shown_tip"
_CHUNK = "turn_id, seq, kind, text, detail, at_ms, took_ms"


_WANTED = "(?1 IS NULL OR {0} IN (SELECT value FROM json_each(?1)))"
_OF_SESSION = _WANTED.format("session_id")
_NAMED = f"SELECT {{}} FROM turn_blob JOIN turn ON turn.id = turn_id WHERE {_OF_SESSION}"


@dataclass(frozen=True, slots=True)
class Merged:
    """What was missing."""

    sessions: int = 0
    turns: int = 0
    """Also those whose ending was missing."""
    ledger_rows: int = 0

    def __bool__(self) -> bool:
        return bool(self.sessions or self.turns or self.ledger_rows)


def restore(source: apsw.Connection, target: apsw.Connection) -> Merged:
    """Add what the target has not; what it has of its own is taken as newer. In the target's transaction."""
    _make_room(source, target)
    found = _merge(source, target, None, keeps_order=True)
    feedback.bring(source, target)
    _insert_missing(source, target, "draft", "scope, text")
    if not list(target.execute("SELECT 1 FROM prompt_history LIMIT 1")):
        _insert_missing(source, target, "prompt_history", "at_ms, text")
    return found


def carry_over(source: apsw.Connection, target: apsw.Connection, session_ids: Collection[str]) -> Merged:
    """Add these sessions to a store that takes the place of the source. In the target's transaction."""
    return _merge(source, target, session_ids, keeps_order=False)


def bring_back(source: apsw.Connection, target: apsw.Connection) -> Merged:
    """Add everything to the store whose place the source had taken meanwhile: the source's own facts are the newer ones."""
    found = _merge(source, target, None, keeps_order=False)
    feedback.bring(source, target)
    target.executemany(
        "UPDATE session SET title = ?, updated_at_ms = ?, head_turn_id = ?, model = ?, policy = ?, generation = ?, preview = ?,"
        " tags = ?, is_archived = ?, is_on_top = ? WHERE id = ?",
        source.execute(
            "SELECT title, updated_at_ms, head_turn_id, model, policy, generation, preview, tags, is_archived, is_on_top, id"
            " FROM session ORDER BY activity"
        ),
    )
    target.executemany(
        "INSERT INTO draft (scope, text) VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text",
        source.execute("SELECT scope, text FROM draft"),
    )
    target.executemany(
        "INSERT INTO prompt_history (at_ms, text) SELECT ?1, ?2"
        " WHERE NOT EXISTS (SELECT 1 FROM prompt_history WHERE at_ms = ?1 AND text = ?2)",
        source.execute("SELECT at_ms, text FROM prompt_history ORDER BY seq"),
    )
    return found


def _merge(
    source: apsw.Connection, target: apsw.Connection, session_ids: Collection[str] | None, *, keeps_order: bool
) -> Merged:
    wanted = None if session_ids is None else json.dumps(list(session_ids))
    sessions = _sessions(source, target, wanted, keeps_order=keeps_order)
    turns = _turns(source, target, wanted, keeps_order=keeps_order)
    target.executemany(
        "INSERT INTO blob (sha256, data) VALUES (?, ?) ON CONFLICT DO NOTHING",
        source.execute(f"SELECT sha256, data FROM blob WHERE sha256 IN ({_NAMED.format('sha256')})", (wanted,)),
    )
    target.executemany(
        "INSERT INTO turn_blob (turn_id, sha256) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM turn WHERE id = ?1)"
        " AND EXISTS (SELECT 1 FROM blob WHERE sha256 = ?2) ON CONFLICT DO NOTHING",
        source.execute(_NAMED.format("turn_id, sha256"), (wanted,)),
    )
    target.executemany(
        f"INSERT INTO turn_chunk ({_CHUNK}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7"
        f" WHERE EXISTS (SELECT 1 FROM turn WHERE id = ?1 AND {_LIVE}) ON CONFLICT DO NOTHING",
        source.execute(f"SELECT {_CHUNK} FROM turn_chunk"),
    )
    rows = _ledger(source, target, wanted)
    _add_up(target, sessions | turns.keys())
    return Merged(len(sessions), sum(turns.values()), rows)


def _make_room(source: apsw.Connection, target: apsw.Connection) -> None:
    """Let the target's own turns and sessions come after all of the source's, unless both tell of the same past."""
    theirs = dict(source.execute("SELECT seq, id FROM turn"))
    own = list(target.execute("SELECT seq, id FROM turn"))
    if all(theirs.get(seq, turn_id) == turn_id for seq, turn_id in own):
        return
    room = max([*theirs, *(seq for seq, _ in own)])
    target.execute("UPDATE turn SET seq = seq + ?", (room,))
    ((activity,),) = source.execute("SELECT coalesce(max(activity), 0) FROM session")
    target.execute("UPDATE session SET activity = activity + ?", (activity,))


def _sessions(
    source: apsw.Connection, target: apsw.Connection, wanted: str | None, *, keeps_order: bool
) -> frozenset[str]:
    """Ids of those that were missing; a session that is only named by its turns gets a plain row."""
    before = target.total_changes()
    added: set[str] = set()
    next_place = "(SELECT coalesce(max(activity), 0) + 1 FROM session)"
    place = "?1" if keeps_order else f"{next_place} + 0 * ?1"
    facts = ", ".join(f"?{number}" for number in range(2, _SESSION.count(",") + 3))
    insert = f"INSERT INTO session (activity, {_SESSION}) VALUES ({place}, {facts}) ON CONFLICT DO NOTHING"
    whole = source.execute(
        f"SELECT activity, {_SESSION} FROM session WHERE {_WANTED.format('id')} ORDER BY activity", (wanted,)
    )
    shells = source.execute(
        f"""SELECT (SELECT coalesce(max(activity), 0) FROM session) + 1,
                session_id, '', min(created_at_ms), max(created_at_ms), NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL
            FROM turn WHERE {_OF_SESSION} AND session_id NOT IN (SELECT id FROM session) GROUP BY session_id ORDER BY max(seq)""",
        (wanted,),
    )
    for row in itertools.chain(whole, shells):
        target.execute(insert, row)
        if target.total_changes() > before:
            before = target.total_changes()
            added.add(str(row[1]))
    return frozenset(added)


def _turns(
    source: apsw.Connection, target: apsw.Connection, wanted: str | None, *, keeps_order: bool
) -> dict[str, int]:
    """How many were added or ended, by session."""
    changed: dict[str, int] = {}
    places = ", ".join("?" * (_TURN.count(",") + 1))
    insert = f"INSERT INTO turn (seq, {_TURN}) VALUES ({'?' if keeps_order else 'NULL + ?'}, {places})"
    for row in source.execute(f"SELECT seq, {_TURN} FROM turn WHERE {_OF_SESSION} ORDER BY seq", (wanted,)):
        _, turn_id, session_id, _, _, state, _, ended_at_ms, _, _, _, record, route, _ = row
        there = list(target.execute(f"SELECT {_LIVE} FROM turn WHERE id = ?", (turn_id,)))
        if not there:
            target.execute(insert, row)
        elif there[0][0] and state not in ("waiting", "streaming"):
            target.execute(
                "UPDATE turn SET state = ?, ended_at_ms = ?, owner_pid = NULL, owner_started = NULL, record = ?, route = ? WHERE id = ?",
                (state, ended_at_ms, record, route, turn_id),
            )
            journal.delete(target, str(turn_id))
        else:
            continue
        changed[str(session_id)] = changed.get(str(session_id), 0) + 1
    return changed


def _ledger(source: apsw.Connection, target: apsw.Connection, wanted: str | None) -> int:
    columns = [
        str(name) for (name,) in source.execute("SELECT name FROM pragma_table_info('ledger') WHERE name <> 'seq'")
    ]
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    attempt = columns.index("attempt_id")
    count = 0
    of_late = f"at_ms >= (SELECT max(at_ms) FROM ledger) - {BUDGET_MS}"
    for row in source.execute(f"SELECT {names} FROM ledger WHERE {_OF_SESSION} OR {of_late} ORDER BY seq", (wanted,)):
        target.execute(f"INSERT INTO ledger ({names}) VALUES ({places}) ON CONFLICT (attempt_id) DO NOTHING", row)
        if target.changes():
            count += 1
            if count <= FEW_ROWS:
                rollups.add(target, str(row[attempt]))
    if count > FEW_ROWS:
        rollups.rebuild(target)
    return count


def _add_up(target: apsw.Connection, session_ids: Collection[str]) -> None:
    """The sums that a session's row carries, and its head where none is known."""
    for session_id in session_ids:
        target.execute(
            """UPDATE session SET
                turn_count = (SELECT count(*) FROM turn WHERE session_id = session.id),
                cost_pico = (SELECT coalesce(sum(amount_pico), 0) FROM ledger WHERE session_id = session.id),
                unknown_turns = (SELECT count(DISTINCT coalesce(turn_id, attempt_id)) FROM ledger
                                 WHERE session_id = session.id AND amount_pico IS NULL),
                head_turn_id = CASE WHEN head_turn_id IN (SELECT id FROM turn) THEN head_turn_id
                    ELSE (SELECT id FROM turn WHERE session_id = session.id ORDER BY seq DESC LIMIT 1) END
               WHERE id = ?""",
            (session_id,),
        )


def _insert_missing(source: apsw.Connection, target: apsw.Connection, table: str, columns: str) -> None:
    places = ", ".join("?" * (columns.count(",") + 1))
    target.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING",
        source.execute(f"SELECT {columns} FROM {table}"),
    )
