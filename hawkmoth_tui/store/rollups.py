"""The ledger summed up while it grows, so that no sum takes longer because there is more to sum.

Each kind of key (everything, a session, a model, …) has buckets of three lengths; `spans` puts a span together from them. Days and months
of every zone begin on a quarter of an hour, the shortest of them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import apsw

QUARTER_MS = 15 * 60 * 1000
LENGTHS_MS = (QUARTER_MS, 96 * QUARTER_MS, 64 * 96 * QUARTER_MS)
"""A quarter of an hour, a day, 64 days."""
ALWAYS_MS = 2**30 * LENGTHS_MS[-1]
"""An end of a span that is open, in either direction."""


class Kind(IntEnum):
    """What a sum is of; stored."""

    ALL = 0
    SESSION = 1
    MODEL = 2
    LANE = 3
    PROVIDER = 4
    CAUSE = 5
    TASK = 6


KEYS = {
    Kind.ALL: "''",
    Kind.SESSION: "coalesce(session_id, '')",
    Kind.MODEL: "provider || '/' || model",
    Kind.LANE: "lane",
    Kind.PROVIDER: "provider",
    Kind.CAUSE: "cause",
    Kind.TASK: "coalesce(task, '')",
}
"""The key of a ledger row, in SQL."""
_COLUMNS = (
    "cost_pico",
    "baseline_pico",
    "compared_pico",
    "compared",
    "estimated",
    "input_tokens",
    "output_tokens",
    "turns",
    "unknown_turns",
)
IS_TURN = "cause NOT IN ('correction', 'brief')"
"""What was asked for no turn makes none."""
_AMOUNTS = """
    coalesce(amount_pico, 0) AS cost_pico,
    iif(amount_pico IS NULL, 0, coalesce(baseline_pico, 0)) AS baseline_pico,
    iif(baseline_pico IS NULL, 0, coalesce(amount_pico, 0)) AS compared_pico,
    amount_pico IS NOT NULL AND baseline_pico IS NOT NULL AS compared,
    estimated AND reported_usd IS NULL AND coalesce(amount_pico, 0) <> 0 AS estimated,
    input_tokens, output_tokens"""
"""What a ledger row adds by itself; what it means for its turn depends on the turn's other rows."""
_ROW = f"SELECT at_ms, turn_id, amount_pico IS NULL, {IS_TURN}, {', '.join(KEYS.values())}, {_AMOUNTS} FROM ledger WHERE attempt_id = ?"
_UPSERT = (
    f"INSERT INTO ledger_sum (kind, level, key, bucket, {', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?{', ?' * len(_COLUMNS)})"
    f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = {name} + excluded.{name}' for name in _COLUMNS)}"
)
ADDED = ", ".join(f"sum({name})" for name in _COLUMNS)
"""The fields of a `Sum` over buckets, in SQL."""


class Sum(NamedTuple):
    """Over some ledger rows."""

    cost_pico: int = 0
    baseline_pico: int = 0
    """Over the rows where both amounts are known."""
    compared_pico: int = 0
    """The amounts of the same rows."""
    compared: int = 0
    """How many rows that is."""
    estimated: int = 0
    """Rows whose amount stands on tokens that we counted ourselves."""
    input_tokens: int = 0
    output_tokens: int = 0
    turns: int = 0
    """Each at its first attempt."""
    unknown_turns: int = 0
    """Those with an attempt of unknown price, each at the last of these."""

    def plus(self, other: Sum) -> Sum:
        return Sum(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def add(connection: apsw.Connection, attempt_id: str) -> None:
    """Count a row that was just appended, in its transaction."""
    ((at_ms, turn_id, is_unknown, is_turn, *rest),) = connection.execute(_ROW, (attempt_id,))
    keys, own = rest[: len(Kind)], Sum(*rest[len(Kind) :])
    changes: list[tuple[object, ...]] = []
    for kind, key in zip(Kind, keys, strict=True):
        first_ms, unknown_ms = _others(connection, attempt_id, turn_id, kind, key)
        begins = bool(is_turn) and (first_ms is None or at_ms < first_ms)
        is_last = bool(is_unknown) and (unknown_ms is None or at_ms > unknown_ms)
        changes += _at(kind, key, at_ms, own._replace(turns=int(begins), unknown_turns=int(is_last)))
        changes += _at(kind, key, first_ms if begins else None, Sum(turns=-1))
        changes += _at(kind, key, unknown_ms if is_last else None, Sum(unknown_turns=-1))
    connection.executemany(_UPSERT, changes)


def rename(connection: apsw.Connection, kind: Kind, key: str, to: str) -> None:
    """Add the sums of one key to those of another, in place of it."""
    rows = list(
        connection.execute(
            f"SELECT level, bucket, {', '.join(_COLUMNS)} FROM ledger_sum WHERE kind = ? AND level IN (0, 1, 2) AND key = ?",
            (kind, key),
        )
    )
    connection.execute("DELETE FROM ledger_sum WHERE kind = ? AND level IN (0, 1, 2) AND key = ?", (kind, key))
    connection.executemany(_UPSERT, [(kind, level, to, *columns) for level, *columns in rows])


def rebuild(connection: apsw.Connection) -> None:
    """Sum everything up anew."""
    connection.execute("DELETE FROM ledger_sum")
    _fill(connection, "ledger_sum")


def differences(connection: apsw.Connection) -> int:
    """How many sums are not those of the rows; 0 when all are right. Slow on a large ledger; needs a connection that may write."""
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS sum_anew AS SELECT * FROM main.ledger_sum LIMIT 0; DELETE FROM sum_anew"
    )
    try:
        _fill(connection, "sum_anew")
        stored = f"SELECT * FROM main.ledger_sum WHERE {' OR '.join(f'{name} <> 0' for name in _COLUMNS)}"
        anew = f"SELECT * FROM sum_anew WHERE {' OR '.join(f'{name} <> 0' for name in _COLUMNS)}"
        ((count,),) = connection.execute(
            f"SELECT count(*) FROM (SELECT * FROM ({stored} EXCEPT {anew}) UNION ALL SELECT * FROM ({anew} EXCEPT {stored}))"
        )
    finally:
        connection.execute("DROP TABLE sum_anew")
    return int(count)


def _fill(connection: apsw.Connection, table: str) -> None:
    columns = f"kind, level, key, bucket, {', '.join(_COLUMNS)}"
    for kind in Kind:
        connection.execute(
            f"INSERT INTO {table} ({columns}) SELECT {kind:d}, 0, key, bucket, {ADDED} FROM ({_PER_ROW[kind]}) GROUP BY key, bucket"
        )
    for level in (1, 2):
        ratio = LENGTHS_MS[level] // LENGTHS_MS[level - 1]
        higher = f"(bucket - ((bucket % {ratio}) + {ratio}) % {ratio}) / {ratio}"
        connection.execute(
            f"INSERT INTO {table} ({columns}) SELECT kind, {level}, key, {higher} AS higher, {ADDED} FROM {table}"
            f" WHERE level = {level - 1} GROUP BY kind, key, higher"
        )


def _per_row(kind: Kind) -> str:
    """What each ledger row adds to its sums."""
    key, turn = KEYS[kind], "coalesce(turn_id, attempt_id)"
    return f"""
        SELECT {key} AS key, (at_ms - ((at_ms % {QUARTER_MS}) + {QUARTER_MS}) % {QUARTER_MS}) / {QUARTER_MS} AS bucket, at_ms, session_id,
            {_AMOUNTS},
            {IS_TURN} AND row_number() OVER (PARTITION BY {key}, {turn}, {IS_TURN} ORDER BY at_ms, seq) = 1 AS turns,
            amount_pico IS NULL AND row_number() OVER (
                PARTITION BY {key}, {turn}, amount_pico IS NULL ORDER BY at_ms DESC, seq) = 1 AS unknown_turns
        FROM ledger"""


_PER_ROW = {kind: _per_row(kind) for kind in Kind}


def _others(
    connection: apsw.Connection, attempt_id: str, turn_id: str | None, kind: Kind, key: str
) -> tuple[int | None, int | None]:
    """When the turn's other attempts of this key began, and when the last of unknown price was."""
    if turn_id is None:
        return None, None
    ((first_ms, unknown_ms),) = connection.execute(
        f"SELECT min(at_ms) FILTER (WHERE {IS_TURN}), max(at_ms) FILTER (WHERE amount_pico IS NULL) FROM ledger"
        f" WHERE turn_id = ? AND attempt_id <> ? AND {KEYS[kind]} = ?",
        (turn_id, attempt_id, key),
    )
    return first_ms, unknown_ms


def _at(kind: Kind, key: str, at_ms: int | None, change: Sum) -> list[tuple[object, ...]]:
    """The change in the buckets of all lengths; none for no time."""
    if at_ms is None:
        return []
    return [(int(kind), level, key, at_ms // length, *change) for level, length in enumerate(LENGTHS_MS)]
