"""The hundred-thousandth append costs what the first did: counted in steps of SQLite's machine, not in time."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.summaries import GroupBy
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.store import branches, db, experience, journal, ledger, reservations, sessions, totals, turns
from hawkmoth_tui.store.journal import Entry
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.rows import Limit, Reservation
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import apsw

FEW, MANY = 50, 5000
HERE = this_process()
NUMBERS = itertools.count()


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    database = db.open_database(None)
    yield database.writing
    database.close()


def steps(connection: apsw.Connection, work: Callable[[apsw.Connection], object]) -> int:
    """How many steps the work takes, in tens."""
    counted = 0

    def count() -> bool:
        nonlocal counted
        counted += 1
        return False

    connection.set_progress_handler(count, 10)
    work(connection)
    connection.set_progress_handler(None)
    return counted


def grow(connection: apsw.Connection, first: int, last: int) -> None:
    """One long session, and a session of one turn per number, each booked."""
    with connection:
        for number in range(first, last):
            sessions.create(connection, samples.session(f"s{number}"))
            turns.save(
                connection, replace(samples.turn(f"other{number}", session_id=f"s{number}"), state=TurnState.DONE), HERE
            )
            long = samples.turn(f"t{number}", parent=f"t{number - 1}" if number else None, session_id="s0")
            turns.save(connection, replace(long, state=TurnState.DONE, answer=(Text("a moth"),)), HERE)
            ledger.append(
                connection, samples.row(f"a{number}", session_id="s0", turn_id=long.id, at_ms=number % FEW * 10**8)
            )


def append(connection: apsw.Connection) -> None:
    turn = samples.turn(f"new{next(NUMBERS)}", parent="t9", session_id="s0")
    turns.start(connection, turn, HERE, 5000)
    journal.append(connection, [Entry(turn.id, 1, TextDelta("x"), 5000)])
    turns.save(connection, replace(turn, state=TurnState.DONE), HERE)
    ledger.append(connection, samples.row(turn.id, None, session_id="s0", turn_id=turn.id))


def look(connection: apsw.Connection) -> None:
    sessions.summaries(connection, 20, 0)
    sessions.latest(connection)
    turns.ancestors(connection, "t40", 20)
    turns.read(connection, "t9")
    turns.live(connection)
    journal.delete_orphans(connection)


def reserve(connection: apsw.Connection) -> None:
    limits = (Limit("turn", 10**9, turn_id="t9"), Limit("session", 10**9, session_id="s9"))
    reservations.reserve(connection, Reservation("r1", 1, "s9", "t9"), limits, HERE)
    reservations.release(connection, "r1")


def add_up(connection: apsw.Connection) -> None:
    for since_ms in (0, 3 * 10**9 + 1):
        ledger.spent(connection, since_ms, None)
        ledger.spent(connection, since_ms, "s0")
    totals.totals(connection, GroupBy.DAY, None, None, UTC)
    totals.totals(connection, GroupBy.MODEL, None, None, UTC)


def pick(connection: apsw.Connection) -> None:
    assert [use.turns for use in experience.read(connection)] > [FEW - 1]


def go_to_another_version(connection: apsw.Connection) -> None:
    """Of the first turn of the long session, and back again."""
    ((head,),) = connection.execute(
        "SELECT id FROM turn WHERE session_id = 's0' AND id <> 'beside' ORDER BY seq DESC LIMIT 1"
    )
    turns.save(connection, replace(samples.turn("beside", session_id="s0"), state=TurnState.DONE), HERE)
    connection.execute("UPDATE session SET head_turn_id = ? WHERE id = 's0'", (head,))
    branches.standings_after(connection, "s0", ["t9", None])
    assert branches.step(connection, "t0", 1, head).first == "beside"
    branches.undo(connection, "s0")
    branches.undo(connection, "s0")
    branches.step(connection, "beside", 1, "beside")


@pytest.mark.parametrize("work", [append, look, reserve, add_up, pick, go_to_another_version])
def test_the_cost_does_not_grow_with_the_store(
    connection: apsw.Connection, work: Callable[[apsw.Connection], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experience, "MEASURED_TURNS", FEW)
    monkeypatch.setattr(branches, "MOST_READ", FEW)
    grow(connection, 0, FEW)
    before = steps(connection, work)

    grow(connection, FEW, MANY)

    assert steps(connection, work) <= before * 1.2 + 2
