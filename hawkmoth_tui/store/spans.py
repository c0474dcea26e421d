"""Sums of the ledger over spans of time, put together from the longest buckets that fit into each.

Only the quarters of an hour at the ends of a span are summed row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.store.rollups import ADDED, ALWAYS_MS, IS_TURN, KEYS, LENGTHS_MS, QUARTER_MS, Kind, Sum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import apsw


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


def summed(connection: apsw.Connection, kind: Kind, key: str, since_ms: int, until_ms: int = ALWAYS_MS) -> Sum:
    """The rows of one key within the span."""
    total = Sum()
    for piece in pieces(since_ms, until_ms):
        if piece.level is None:
            for _, found in rows_by_key(connection, kind, piece, key):
                total = total.plus(found)
            continue
        ((*added,),) = connection.execute(
            f"SELECT {ADDED} FROM ledger_sum WHERE kind = ? AND level = ? AND key = ? AND bucket >= ? AND bucket < ?",
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
                    f"SELECT key, {ADDED} FROM ledger_sum WHERE kind = ? AND level = ? AND bucket >= ? AND bucket < ? GROUP BY key",
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
                    f"SELECT {ADDED} FROM ledger_sum WHERE kind = 0 AND level = 0 AND key = '' AND bucket >= ? AND bucket < ?",
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
            sum({IS_TURN} AND NOT EXISTS ({other} AND other.{IS_TURN} AND (other.at_ms, other.seq) < (ledger.at_ms, ledger.seq))),
            sum(amount_pico IS NULL AND NOT EXISTS (
                {other} AND other.amount_pico IS NULL AND (-other.at_ms, other.seq) < (-ledger.at_ms, ledger.seq)))
        FROM ledger"""


def _of(table: str, key: str) -> str:
    for column in ("session_id", "provider", "model", "lane", "cause", "task"):
        key = key.replace(column, f"{table}.{column}")
    return key


_FROM_ROWS = {kind: _from_rows(kind) for kind in Kind}
