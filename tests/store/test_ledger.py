"""The ledger: exact, append-only, once per attempt, and its sums."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.summaries import GroupBy, Spent
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.store import samples, strategies

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.store.rows import LedgerRow

BERLIN = ZoneInfo("Europe/Berlin")


def filled(rows: list[LedgerRow]) -> Store:
    async def fill() -> None:
        for session_id in ("s1", "s2"):
            await store.create_session(samples.session(session_id))
        for row in rows:
            await store.append_ledger(row)

    store = Store.open(None, owner=this_process(), clock_ms=lambda: 5000)
    asyncio.run(fill())
    return store


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def unknown_turns(rows: list[LedgerRow]) -> int:
    return len({row.turn_id or row.attempt_id for row in rows if row.amount_pico is None})


@given(st.lists(strategies.ledger_rows, max_size=25), st.sampled_from(GroupBy), st.sampled_from([UTC, BERLIN]))
def test_totals_equal_the_sum_of_the_rows(rows: list[LedgerRow], by: GroupBy, zone: ZoneInfo) -> None:
    store = filled(rows)

    totals = store.totals(by, zone=zone)

    assert totals.total_pico == sum(row.amount_pico or 0 for row in rows)
    assert totals.total_pico == sum(group.cost_pico for group in totals.groups)
    assert totals.unknown_turns == unknown_turns(rows)
    assert sum(group.input_tokens for group in totals.groups) == sum(row.usage.input_tokens for row in rows)
    assert sum(group.compared.saved_pico for group in totals.groups) == store.spent().saved_pico
    assert totals.compared.saved_pico == store.spent().saved_pico
    assert sum(summary.cost_pico for summary in store.sessions()) == totals.total_pico
    store.close()


@given(st.lists(strategies.ledger_rows, max_size=25), st.integers(1_700_000_000_000, 1_710_000_000_000))
def test_what_was_spent_equals_the_sum_of_the_rows(rows: list[LedgerRow], since_ms: int) -> None:
    store = filled(rows)
    counted = [row for row in rows if row.at_ms >= since_ms and row.session_id == "s1"]
    compared = [
        (row.baseline_pico, row.amount_pico)
        for row in counted
        if row.baseline_pico is not None and row.amount_pico is not None
    ]

    assert store.spent(since_ms, "s1") == Spent(
        cost_pico=sum(row.amount_pico or 0 for row in counted),
        unknown_turns=unknown_turns(counted),
        baseline_pico=sum(baseline for baseline, _ in compared),
        saved_pico=sum(baseline - amount for baseline, amount in compared),
        compared_attempts=len(compared),
        is_estimate=any(
            row.usage.estimated and row.usage.reported_cost_usd is None and bool(row.amount_pico) for row in counted
        ),
    )
    store.close()


@given(st.lists(strategies.ledger_rows, max_size=25))
def test_days_are_those_of_the_users_zone(rows: list[LedgerRow]) -> None:
    store, expected = filled(rows), Counter[str]()
    for row in rows:
        expected[datetime.fromtimestamp(row.at_ms / 1000, BERLIN).date().isoformat()] += row.amount_pico or 0

    groups = store.totals(GroupBy.DAY, zone=BERLIN).groups

    assert {group.key: group.cost_pico for group in groups} == dict(expected)
    assert [group.key for group in groups] == sorted(expected)
    store.close()


async def test_an_attempt_is_booked_once(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.append_ledger(samples.row("a1", 700))
    await any_store.append_ledger(samples.row("a1", 900))

    assert any_store.spent().cost_pico == 700
    assert any_store.sessions()[0].cost_pico == 700


async def test_an_unknown_price_is_counted_and_is_not_zero(any_store: Store) -> None:
    await any_store.append_ledger(samples.row("a1", None, prices=None, turn_id="t1"))
    await any_store.append_ledger(samples.row("a2", None, prices=None, turn_id="t1"))
    await any_store.append_ledger(samples.row("a3", None, prices=None, turn_id=None))

    spent = any_store.spent()

    assert (spent.cost_pico, spent.unknown_turns, spent.compared_attempts) == (0, 2, 0)


async def test_a_dearer_route_shows_a_minus(any_store: Store) -> None:
    await any_store.append_ledger(samples.row("a1", 900, baseline="lab/large", baseline_pico=400))
    await any_store.append_ledger(samples.row("a2", None, baseline="lab/large", baseline_pico=10_000))

    assert any_store.spent().saved_pico == -500


async def test_a_turn_over_midnight_counts_on_its_first_day(any_store: Store) -> None:
    await any_store.append_ledger(samples.row("a1", 1, at_ms=at("2026-03-28T23:59:59")))
    await any_store.append_ledger(samples.row("a2", 2, at_ms=at("2026-03-29T00:00:00")))
    await any_store.append_ledger(samples.row("a3", 4, at_ms=at("2026-03-29T23:59:59"), turn_id="t2"))

    groups = any_store.totals(GroupBy.DAY, zone=BERLIN).groups

    assert [(group.key, group.cost_pico, group.turns) for group in groups] == [
        ("2026-03-28", 1, 1),
        ("2026-03-29", 6, 1),
    ]


async def test_a_zone_of_odd_quarters_has_its_own_midnight(any_store: Store) -> None:
    nepal = timezone(timedelta(hours=5, minutes=45))
    midnight_ms = int(datetime(2026, 5, 1, tzinfo=nepal).timestamp() * 1000)
    await any_store.append_ledger(samples.row("a1", 1, at_ms=midnight_ms - 1))
    await any_store.append_ledger(samples.row("a2", 2, at_ms=midnight_ms))

    groups = any_store.totals(GroupBy.MONTH, zone=nepal).groups

    assert [(group.key, group.cost_pico) for group in groups] == [("2026-04", 1), ("2026-05", 2)]


async def test_totals_keep_to_their_span(any_store: Store) -> None:
    for number in range(5):
        await any_store.append_ledger(samples.row(f"a{number}", 10**number, at_ms=1000 * number))

    totals = any_store.totals(GroupBy.MODEL, since_ms=1000, until_ms=3000)

    assert totals.total_pico == 110
    assert [group.key for group in totals.groups] == ["lab/small/model"]


async def test_sessions_are_named_by_title_else_by_prompt_else_by_id(any_store: Store) -> None:
    await any_store.create_session(samples.session("s1", title="Moths"))
    await any_store.create_session(samples.session("s2"))
    await any_store.start_turn(samples.turn("t2", "about bats", session_id="s2"))
    for number, session_id in enumerate(("s1", "s2", "gone", None)):
        await any_store.append_ledger(samples.row(f"a{number}", 100 - number, session_id=session_id))

    groups = any_store.totals(GroupBy.SESSION).groups

    assert [group.label for group in groups] == ["Moths", "about bats", "gone", ""]


async def test_the_row_tells_the_exact_prices_and_their_source(store: Store, path: Path) -> None:
    usage = Usage(1, 2, 3, 4, 5, estimated=True, reported_cost_usd=Decimal("1E-9"))

    await store.append_ledger(samples.row("a1", usage=usage))

    with apsw.Connection(str(path)) as connection:
        assert list(
            connection.execute(
                "SELECT input_usd_per_mtok, output_usd_per_mtok, cached_input_usd_per_mtok, cache_write_usd_per_mtok,"
                " price_source, price_as_of, reported_usd, estimated, reasoning_tokens FROM ledger"
            )
        ) == [("0.10", "0.40", "0.05", None, "config", "2026-11-01", "0.000000001", 1, 5)]


@pytest.mark.parametrize("change", ["DELETE FROM ledger", "UPDATE ledger SET amount_pico = 0"])
async def test_no_row_is_ever_changed(store: Store, path: Path, change: str) -> None:
    await store.append_ledger(samples.row("a1"))

    with pytest.raises(apsw.ConstraintError, match="append-only"), apsw.Connection(str(path)) as connection:
        connection.execute(change)


async def test_an_amount_beyond_all_measure_is_refused_in_words(any_store: Store) -> None:
    with pytest.raises(StoreError, match="too large"):
        await any_store.append_ledger(samples.row("a1", 10**30))

    await any_store.append_ledger(replace(samples.row("a2"), amount_pico=1))
    assert any_store.spent().cost_pico == 1


_HOUR_MS = 3_600_000


async def test_the_turns_behind_a_line_are_found_newest_first_with_what_they_add_to_it(any_store: Store) -> None:
    turn = samples.turn("t2", "hello")
    await any_store.create_session(samples.session("s1"))
    await any_store.start_turn(turn)
    for number, (turn_id, model, at_ms, amount) in enumerate(
        (
            ("t1", "lab/small", 1000, 5),
            ("t2", "lab/small", _HOUR_MS, 7),
            ("t2", "lab/small", _HOUR_MS + 1, None),
            ("t2", "lab/large", _HOUR_MS + 2, 1000),
            (None, "lab/small", 3 * _HOUR_MS, -2),
            ("t3", "lab/small", 5 * _HOUR_MS, 9),
        )
    ):
        row = samples.row(
            f"a{number}", amount, at_ms=at_ms, session_id="s1", turn_id=turn_id, model=ModelRef.parse(model)
        )
        await any_store.append_ledger(row)

    found = any_store.charges(GroupBy.MODEL, "lab/small", until_ms=5 * _HOUR_MS)
    newest = any_store.charges(GroupBy.DAY, "1970-01-01", most=2)

    assert [(charge.turn_id, charge.cost_pico, charge.is_unknown) for charge in found] == [
        (None, -2, False),
        ("t2", 7, True),
        ("t1", 5, False),
    ]
    assert [charge.prompt for charge in found] == ["", turn.prompt.text, ""]
    assert [charge.turn_id for charge in newest] == ["t3", None]
