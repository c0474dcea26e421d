"""How attempts went, summed up behind the ledger's end: per provider, model and task type, in buckets of four lengths.

The rows of the last two days stay unsummed, so that what happened of late is exact; everything before them is counted here once, in the
order of insertion, however wrong the clocks were.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hawkmoth_tui.store.metrics_sketch import decode, encode, one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import apsw

    from hawkmoth_tui.store.spans import Piece

_DAY_MS = 24 * 60 * 60 * 1000
LENGTHS_MS = (_DAY_MS // 96, _DAY_MS, 8 * _DAY_MS, 64 * _DAY_MS)
"""A quarter of an hour, a day, 8 and 64 days, in UTC."""
RECENT_MS = 2 * _DAY_MS
"""Rows younger than this before the newest are read one by one."""
MOST_RECENT = 4096
"""But no more rows than these: the oldest beyond them are summed up although they are young."""
STRIDE = 64
"""With every so many attempts, twice as many that are old enough are summed up."""
COUNTS = (
    "requests",
    "retries",
    "fallbacks",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "cost_pico",
    "unknown",
    "duration_ms",
    "ttft_ms",
    "route_us",
    "written_tokens",
    "writing_ms",
)
_ROWS = """
    SELECT seq, at_ms, provider, model, coalesce(task, ''), error, duration_ms, ttft_ms, route_us,
        cause <> 'correction', coalesce(retries, 0), coalesce(is_fallback, 0),
        input_tokens, cached_input_tokens, output_tokens, coalesce(amount_pico, 0), amount_pico IS NULL,
        coalesce(duration_ms, 0), coalesce(ttft_ms, 0), coalesce(route_us, 0),
        iif(outcome = 'ok' AND duration_ms > ttft_ms AND output_tokens > 0, output_tokens, 0),
        iif(outcome = 'ok' AND duration_ms > ttft_ms AND output_tokens > 0, duration_ms - ttft_ms, 0)
    FROM ledger"""
_STORED = f"{', '.join(COUNTS)}, errors, durations, ttfts, routes"
_REPLACE = (
    f"INSERT INTO metric_sum (level, bucket, key, {_STORED}) VALUES (?, ?, ?, {', '.join('?' * (len(COUNTS) + 4))})"
    " ON CONFLICT (level, bucket, key) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*COUNTS, "errors", "durations", "ttfts", "routes"))
)

Key = tuple[str, str, str]
"""Provider, model id and task type; the last is empty where it is not known."""


@dataclass(slots=True)
class Tally:
    """Sums over some attempts; sketches of what they took."""

    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTS))
    errors: dict[str, int] = field(default_factory=dict)
    durations: int = 0
    ttfts: int = 0
    routes: int = 0

    def add(self, other: Tally) -> None:
        self.counts = list(map(int.__add__, self.counts, other.counts))
        for error, count in other.errors.items():
            self.errors[error] = self.errors.get(error, 0) + count
        self.durations += other.durations
        self.ttfts += other.ttfts
        self.routes += other.routes

    def __getitem__(self, name: str) -> int:
        return self.counts[COUNTS.index(name)]


@dataclass(frozen=True, slots=True)
class Attempted:
    """One ledger row."""

    seq: int
    at_ms: int
    key: Key
    tally: Tally


def attempts(connection: apsw.Connection, condition: str, values: tuple[int, ...]) -> Iterator[Attempted]:
    """The rows that fulfil the condition, in SQL."""
    for seq, at_ms, provider, model, task, error, duration, ttft, route, *counts in connection.execute(
        f"{_ROWS} WHERE {condition}", values
    ):
        yield Attempted(
            seq,
            at_ms,
            (provider, model, task),
            Tally(counts, {error: 1} if error else {}, one(duration), one(ttft), one(route)),
        )


def rows(connection: apsw.Connection, condition: str, values: tuple[int, ...]) -> Iterator[tuple[Key, Tally]]:
    """The same for sums."""
    for row in attempts(connection, condition, values):
        yield row.key, row.tally


def summed(connection: apsw.Connection, piece: Piece) -> Iterator[tuple[Key, Tally]]:
    """The stored sums of one piece of time."""
    keys = _names(connection)
    for number, *stored in connection.execute(
        f"SELECT key, {_STORED} FROM metric_sum WHERE level = ? AND bucket >= ? AND bucket < ?",
        (piece.level, piece.first, piece.end),
    ):
        yield keys[number], _tally(stored)


def mark(connection: apsw.Connection) -> int:
    """The last ledger row that is summed up; 0 when none is."""
    ((seq,),) = connection.execute("SELECT coalesce(max(last_seq), 0) FROM metric_mark")
    return int(seq)


def follow(connection: apsw.Connection, seq: int) -> None:
    """Keep pace with the ledger, whose row `seq` was just appended."""
    if seq % STRIDE == 0:
        roll_up(connection, 2 * STRIDE)


def is_behind(connection: apsw.Connection) -> bool:
    """Whether so much is not summed up that reading it would take long: after a restore, or when sums were lost."""
    return _last(connection) - mark(connection) > MOST_RECENT + 4 * STRIDE


def catch_up(connection: apsw.Connection) -> None:
    """Sum up all that is due."""
    while roll_up(connection, 2048):
        pass


def roll_up(connection: apsw.Connection, at_most: int) -> int:
    """Sum up the oldest rows that are not yet, so many at the most; how many. In a transaction."""
    done = mark(connection)
    ((newest_ms,),) = connection.execute("SELECT max(at_ms) FROM ledger")
    last = _last(connection)
    due: list[Attempted] = []
    for row in attempts(connection, "seq > ? ORDER BY seq LIMIT ?", (done, at_most)):
        if row.at_ms > newest_ms - RECENT_MS and last - row.seq < MOST_RECENT:
            break
        due.append(row)
    if due:
        _store(connection, due)
        connection.execute("INSERT OR REPLACE INTO metric_mark (id, last_seq) VALUES (1, ?)", (due[-1].seq,))
    return len(due)


def differences(connection: apsw.Connection) -> int:
    """How many sums are not those of the rows; 0 when all are right. Slow on a large ledger."""
    done, length = mark(connection), LENGTHS_MS[-1]
    spans = {bucket for (bucket,) in connection.execute("SELECT DISTINCT bucket FROM metric_sum WHERE level = 3")}
    spans |= {
        at_ms // length
        for (at_ms,) in connection.execute(
            f"SELECT min(at_ms) FROM ledger WHERE seq <= ? GROUP BY at_ms / {length}", (done,)
        )
    }
    return sum(_differences_within(connection, span, done) for span in spans) + _out_of_span(connection, spans)


def _differences_within(connection: apsw.Connection, span: int, done: int) -> int:
    length = LENGTHS_MS[-1]
    rows = attempts(connection, "at_ms >= ? AND at_ms < ? AND +seq <= ?", (span * length, (span + 1) * length, done))
    anew, names, wrong = _buckets(rows), _names(connection), 0
    for level, each in enumerate(LENGTHS_MS):
        ratio = length // each
        for bucket, number, *stored in connection.execute(
            f"SELECT bucket, key, {_STORED} FROM metric_sum WHERE level = ? AND bucket >= ? AND bucket < ?",
            (level, span * ratio, (span + 1) * ratio),
        ):
            wrong += anew.pop((level, bucket, names[number]), None) != _tally(stored)
    return wrong + len(anew)


def _out_of_span(connection: apsw.Connection, spans: set[int]) -> int:
    """Sums of short spans that no long one has."""
    return sum(
        bucket * each // LENGTHS_MS[-1] not in spans
        for level, each in enumerate(LENGTHS_MS)
        for (bucket,) in connection.execute("SELECT DISTINCT bucket FROM metric_sum WHERE level = ?", (level,))
    )


def _store(connection: apsw.Connection, rows: Iterable[Attempted]) -> None:
    numbers: dict[Key, int] = {}
    for (level, bucket, key), tally in _buckets(rows).items():
        if key not in numbers:
            numbers[key] = _number(connection, key)
        place = (level, bucket, numbers[key])
        for stored in connection.execute(
            f"SELECT {_STORED} FROM metric_sum WHERE level = ? AND bucket = ? AND key = ?", place
        ):
            tally.add(_tally(stored))
        errors = json.dumps(tally.errors, sort_keys=True) if tally.errors else None
        sketches = (encode(tally.durations), encode(tally.ttfts), encode(tally.routes))
        connection.execute(_REPLACE, (*place, *tally.counts, errors, *sketches))


def _buckets(rows: Iterable[Attempted]) -> dict[tuple[int, int, Key], Tally]:
    """The rows by length and number of bucket, and key."""
    found: dict[tuple[int, int, Key], Tally] = {}
    for row in rows:
        for level, length in enumerate(LENGTHS_MS):
            found.setdefault((level, row.at_ms // length, row.key), Tally()).add(row.tally)
    return found


def _tally(stored: Sequence[object]) -> Tally:
    *counts, errors, durations, ttfts, routes = stored
    return Tally(counts, json.loads(errors) if errors else {}, decode(durations), decode(ttfts), decode(routes))  # type: ignore[arg-type]  # the table is strict


def _names(connection: apsw.Connection) -> dict[int, Key]:
    return {
        number: (provider, model, task)
        for number, provider, model, task in connection.execute("SELECT id, provider, model, task FROM metric_key")
    }


def _number(connection: apsw.Connection, key: Key) -> int:
    connection.execute("INSERT INTO metric_key (provider, model, task) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key)
    ((number,),) = connection.execute("SELECT id FROM metric_key WHERE provider = ? AND model = ? AND task = ?", key)
    return int(number)


def _last(connection: apsw.Connection) -> int:
    ((seq,),) = connection.execute("SELECT coalesce(max(seq), 0) FROM ledger")
    return int(seq)
