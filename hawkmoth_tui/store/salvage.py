"""The rows of a damaged store, brought into a whole one: everything that stands on a page which can still be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import apsw

from hawkmoth_tui.store import files, migrations
from hawkmoth_tui.store.pagefile import open_pages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hawkmoth_tui.store.pagefile import Value

_LEFT_OUT = frozenset(
    {
        *("reservation", "ledger_sum", "metric_key", "metric_sum", "metric_mark", "turn_blob", "token_factor"),
        "sqlite_sequence",
    }
)
"""What is made again, or is of no use once the process has ended."""
_BETTER = {
    "session": "excluded.activity > session.activity",
    "turn": "(excluded.ended_at_ms IS NOT NULL, length(excluded.record)) > (turn.ended_at_ms IS NOT NULL, length(turn.record))",
}
"""Which of two rows of one key is kept, where a page that is used no more cannot be told from one that is; else the first found."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Table:
    """What a row of a table looks like."""

    name: str
    columns: tuple[str, ...]
    types: tuple[type | None, ...]
    """None: the rowid, which is stored beside the row."""
    required: tuple[bool, ...]
    has_rowid: bool

    def fits(self, rowid: int | None, row: tuple[Value, ...]) -> bool:
        """Columns that were added later may be missing."""
        if self.has_rowid != (rowid is not None) or len(row) > len(self.columns):
            return False
        if any(self.required[len(row) :]):
            return False
        return all(
            value is None if kind is None else isinstance(value, kind) if value is not None else not required
            for value, kind, required in zip(row, self.types, self.required, strict=False)
        )

    def values(self, rowid: int | None, row: tuple[Value, ...]) -> tuple[Value, ...]:
        filled = row + (None,) * (len(self.columns) - len(row))
        return tuple(rowid if kind is None else value for value, kind in zip(filled, self.types, strict=True))


def salvage(damaged: Path, target: Path) -> int:
    """Write a new store, `target`, with all rows that can be read of `damaged`; how many. Raises OSError, apsw.Error."""
    target.unlink(missing_ok=True)
    files.claim_file(target)
    connection = apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.pragma("journal_mode", "off")
        connection.pragma("synchronous", 0)
        migrations.migrate(connection, None)
        with open_pages(damaged) as pages, connection:
            count = _keep(connection, pages.rows())
            _relink_blobs(connection)
    finally:
        connection.close()
    return count


def _keep(connection: apsw.Connection, rows: Iterable[tuple[int | None, tuple[Value, ...]]]) -> int:
    tables = _tables(connection)
    statements = {table.name: _insert(table) for table in tables}
    waiting: dict[str, list[tuple[Value, ...]]] = {table.name: [] for table in tables}
    connection.pragma("foreign_keys", 0)
    before = connection.total_changes()
    for rowid, row in rows:
        table = next((table for table in tables if table.fits(rowid, row)), None)
        if table is None:
            continue
        batch = waiting[table.name]
        batch.append(table.values(rowid, row))
        if len(batch) >= _BATCH:
            connection.executemany(statements[table.name], batch)
            batch.clear()
    for name, batch in waiting.items():
        connection.executemany(statements[name], batch)
    return connection.total_changes() - before


def _insert(table: _Table) -> str:
    insert = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({', '.join('?' * len(table.columns))})"
    if table.name not in _BETTER:
        return f"{insert} ON CONFLICT DO NOTHING"
    changes = ", ".join(f"{column} = excluded.{column}" for column in table.columns if column != "seq")
    return f"{insert} ON CONFLICT (id) DO UPDATE SET {changes} WHERE {_BETTER[table.name]}"


def _relink_blobs(connection: apsw.Connection) -> None:
    """Which turn names which picture is said in the turns themselves."""
    connection.execute(
        """INSERT INTO turn_blob (turn_id, sha256)
           SELECT DISTINCT turn.id, named.value FROM turn, json_tree(turn.prompt) AS named
           WHERE json_valid(turn.prompt) AND named.key = 'sha256' AND named.value IN (SELECT sha256 FROM blob)
           UNION
           SELECT DISTINCT turn.id, named.value FROM turn, json_tree(turn.record) AS named
           WHERE json_valid(turn.record) AND named.key = 'sha256' AND named.value IN (SELECT sha256 FROM blob)"""
    )


def _tables(connection: apsw.Connection) -> tuple[_Table, ...]:
    """Those of today's schema, read from a store that has it."""
    kinds = {"TEXT": str, "INTEGER": int, "BLOB": bytes, "REAL": float}
    tables = []
    for name, without_rowid in list(
        connection.execute(
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ):
        if name in _LEFT_OUT:
            continue
        columns = list(connection.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)))
        aliases = [kind == "INTEGER" and bool(key) and not without_rowid for _, kind, _, key in columns]
        tables.append(
            _Table(
                str(name),
                tuple(str(column) for column, *_ in columns),
                tuple(None if alias else kinds[kind] for alias, (_, kind, _, _) in zip(aliases, columns, strict=True)),
                tuple(
                    bool(required) and not alias for alias, (_, _, required, _) in zip(aliases, columns, strict=True)
                ),
                not without_rowid,
            )
        )
    return tuple(tables)
