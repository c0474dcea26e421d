"""Several processes on one store, and processes that die."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.turn import Attempt, Outcome, TurnState
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.store.db import thorough_check
from hawkmoth_tui.store.owner import is_alive, this_process
from hawkmoth_tui.store.rows import Limit, Owner, Reservation
from hawkmoth_tui.store.store import Store
from tests.patience import PATIENCE_S
from tests.store import programs, samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.store.rows import LedgerRow

AT_ONCE = 8


def run_at_once(name: str, path: Path, *arguments: str, limit_s: float = 2 * PATIENCE_S) -> list[str]:
    """Eight of the same program, begun together; what each said last."""
    running = [programs.start(name, path, *arguments) for _ in range(AT_ONCE)]
    for process in running:
        programs.tell(process)
    ends = [process.communicate(timeout=limit_s) for process in running]
    assert [(process.returncode, errors) for process, (_, errors) in zip(running, ends, strict=True)] == [
        (0, "")
    ] * AT_ONCE
    return [said.splitlines()[-1] for said, _ in ends]


def kill_while_it_streams(path: Path, words: int) -> int:
    """Kill a streaming process some words after so many were on the disk; how many were there by then."""
    process = programs.start("stream", path)
    programs.tell(process)
    for _ in range(words):
        assert hear(process)
    with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        deadline = time.monotonic() + PATIENCE_S
        while (safe := written(connection)) < words:
            assert time.monotonic() < deadline
    for _ in range(words % 37):
        assert hear(process)
    process.kill()
    process.communicate()
    return safe


def written(connection: apsw.Connection) -> int:
    """How many words of the journal another process finds on the disk."""
    return sum(str(text).count(" ") for (text,) in connection.execute("SELECT text FROM turn_chunk"))


def dead_owner() -> Owner:
    """A process that ran a moment ago."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return Owner(process.pid, this_process().started)


@pytest.mark.parametrize("rounds", [20, pytest.param(1000, marks=pytest.mark.full)])
def test_eight_first_starts_at_once_all_succeed(home: Path, rounds: int) -> None:
    running = [programs.start("first", home) for _ in range(AT_ONCE)]
    for process in running:
        programs.tell(process)

    for number in range(rounds):
        for process in running:
            programs.tell(process, f"{number}.db")
        assert [hear(process) for process in running] == ["stored"] * AT_ONCE
        store = Store.open(home / f"{number}.db", owner=this_process(), clock_ms=lambda: 5000)
        assert [summary.turns for summary in store.sessions()] == [1] * AT_ONCE
        assert store.check() == ()
        store.close()

    assert {process.communicate()[1] for process in running} == {""}
    assert not list(home.glob("*.bak*"))


@pytest.mark.parametrize("seconds", [1, pytest.param(60, marks=pytest.mark.full)])
def test_eight_processes_write_at_once_and_everything_is_stored(
    path: Path, reopen: Callable[[], Store], seconds: int
) -> None:
    said = run_at_once("write", path, str(seconds), limit_s=2 * PATIENCE_S + 2 * seconds)

    store = reopen()
    turns = sum(map(int, said))
    assert turns >= AT_ONCE
    assert sum(summary.turns for summary in store.sessions()) == turns
    assert store.spent().cost_pico == 3 * turns
    assert store.check() == ()
    assert thorough_check(path) == ()


def test_eight_processes_never_pass_a_limit_together(path: Path, reopen: Callable[[], Store]) -> None:
    booked = sum(int(said) for said in run_at_once("spend", path, "1000"))

    assert booked == reopen().spent().cost_pico
    assert 1000 - 7 < booked <= 1000


@pytest.mark.parametrize("words", [1, 300, 700])
def test_a_killed_process_loses_nothing_that_was_on_the_disk_and_that_is_soon(
    path: Path, reopen: Callable[[], Store], words: int
) -> None:
    safe = kill_while_it_streams(path, words)

    store = reopen()
    (turn,) = store.recover()
    kept = [int(word) for word in turn.text.split()]
    assert kept == list(range(len(kept)))
    assert len(kept) >= safe
    assert (turn.state, turn.error and turn.error.type) == (TurnState.INTERRUPTED, "StreamBroken")
    assert turn.prompt == samples.turn().prompt
    assert store.turn("t1") == turn
    assert store.check() == ()
    assert store.recover() == ()


@pytest.mark.full
def test_a_thousand_kills(path: Path) -> None:
    for words in range(1, 1001):
        store = Store.open(path.with_name(f"{words}.db"), owner=this_process(), clock_ms=lambda: 5000)
        safe = kill_while_it_streams(path.with_name(f"{words}.db"), words)

        (turn,) = store.recover()

        assert len(turn.text.split()) >= safe
        assert store.check() == ()
        store.close()


def test_what_a_killed_process_held_is_free_again(path: Path, reopen: Callable[[], Store]) -> None:
    kill_while_it_streams(path, 1)
    store = reopen()

    store.recover()

    assert held(store) == 0


async def test_a_budget_does_not_wait_for_the_recovery(path: Path, reopen: Callable[[], Store]) -> None:
    kill_while_it_streams(path, 1)

    refusal = await reopen().reserve(Reservation("r2", 600, "s1", "t2"), (Limit("day", 700),))

    assert refusal is None


def test_a_turn_that_another_process_streams_is_left_alone(path: Path, reopen: Callable[[], Store]) -> None:
    process = programs.start("stream", path)
    programs.tell(process)
    while hear(process) != "50":
        pass
    store = reopen()

    assert store.recover() == ()
    turn = store.turn("t1")
    assert turn is not None
    assert turn.state.is_live
    assert held(store) == 500

    process.kill()
    process.communicate()


async def test_a_running_attempt_is_closed_and_booked_in_one_step(path: Path, reopen: Callable[[], Store]) -> None:
    started = replace(samples.turn(), attempts=(Attempt("a1", samples.SMALL, 1000, usage=Usage(5, 0)),))
    dead = Store.open(path, owner=dead_owner(), clock_ms=lambda: 5000)
    await dead.create_session(samples.session())
    await dead.start_turn(started)
    dead.close()

    def price(turn: Turn) -> tuple[Turn, list[LedgerRow]]:
        assert turn.attempt is not None
        priced = replace(turn, attempts=(replace(turn.attempt, cost_pico=30),))
        return priced, [samples.row(turn.attempt.id, 30)]

    store = reopen()
    (turn,) = store.recover(price)

    assert turn.attempt is not None
    assert turn.attempt.outcome is Outcome.INTERRUPTED
    assert turn.attempt.usage == Usage(5, 0)
    assert store.turn(turn.id) == turn
    assert turn.cost_pico == 30
    assert store.spent(session_id="s1").cost_pico == 30


async def test_a_record_that_cannot_be_read_is_not_written_over(path: Path, reopen: Callable[[], Store]) -> None:
    dead = Store.open(path, owner=dead_owner(), clock_ms=lambda: 5000)
    await dead.create_session(samples.session())
    await dead.start_turn(samples.turn())
    dead.close()
    with apsw.Connection(str(path)) as connection:
        connection.execute("UPDATE turn SET record = 'damaged'")

    assert reopen().recover() == ()

    with apsw.Connection(str(path)) as connection:
        assert list(connection.execute("SELECT state, record FROM turn")) == [("waiting", "damaged")]


def test_this_process_lives_and_others_of_its_id_do_not() -> None:
    here = this_process()

    assert is_alive(here)
    assert not is_alive(Owner(here.pid, "another start"))
    assert not is_alive(Owner(0, ""))
    assert not is_alive(dead_owner())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only /proc tells the dead from the living here")
def test_a_zombie_is_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert not is_alive(Owner(process.pid, ""))

    process.wait()


def test_files_that_cannot_grow_lose_no_finished_write(path: Path, reopen: Callable[[], Store]) -> None:
    process = programs.start("fill", path)
    programs.tell(process)
    said, errors = process.communicate(timeout=PATIENCE_S)

    assert said.split() == ["DiskFull", "True"], errors
    assert reopen().check() == ()


def hear(process: subprocess.Popen[str]) -> str:
    """The next line that the program says; empty when it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def held(store: Store) -> int:
    """All that is reserved, as a refusal tells it."""
    refusal = asyncio.run(store.reserve(Reservation("probe", 1, "probe", "probe"), (Limit("probe", 0),)))
    assert refusal is not None
    return refusal.reserved_pico
