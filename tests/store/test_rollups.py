"""The sums kept beside the ledger: always those of its rows, and as quick over ten years as over a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.store import db, ledger, migrations, rollups, spans
from hawkmoth_tui.store.rollups import ALWAYS_MS, LENGTHS_MS, Kind
from hawkmoth_tui.store.spans import pieces
from tests.store import samples, strategies

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.store.rows import LedgerRow

times = st.integers(-(10**13), 10**13)


def booked(rows: list[LedgerRow]) -> db.Database:
    database = db.open_database(None)
    for row in rows:
        ledger.append(database.writing, row)
    return database


@given(st.lists(strategies.ledger_rows, max_size=25))
def test_every_sum_is_that_of_its_rows(rows: list[LedgerRow]) -> None:
    database = booked(rows)

    assert rollups.differences(database.writing) == 0

    database.close()


@given(st.lists(strategies.ledger_rows, max_size=15), times, times)
def test_a_span_is_put_together_exactly(rows: list[LedgerRow], one: int, other: int) -> None:
    since_ms, until_ms = sorted((1_700_000_000_000 + one % 10**10, 1_700_000_000_000 + other % 10**10))
    database = booked(rows)
    within = [row for row in rows if since_ms <= row.at_ms < until_ms]

    sums = spans.by_key(database.writing, Kind.MODEL, since_ms, until_ms)

    for model in {row.model for row in within}:
        own = [row for row in within if row.model == model]
        assert sums[str(model)].cost_pico == sum(row.amount_pico or 0 for row in own)
        assert sums[str(model)].output_tokens == sum(row.usage.output_tokens for row in own)
        assert spans.summed(database.writing, Kind.MODEL, str(model), since_ms, until_ms) == sums[str(model)]
    database.close()


@given(times, times)
def test_pieces_cover_a_span_without_gap_or_overlap(one: int, other: int) -> None:
    since_ms, until_ms = sorted((one, other))
    at_ms = since_ms

    for piece in pieces(since_ms, until_ms):
        length = 1 if piece.level is None else LENGTHS_MS[piece.level]
        assert piece.first * length == at_ms
        at_ms = piece.end * length

    assert at_ms == until_ms


def test_an_open_span_has_few_pieces() -> None:
    assert len(list(pieces(-ALWAYS_MS, ALWAYS_MS))) == 1
    assert len(list(pieces(1_750_000_123_456, ALWAYS_MS))) == 4


def test_a_sum_that_is_wrong_is_noticed_and_made_right() -> None:
    database = booked([samples.row("a1"), samples.row("a2", None, turn_id="t2")])
    database.writing.execute("UPDATE ledger_sum SET cost_pico = cost_pico + 1 WHERE kind = 0")

    assert rollups.differences(database.writing) > 0

    rollups.rebuild(database.writing)
    assert rollups.differences(database.writing) == 0
    database.close()


def test_an_older_store_gets_its_sums(path: Path) -> None:
    older = apsw.Connection(str(path))
    migrations.migrate(older, path, migrations.MIGRATIONS[:2])
    older.execute(
        "INSERT INTO ledger (attempt_id, at_ms, provider, model, lane, cause, input_tokens, output_tokens, cached_input_tokens,"
        " cache_write_tokens, reasoning_tokens, estimated, amount_pico, baseline) VALUES"
        " ('a1', 5, 'lab', 'm', 'economy', 'turn', 3, 4, 0, 0, 0, 0, 70, '')"
    )

    migrations.migrate(older, path)

    assert spans.summed(older, Kind.ALL, "", -ALWAYS_MS).cost_pico == 70
    assert rollups.differences(older) == 0
    older.close()
