"""Signs of how good answers were: kept for good, taken back by a row, and without their turn once it is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.feedback import Sign, SignKind
from hawkmoth_tui.core.performance import MetricsBy
from hawkmoth_tui.store.rollups import ALWAYS_MS
from hawkmoth_tui.store.salvage import salvage
from tests.store import samples

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.core.performance import Wins
    from hawkmoth_tui.store.store import Store


def sign(name: str, kind: SignKind, turn_id: str = "t1") -> Sign:
    return Sign(name, 1000, kind, samples.SMALL, "coding", turn_id)


async def wins(store: Store) -> Wins:
    (each,) = await store.performances(MetricsBy.EACH, -ALWAYS_MS, ALWAYS_MS)
    return each.wins


async def test_a_win_rate_weighs_what_was_said_and_done(any_store: Store) -> None:
    await any_store.add_sign(sign("f1", SignKind.GOOD))
    await any_store.add_sign(sign("f2", SignKind.OVERKILL))
    await any_store.add_sign(sign("f3", SignKind.REGENERATED))

    assert (await wins(any_store)).rate == pytest.approx(200 / 240)


async def test_a_sign_that_is_taken_back_counts_no_more_and_is_kept(store: Store, path: Path) -> None:
    await store.add_sign(sign("f1", SignKind.GOOD))
    await store.add_sign(sign("f2", SignKind.TOO_WEAK))

    assert await store.undo_sign("f2", "f3")
    assert not await store.undo_sign("f2", "f4")
    assert not await store.undo_sign("nothing", "f5")

    assert (await wins(store)).rate == 1
    assert store.signs_of("t1") == (("f1", "good"),)
    with apsw.Connection(str(path)) as connection:
        assert list(connection.execute("SELECT id, weight, undoes FROM feedback ORDER BY seq")) == [
            ("f1", 100, None),
            ("f2", -100, None),
            ("f3", 100, "f2"),
        ]


@pytest.mark.parametrize("change", ["DELETE FROM feedback", "UPDATE feedback SET weight = 0"])
async def test_no_sign_is_ever_changed(store: Store, path: Path, change: str) -> None:
    await store.add_sign(sign("f1", SignKind.GOOD))

    with pytest.raises(apsw.ConstraintError, match="append-only"), apsw.Connection(str(path)) as connection:
        connection.execute(change)


async def test_a_sign_outlives_its_turn_without_naming_it(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn("t1"))
    await any_store.add_sign(sign("f1", SignKind.GOOD))
    any_store._database.writing.execute("DELETE FROM session")

    assert any_store.signs_of("t1") == ()
    assert (await wins(any_store)).rate == 1


async def test_signs_come_back_from_a_copy_once(store: Store, path: Path) -> None:
    await store.add_sign(sign("f1", SignKind.GOOD))
    copy = path.with_name("copy.db")
    store.backup(copy)
    await store.add_sign(sign("f2", SignKind.TOO_WEAK))

    await store.restore(copy)

    assert store.signs_of("t1") == (("f1", "good"), ("f2", "too_weak"))


async def test_signs_are_salvaged_from_a_damaged_store(store: Store, path: Path) -> None:
    for number in range(200):
        await store.add_sign(sign(f"f{number}", SignKind.GOOD))
    store.backup(copy := path.with_name("copy.db"))

    salvage(copy, target := path.with_name("whole.db"))

    connection = apsw.Connection(str(target))
    assert list(connection.execute("SELECT count(*), sum(weight), count(turn_id) FROM feedback")) == [
        (200, 20_000, 200)
    ]
    connection.close()
