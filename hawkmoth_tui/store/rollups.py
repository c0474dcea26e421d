"""The ledger summed up while it grows, so that no sum takes longer because there is more to sum.

Each kind of key (everything, a session, a model, …) has buckets of three lengths. A span is put together from the longest that fit into
it; only the quarters of an hour at its ends are summed row by row. Days and months of every zone begin on such a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
_IS_TURN = "cause NOT IN ('correction', 'brief')"
"""What was asked for no turn makes none."""
_AMOUNTS = """
    coalesce(amount_pico, 0) AS cost_pico,
    iif(amount_pico IS NULL, 0, coalesce(baseline_pico, 0)) AS baseline_pico,
    iif(baseline_pico IS NULL, 0, coalesce(amount_pico, 0)) AS compared_pico,
    amount_pico IS NOT NULL AND baseline_pico IS NOT NULL AS compared,
    estimated AND reported_usd IS NULL AND coalesce(amount_pico, 0) <> 0 AS estimated,
    input_tokens, output_tokens"""
"""What a ledger row adds by itself; what it means for its turn depends on the turn's other rows."""
_ROW = f"SELECT at_ms, turn_id, amount_pico IS NULL, {_IS_TURN}, {', '.join(KEYS.values())}, {_AMOUNTS} FROM ledger WHERE attempt_id = ?"
_UPSERT = (
    f"INSERT INTO ledger_sum (kind, level, key, bucket, {', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?{', ?' * len(_COLUMNS)})"
    f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = {name} + excluded.{name}' for name in _COLUMNS)}"
)
_ADDED = ", ".join(f"sum({name})" for name in _COLUMNS)


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


@dataclass(frozen=True, slots=True)
class Piece:
    """Buckets of one length that follow each other, or rows of a part of a quarter."""

    level: int | None
    """None: rows."""
    first: int
    """Number of the first bucket, or milliseconds."""
    end: int
    """The first that does not belong to it any more."""


def pieces(
    since_ms: int, until_ms: int, level: int = len(LENGTHS_MS) - 1, lengths_ms: tuple[int, ...] = LENGTHS_MS
) -> Iterator[Piece]:
    """What the span is put together from, `until_ms` not included."""
    if since_ms >= until_ms:
        return
    if level < 0:
        yield Piece(None, since_ms, until_ms)
        return
    length = lengths_ms[level]
    first, end = -(-since_ms // length), until_ms // length
    if first >= end:
        yield from pieces(since_ms, until_ms, level - 1, lengths_ms)
        return
    yield from pieces(since_ms, first * length, level - 1, lengths_ms)
    yield Piece(level, first, end)
    yield from pieces(end * length, until_ms, level - 1, lengths_ms)


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


def summed(connection: apsw.Connection, kind: Kind, key: str, since_ms: int, until_ms: int = ALWAYS_MS) -> Sum:
    """The rows of one key within the span."""
    total = Sum()
    for piece in pieces(since_ms, until_ms):
        if piece.level is None:
            for _, found in rows_by_key(connection, kind, piece, key):
                total = total.plus(found)
            continue
        ((*added,),) = connection.execute(
            f"SELECT {_ADDED} FROM ledger_sum WHERE kind = ? AND level = ? AND key = ? AND bucket >= ? AND bucket < ?",
            (kind, piece.level, key, piece.first, piece.end),
        )
        total = total.plus(Sum(*(each or 0 for each in added)))
    return total


def by_key(connection: apsw.Connection, kind: Kind, since_ms: int, until_ms: int) -> dict[str, Sum]:
    """The rows within the span for each key of a kind."""
    sums: dict[str, Sum] = {}
    for piece in pieces(since_ms, until_ms):
        if piece.level is None:
            found = rows_by_key(connection, kind, piece)
        else:
            found = (
                (str(key), Sum(*added))
                for key, *added in connection.execute(
                    f"SELECT key, {_ADDED} FROM ledger_sum WHERE kind = ? AND level = ? AND bucket >= ? AND bucket < ? GROUP BY key",
                    (kind, piece.level, piece.first, piece.end),
                )
            )
        for key, added in found:
            sums[key] = sums.get(key, Sum()).plus(added)
    return {key: each for key, each in sums.items() if any(each)}


def turns_by_key(connection: apsw.Connection, kind: Kind) -> list[tuple[str, int]]:
    """How many turns each key of a kind has."""
    return list(
        connection.execute(
            "SELECT key, sum(turns) AS turns FROM ledger_sum WHERE kind = ? AND level = ? GROUP BY key HAVING turns > 0",
            (kind, len(LENGTHS_MS) - 1),
        )
    )


def last_quarter_ms(connection: apsw.Connection, kind: Kind, key: str) -> int | None:
    """Beginning of the last quarter of an hour in which a turn of the key began; None: none did."""
    rows = connection.execute(
        "SELECT bucket FROM ledger_sum WHERE kind = ? AND level = 0 AND key = ? AND turns > 0 ORDER BY bucket DESC LIMIT 1",
        (kind, key),
    )
    return next((bucket * QUARTER_MS for (bucket,) in rows), None)


def by_date(
    connection: apsw.Connection, since_ms: int, until_ms: int, date_of: Callable[[int], tuple[str, int]]
) -> dict[str, Sum]:
    """All rows within the span for each date. `date_of` names the one at a time, and says when it ends: at the end of a quarter."""
    sums: dict[str, Sum] = {}
    for piece in pieces(since_ms, until_ms, 0):
        if piece.level is None:
            date, _ = date_of(piece.first)
            for _, found in rows_by_key(connection, Kind.ALL, piece):
                sums[date] = sums.get(date, Sum()).plus(found)
            continue
        bucket: int | None = piece.first - 1
        while bucket is not None:
            ((bucket,),) = connection.execute(
                "SELECT min(bucket) FROM ledger_sum WHERE kind = 0 AND level = 0 AND key = '' AND bucket > ? AND bucket < ?",
                (bucket, piece.end),
            )
            if bucket is not None:
                date, end_ms = date_of(bucket * QUARTER_MS)
                end = min(end_ms // QUARTER_MS, piece.end)
                ((*added,),) = connection.execute(
                    f"SELECT {_ADDED} FROM ledger_sum WHERE kind = 0 AND level = 0 AND key = '' AND bucket >= ? AND bucket < ?",
                    (bucket, end),
                )
                sums[date] = sums.get(date, Sum()).plus(Sum(*added))
                bucket = end - 1
    return sums


def rows_by_key(
    connection: apsw.Connection, kind: Kind, piece: Piece, key: str | None = None
) -> Iterator[tuple[str, Sum]]:
    """The same sums straight from the rows; None: for every key."""
    within, values = "at_ms >= ? AND at_ms < ?", [piece.first, piece.end]
    if kind is Kind.SESSION and key:
        within, values = f"session_id = ? AND {within}", [key, *values]  # type: ignore[list-item]
    for found, *columns in connection.execute(f"{_FROM_ROWS[kind]} WHERE {within} GROUP BY key", values):
        if key is None or found == key:
            yield found, Sum(*columns)


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
            f"INSERT INTO {table} ({columns}) SELECT {kind:d}, 0, key, bucket, {_ADDED} FROM ({_PER_ROW[kind]}) GROUP BY key, bucket"
        )
    for level in (1, 2):
        ratio = LENGTHS_MS[level] // LENGTHS_MS[level - 1]
        higher = f"(bucket - ((bucket % {ratio}) + {ratio}) % {ratio}) / {ratio}"
        connection.execute(
            f"INSERT INTO {table} ({columns}) SELECT kind, {level}, key, {higher} AS higher, {_ADDED} FROM {table}"
            f" WHERE level = {level - 1} GROUP BY kind, key, higher"
        )


def _per_row(kind: Kind) -> str:
    """What each ledger row adds to its sums."""
    key, turn = KEYS[kind], "coalesce(turn_id, attempt_id)"
    return f"""
        SELECT {key} AS key, (at_ms - ((at_ms % {QUARTER_MS}) + {QUARTER_MS}) % {QUARTER_MS}) / {QUARTER_MS} AS bucket, at_ms, session_id,
            {_AMOUNTS},
            {_IS_TURN} AND row_number() OVER (PARTITION BY {key}, {turn}, {_IS_TURN} ORDER BY at_ms, seq) = 1 AS turns,
            amount_pico IS NULL AND row_number() OVER (
                PARTITION BY {key}, {turn}, amount_pico IS NULL ORDER BY at_ms DESC, seq) = 1 AS unknown_turns
        FROM ledger"""


_PER_ROW = {kind: _per_row(kind) for kind in Kind}


def _from_rows(kind: Kind) -> str:
    """The sums of some rows. Whether a row is its turn's first, or the last of unknown price, is seen by its other attempts."""
    key = KEYS[kind]
    other = f"SELECT 1 FROM ledger AS other WHERE other.turn_id = ledger.turn_id AND {_of('other', key)} = {_of('ledger', key)}"
    return f"""
        SELECT {_of("ledger", key)} AS key,
            sum(coalesce(amount_pico, 0)),
            sum(iif(amount_pico IS NULL, 0, coalesce(baseline_pico, 0))),
            sum(iif(baseline_pico IS NULL, 0, coalesce(amount_pico, 0))),
            count(amount_pico + baseline_pico),
            sum(estimated AND reported_usd IS NULL AND coalesce(amount_pico, 0) <> 0),
            sum(input_tokens), sum(output_tokens),
            sum({_IS_TURN} AND NOT EXISTS ({other} AND other.{_IS_TURN} AND (other.at_ms, other.seq) < (ledger.at_ms, ledger.seq))),
            sum(amount_pico IS NULL AND NOT EXISTS (
                {other} AND other.amount_pico IS NULL AND (-other.at_ms, other.seq) < (-ledger.at_ms, ledger.seq)))
        FROM ledger"""


def _of(table: str, key: str) -> str:
    for column in ("session_id", "provider", "model", "lane", "cause", "task"):
        key = key.replace(column, f"{table}.{column}")
    return key


_FROM_ROWS = {kind: _from_rows(kind) for kind in Kind}


def _others(
    connection: apsw.Connection, attempt_id: str, turn_id: str | None, kind: Kind, key: str
) -> tuple[int | None, int | None]:
    """When the turn's other attempts of this key began, and when the last of unknown price was."""
    if turn_id is None:
        return None, None
    ((first_ms, unknown_ms),) = connection.execute(
        f"SELECT min(at_ms) FILTER (WHERE {_IS_TURN}), max(at_ms) FILTER (WHERE amount_pico IS NULL) FROM ledger"
        f" WHERE turn_id = ? AND attempt_id <> ? AND {KEYS[kind]} = ?",
        (turn_id, attempt_id, key),
    )
    return first_ms, unknown_ms


def _at(kind: Kind, key: str, at_ms: int | None, change: Sum) -> list[tuple[object, ...]]:
    """The change in the buckets of all lengths; none for no time."""
    if at_ms is None:
        return []
    return [(int(kind), level, key, at_ms // length, *change) for level, length in enumerate(LENGTHS_MS)]
