"""How attempts went: exact where they are young, within one per cent where they are summed up, and never counted twice."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.performance import MetricsBy
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.store import db, ledger, metrics, metrics_sketch, metrics_sums
from hawkmoth_tui.store.rollups import ALWAYS_MS
from hawkmoth_tui.store.rows import Cause, Measured
from tests.store import samples, strategies

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.performance import Performance
    from hawkmoth_tui.store.rows import LedgerRow
    from hawkmoth_tui.store.store import Store

DAY_MS = 86_400_000


def booked(rows: list[LedgerRow]) -> db.Database:
    database = db.open_database(None)
    for row in rows:
        ledger.append(database.writing, row)
    return database


def read(
    database: db.Database, by: MetricsBy = MetricsBy.EACH, since_ms: int = -ALWAYS_MS, until_ms: int = ALWAYS_MS
) -> dict[tuple[str, str, str], Performance]:
    return {
        (each.provider, each.model, each.task): each
        for each in metrics.performances(database.writing, by, since_ms, until_ms)
    }


def went(number: int, **facts: object) -> LedgerRow:
    """An attempt a minute after the one before, twice as long."""
    measured = Measured("coding", "ok", ttft_ms=100 + number, duration_ms=1000 + number, route_us=500)
    return replace(
        samples.row(f"a{number}", at_ms=1_700_000_000_000 + number * 60_000, turn_id=f"t{number}"),
        measured=replace(measured, **facts),  # type: ignore[arg-type]  # the fields are checked by the class
    )


@given(st.lists(strategies.ledger_rows, max_size=25), st.integers(0, 10**10), st.integers(0, 10**10))
def test_the_figures_are_those_of_the_rows_wherever_they_are_summed(
    rows: list[LedgerRow], one: int, other: int
) -> None:
    since_ms, until_ms = sorted((1_700_000_000_000 + one, 1_700_000_000_000 + other))
    database = booked(rows)
    metrics_sums.roll_up(database.writing, len(rows) // 2)
    within = [row for row in rows if since_ms <= row.at_ms < until_ms]

    found = read(database, MetricsBy.MODEL, since_ms, until_ms)

    assert set(found) == {(row.model.provider, str(row.model), "") for row in within}
    for each in found.values():
        own = [row for row in within if str(row.model) == each.model]
        measured = [row.measured for row in own if row.measured]
        assert each.requests == sum(row.cause is not Cause.CORRECTION for row in own)
        assert each.cost_pico == sum(row.amount_pico or 0 for row in own)
        assert each.unknown == sum(row.amount_pico is None for row in own)
        assert each.cached_tokens == sum(row.usage.cached_input_tokens for row in own)
        assert each.retries == sum(one.retries for one in measured)
        assert each.failed == sum(one.error is not None for one in measured)
        durations = [one.duration_ms for one in measured if one.duration_ms is not None]
        assert (each.duration_ms.count if each.duration_ms else 0) == len(durations)
        if each.duration_ms:
            assert each.duration_ms.mean == pytest.approx(statistics.mean(durations))
    assert metrics_sums.differences(database.writing) == 0
    database.close()


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=60))
def test_quantiles_are_within_one_per_cent_of_a_value_that_was_measured(values: list[int]) -> None:
    merged = sum(metrics_sketch.decode(metrics_sketch.encode(metrics_sketch.one(value))) for value in values)

    spread = metrics_sketch.spread(merged, sum(values))

    assert spread is not None
    assert spread.count == len(values)
    ordered = sorted(max(value, 1) for value in values)
    for quantile, found in ((0.5, spread.p50), (0.95, spread.p95), (0.99, spread.p99)):
        exact = ordered[int(quantile * (len(ordered) - 1))]
        assert abs(found - exact) <= exact * 0.0101


def test_old_attempts_are_summed_up_while_new_ones_come() -> None:
    step_ms = DAY_MS // 100
    rows = [replace(went(number), at_ms=1_700_000_000_000 + number * step_ms) for number in range(1000)]

    database = booked(rows)

    behind = 1000 - metrics_sums.mark(database.writing)
    assert 200 <= behind <= 200 + 3 * metrics_sums.STRIDE
    (each,) = read(database).values()
    assert (each.requests, each.duration_ms and each.duration_ms.count) == (1000, 1000)
    assert each.duration_ms is not None
    assert each.duration_ms.p95 == pytest.approx(1950, rel=0.01)
    assert metrics_sums.differences(database.writing) == 0
    database.close()


def test_a_sum_that_is_wrong_is_noticed() -> None:
    database = booked([replace(went(number), at_ms=number * DAY_MS) for number in range(128)])

    database.writing.execute("UPDATE metric_sum SET requests = requests + 1 WHERE level = 1 AND bucket = 3")

    assert metrics_sums.differences(database.writing) == 1
    database.close()


def test_errors_retries_and_fallbacks_are_counted_by_kind() -> None:
    database = booked(
        [
            went(1),
            went(2, outcome="failed", error="RateLimited", retries=2, ttft_ms=None),
            went(3, outcome="failed", error="RateLimited", ttft_ms=None),
            went(4, outcome="interrupted", error="StreamBroken", is_fallback=True),
        ]
    )

    (each,) = read(database).values()

    assert each.errors == {"RateLimited": 2, "StreamBroken": 1}
    assert (each.requests, each.failed, each.retries, each.fallbacks) == (4, 3, 2, 1)
    assert each.ttft_ms is not None
    assert each.ttft_ms.count == 2
    database.close()


def test_speed_is_that_of_whole_answers_from_their_first_token() -> None:
    database = booked(
        [
            replace(went(1, ttft_ms=1000, duration_ms=3000), usage=Usage(100, 80)),
            replace(went(2, ttft_ms=500, duration_ms=2500), usage=Usage(100, 40)),
            replace(went(3, outcome="interrupted", ttft_ms=1, duration_ms=2), usage=Usage(100, 10_000)),
        ]
    )

    (each,) = read(database).values()

    assert each.tokens_per_s == 30
    database.close()


def test_a_row_from_before_anything_was_measured_counts_with_its_cost() -> None:
    database = booked([samples.row("a1", 700)])

    (each,) = read(database).values()

    assert (each.requests, each.cost_pico, each.duration_ms, each.tokens_per_s) == (1, 700, None, None)
    database.close()


def test_each_grouping_has_its_own_lines() -> None:
    large = replace(went(2, task="chat"), model=ModelRef("lab", "large"))
    database = booked([went(1), large])

    assert list(read(database, MetricsBy.PROVIDER)) == [("lab", "", "")]
    assert set(read(database, MetricsBy.MODEL)) == {("lab", "lab/small/model", ""), ("lab", "lab/large", "")}
    assert set(read(database, MetricsBy.TASK)) == {("", "", "coding"), ("", "", "chat")}
    assert len(read(database, MetricsBy.EACH)) == 2
    database.close()


def steps(database: db.Database, work: Callable[[], object]) -> int:
    """How many steps SQLite's machine takes for it, in tens."""
    counted = 0

    def count() -> bool:
        nonlocal counted
        counted += 1
        return False

    database.writing.set_progress_handler(count, 10)
    work()
    database.writing.set_progress_handler(None)
    return counted


def test_a_look_and_a_record_cost_the_same_however_much_there_is() -> None:
    """Over five days with ten attempts an hour, and over a month: the buckets in a span of any length are few."""
    database = db.open_database(None)
    numbers = itertools.count()

    def grow(count: int) -> None:
        with database.writing as connection:
            for number in itertools.islice(numbers, count):
                ledger.append(connection, replace(went(number), at_ms=1_700_000_000_000 + number * 360_000))

    grow(1200)
    looks = steps(database, lambda: read(database, MetricsBy.MODEL))
    records = steps(database, lambda: grow(128))

    grow(6000)

    assert steps(database, lambda: read(database, MetricsBy.MODEL)) <= looks * 1.3 + 10
    assert steps(database, lambda: grow(128)) <= records * 1.2 + 10
    assert metrics_sums.differences(database.writing) == 0
    database.close()


async def test_a_store_that_lost_its_sums_makes_them_again(store: Store) -> None:
    connection = store._database.writing
    with connection:
        for number in range(5000):
            ledger.append(connection, replace(went(number), at_ms=number * DAY_MS // 10))
        connection.execute("DELETE FROM metric_sum; DELETE FROM metric_key; DELETE FROM metric_mark")

    (each,) = await store.performances(MetricsBy.PROVIDER, -ALWAYS_MS, ALWAYS_MS)

    assert each.requests == 5000
    assert metrics_sums.differences(connection) == 0
    assert metrics_sums.mark(connection) > 4900
