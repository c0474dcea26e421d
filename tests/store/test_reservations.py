"""Reservations: what is booked and what is held count together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.store.rows import Limit, Refusal, Reservation
from tests.store import samples

if TYPE_CHECKING:
    from hawkmoth_tui.store.store import Store


def want(
    name: str, amount_pico: int, session_id: str = "s1", turn_id: str = "t1", lane: str = "economy"
) -> Reservation:
    return Reservation(name, amount_pico, session_id, turn_id, "lab", lane)


async def test_the_limit_itself_may_be_reached(any_store: Store) -> None:
    assert await any_store.reserve(want("r1", 100), (Limit("day", 100),)) is None


async def test_what_is_booked_and_held_is_told_in_the_refusal(any_store: Store) -> None:
    limit = Limit("day", 100)
    await any_store.append_ledger(samples.row("a1", 40))
    await any_store.reserve(want("r1", 50), (limit,))

    assert await any_store.reserve(want("r2", 11), (limit,)) == Refusal(limit, 40, 50)


async def test_a_refused_amount_is_not_held(any_store: Store) -> None:
    await any_store.reserve(want("r1", 101), (Limit("day", 100),))

    assert await any_store.reserve(want("r2", 100), (Limit("day", 100),)) is None


async def test_a_stream_that_outgrows_its_reservation_asks_with_more(any_store: Store) -> None:
    limit = Limit("day", 100)
    await any_store.reserve(want("r1", 60), (limit,))

    assert await any_store.reserve(want("r1", 90), (limit,)) is None
    assert await any_store.reserve(want("r2", 11), (limit,)) == Refusal(limit, 0, 90)


async def test_settling_books_and_lets_go_at_once(any_store: Store) -> None:
    limit = Limit("day", 100)
    await any_store.reserve(want("r1", 90), (limit,))

    await any_store.settle("r1", samples.row("a1", 20))
    await any_store.settle("r1", samples.row("a1", 20))

    assert await any_store.reserve(want("r2", 81), (limit,)) == Refusal(limit, 20, 0)


async def test_released_is_free(any_store: Store) -> None:
    await any_store.reserve(want("r1", 100), ())

    await any_store.release("r1")
    await any_store.release("never held")

    assert await any_store.reserve(want("r2", 100), (Limit("day", 100),)) is None


@pytest.mark.parametrize(
    ("limit", "spent_pico", "reserved_pico"),
    [
        (Limit("day", 1, since_ms=2000), 20, 300),
        (Limit("month", 1), 30, 300),
        (Limit("session", 1, session_id="s1"), 10, 100),
        (Limit("turn", 1, turn_id="t2"), 20, 200),
        (Limit("lab day", 1, since_ms=2000, provider="lab"), 20, 300),
        (Limit("lab month", 1, provider="lab"), 30, 300),
        (Limit("elsewhere month", 0, provider="elsewhere"), 0, 0),
        (Limit("premium lane month", 1, lane="premium"), 20, 200),
    ],
)
async def test_each_limit_counts_its_own_scope(
    any_store: Store, limit: Limit, spent_pico: int, reserved_pico: int
) -> None:
    await any_store.append_ledger(samples.row("a1", 10, at_ms=1000, session_id="s1", turn_id="t1"))
    await any_store.append_ledger(samples.row("a2", 20, at_ms=3000, session_id="s2", turn_id="t2", lane="premium"))
    await any_store.reserve(want("r1", 100, "s1", "t1"), ())
    await any_store.reserve(want("r2", 200, "s2", "t2", "premium"), ())

    assert await any_store.reserve(want("r3", 1, "s3", "t3"), (limit,)) == Refusal(limit, spent_pico, reserved_pico)


async def test_an_unknown_amount_counts_nothing(any_store: Store) -> None:
    await any_store.append_ledger(samples.row("a1", None))

    assert await any_store.reserve(want("r1", 100), (Limit("day", 100),)) is None
