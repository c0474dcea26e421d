"""What recording an attempt costs, and how long a look at costs or metrics takes over very many of them.

python -m tests.bench.ledger                   1,000,000 attempts over two years: some minutes
python -m tests.bench.ledger --rows 50000      a look
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.performance import MetricsBy
from hawkmoth_tui.core.summaries import GroupBy
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.store import db, ledger
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.rollups import ALWAYS_MS
from hawkmoth_tui.store.rows import Limit, Measured
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.store.rows import LedgerRow

BEGAN_MS = 1_700_000_000_000
SPAN_MS = 2 * 365 * 24 * 60 * 60 * 1000
SAMPLED = 20_000
BATCH = 20_000
TASKS = ("coding", "chat", "math", "writing", "translation", "summary", "facts", "")
MODELS = tuple(ModelRef(f"provider{number % 5}", f"family/model-{number}") for number in range(20))

RECORD_MS = 0.3
QUERY_MS = 200
YEAR_MB = 20
YEARLY = 100_000
"""Attempts in a year of heavy use: nearly three hundred a day."""


def row(number: int, count: int) -> LedgerRow:
    """Attempts spread evenly over two years, of 20 models and 8 task types, one in 20 failed, one in 50 of unknown price."""
    failed = number % 20 == 7
    return samples.row(
        f"a{number}",
        None if number % 50 == 3 else 100_000 + number,
        at_ms=BEGAN_MS + number * SPAN_MS // count,
        session_id=f"s{number // 50}",
        turn_id=f"t{number}",
        model=MODELS[number * 7 % 20],
        usage=Usage(1000 + number % 5000, 200 + number % 900, number % 1000),
        baseline="lab/large",
        baseline_pico=900_000,
        measured=Measured(
            TASKS[number * 3 % 8],
            "failed" if failed else "ok",
            "RateLimited" if failed else None,
            ttft_ms=200 + number * 7919 % 3000,
            duration_ms=3500 + number * 104_729 % 30_000,
            route_us=300 + number % 900,
        ),
    )


def fill(path: Path, first: int, end: int, count: int) -> list[float]:
    """Books the attempts; seconds of work that each took."""
    database, took = db.open_database(path), []
    for begin in range(first, end, BATCH):
        with database.writing as connection:
            for number in range(begin, min(begin + BATCH, end)):
                each = row(number, count)
                began = time.thread_time()
                ledger.append(connection, each)
                took.append(time.thread_time() - began)
        database.writing.wal_checkpoint()
    database.close()
    return took


def queries(store: Store) -> dict[str, Callable[[], object]]:
    """Every look that the command line and the panes take."""
    since_ms = BEGAN_MS + SPAN_MS // 3 + 12_345
    found: dict[str, Callable[[], object]] = {
        "spent, ever": store.spent,
        "spent, since": lambda: store.spent(since_ms),
        "spent within a provider's month": lambda: store.spent_within(Limit("", 1, since_ms, provider="provider1")),
    }
    week_ms = BEGAN_MS + SPAN_MS - 7 * 24 * 60 * 60 * 1000
    found["cost by hour, a week"] = lambda: store.totals(GroupBy.HOUR, week_ms)
    for by in set(GroupBy) - {GroupBy.HOUR}:
        found[f"cost by {by.value}"] = lambda by=by: store.totals(by)  # type: ignore[misc]
        found[f"cost by {by.value}, since"] = lambda by=by: store.totals(by, since_ms)  # type: ignore[misc]
    for by, key in ((GroupBy.MODEL, str(MODELS[3])), (GroupBy.TASK, "math"), (GroupBy.DAY, "")):
        found[f"turns behind a {by.value}, ever"] = lambda by=by, key=key: store.charges(by, key, most=300)  # type: ignore[misc]
    for each in MetricsBy:
        found[f"metrics by {each.value}"] = lambda by=each: asyncio.run(  # type: ignore[misc]
            store.performances(by, -ALWAYS_MS, ALWAYS_MS)
        )
        found[f"metrics by {each.value}, between"] = lambda by=each: asyncio.run(  # type: ignore[misc]
            store.performances(by, since_ms, BEGAN_MS + SPAN_MS - 54_321)
        )
    return found


def measured(path: Path, count: int) -> tuple[list[float], dict[str, float]]:
    """Milliseconds of the last records, and the fastest of three of each look."""
    fill(path, 0, count - min(SAMPLED, count), count)
    took = [each * 1000 for each in fill(path, count - min(SAMPLED, count), count, count)]
    store = Store.open(path, owner=this_process(), clock_ms=lambda: BEGAN_MS + SPAN_MS)
    looks: dict[str, float] = {}
    for name, work in queries(store).items():
        times = []
        for _ in range(3):
            began = time.perf_counter()
            work()
            times.append(time.perf_counter() - began)
        looks[name] = min(times) * 1000
    store.close()
    return took, looks


def sums_mb(path: Path) -> float:
    """What the sums of the metrics take in the file."""
    with db.open_database(path).reading as connection:
        ((size,),) = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name IN ('metric_sum', 'metric_key')")
    return float(size or 0) / 1e6


def main() -> None:
    """Prints the figures beside their goals."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ledger", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hawkmoth.db"
        took, looks = measured(path, count)
        fill(year := Path(folder) / "year.db", 0, YEARLY, 2 * YEARLY)
        size = sums_mb(year)
    say = sys.stdout.write
    say(f"{count:,} attempts over two years\n")
    say(f"{'record an attempt, median':44}{statistics.median(took):9.3f} ms   goal {RECORD_MS} ms\n")
    say(f"{'record an attempt, mean with summing up':44}{statistics.fmean(took):9.3f} ms   goal {RECORD_MS} ms\n")
    for name, took_ms in looks.items():
        say(f"{name:44}{took_ms:9.1f} ms   goal {QUERY_MS} ms{'' if took_ms <= QUERY_MS else '   MISSED'}\n")
    say(f"{f'sums of the metrics, {YEARLY:,} attempts a year':44}{size:9.1f} MB   goal {YEAR_MB} MB\n")


if __name__ == "__main__":
    main()
