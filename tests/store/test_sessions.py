"""Sessions and their list."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import SessionNotFound, StoreError
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.session import Generation
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.store.store import Store
    from tests.store.conftest import Clock


async def test_a_session_comes_back_with_all_its_facts(reopen: Callable[[], Store]) -> None:
    session = samples.session(
        title="Möths \0",
        model=ModelRef("together", "meta/llama"),
        policy="private",
        generation=Generation("be brief", Decimal("0.70"), 100, "low"),
    )
    await reopen().create_session(session)

    assert reopen().session("s1") == session


async def test_a_session_is_changed_whole(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    renamed = samples.session(title="Moths", updated_at_ms=2000)

    await any_store.change_session("s1", lambda _: renamed)

    assert any_store.session("s1") == renamed


async def test_what_is_not_there(any_store: Store) -> None:
    assert any_store.session("nobody") is None
    assert any_store.turn("nobody") is None
    assert any_store.latest_session() is None
    assert any_store.sessions() == ()
    with pytest.raises(SessionNotFound, match="nobody"):
        await any_store.change_session("nobody", lambda session: session)


async def test_a_second_session_of_the_same_id_is_refused(any_store: Store) -> None:
    await any_store.create_session(samples.session())

    with pytest.raises(StoreError):
        await any_store.create_session(samples.session(title="other"))

    session = any_store.session("s1")
    assert session is not None
    assert session.title == ""


async def test_the_list_begins_where_something_was_asked_last(any_store: Store) -> None:
    for session_id in ("a", "b", "c"):
        await any_store.create_session(samples.session(session_id))

    await any_store.start_turn(samples.turn("t1", session_id="a"))

    assert [summary.session.id for summary in any_store.sessions()] == ["a", "c", "b"]
    assert [summary.session.id for summary in any_store.sessions(limit=1, offset=1)] == ["c"]


async def test_the_latest_session_is_one_with_turns(any_store: Store) -> None:
    await any_store.create_session(samples.session("asked"))
    await any_store.start_turn(samples.turn("t1", session_id="asked"))
    await any_store.create_session(samples.session("empty"))

    latest = any_store.latest_session()

    assert latest is not None
    assert latest.id == "asked"


async def test_a_clock_that_jumps_back_a_year_reorders_nothing(any_store: Store, clock: Clock) -> None:
    await any_store.create_session(samples.session("before"))
    await any_store.start_turn(samples.turn("t9", "first", session_id="before"))
    clock.now_ms -= 365 * 24 * 3_600_000
    await any_store.create_session(samples.session("after", created_at_ms=clock.now_ms, updated_at_ms=clock.now_ms))
    await any_store.start_turn(samples.turn("t2", "second", session_id="after"))
    await any_store.start_turn(replace(samples.turn("t1", "third", session_id="after", parent="t2"), created_at_ms=1))

    latest = any_store.latest_session()

    assert latest is not None
    assert latest.id == "after"
    assert [turn.id for turn in any_store.branch("after")] == ["t2", "t1"]
    assert any_store.history() == ("third", "second", "first")


async def test_the_list_tells_turns_cost_and_the_last_prompt(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn("t1", "first"))
    await any_store.start_turn(samples.turn("t2", "second\n  line " + "x" * 500, parent="t1"))
    await any_store.append_ledger(samples.row("a1", 700, turn_id="t1"))
    await any_store.append_ledger(samples.row("a2", None, turn_id="t2"))
    await any_store.append_ledger(samples.row("a3", None, turn_id="t2"))
    await any_store.append_ledger(samples.row("a4", 50, turn_id="t2"))

    (summary,) = any_store.sessions()

    assert (summary.turns, summary.cost_pico, summary.unknown_turns) == (2, 750, 1)
    assert summary.preview.startswith("second line xxx")
    assert len(summary.preview) == 200
