"""Other processes that use the store, started by the tests: `python -m tests.store.programs NAME PATH …`.

Each prints what it did, line by line, and begins when it is told to by a line on its standard input.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.rows import Limit, Reservation
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

ROOT = Path(__file__).parents[2]


def start(name: str, path: Path, *arguments: str) -> subprocess.Popen[str]:
    """Run one of the programs below as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.programs", name, str(path), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def tell(process: subprocess.Popen[str], line: str = "go") -> None:
    """Give a program a line; the first one begins it."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def say(words: object) -> None:
    print(words, flush=True)


def open_store(path: Path) -> Store:
    return Store.open(path, owner=this_process(), clock_ms=lambda: time.time_ns() // 1_000_000)


async def first(folder: Path) -> None:
    """For each name told, opens the store of this name and writes a session with a turn."""
    for name in sys.stdin:
        store, own = open_store(folder / name.strip()), str(os.getpid())
        store.recover()
        await store.create_session(samples.session(own))
        turn = samples.turn(own, session_id=own)
        await store.start_turn(turn)
        await store.finish_turn(replace(turn, state=TurnState.DONE, answer=(Text("done"),)))
        store.close()
        say("stored")


async def stream(path: Path) -> None:
    """Journals numbered words for ever, and says each."""
    store = open_store(path)
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())
    await store.reserve(Reservation("r1", 500, "s1", "t1"), ())
    number = 0
    while True:
        store.journal("t1", TextDelta(f"{number} "))
        say(number)
        number += 1
        await asyncio.sleep(0.001)


async def write(path: Path, seconds: str) -> None:
    """Asks and answers for so long; says how many turns it finished."""
    store, own, number = open_store(path), str(os.getpid()), 0
    await store.create_session(samples.session(own))
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end:
        turn = samples.turn(f"{own}-{number}", session_id=own, parent=f"{own}-{number - 1}" if number else None)
        await store.start_turn(turn)
        store.journal(turn.id, TextDelta("a few words"))
        await store.settle(turn.id, samples.row(turn.id, 3, session_id=own, turn_id=turn.id))
        await store.finish_turn(replace(turn, state=TurnState.DONE, answer=(Text("done"),)))
        number += 1
    store.close()
    say(number)


async def spend(path: Path, limit_pico: str) -> None:
    """Reserves and books single amounts until the budget says no; says how much it booked."""
    store, limits, booked = open_store(path), (Limit("day", int(limit_pico)),), 0
    for number in range(10_000):
        name = f"{os.getpid()}-{number}"
        if await store.reserve(Reservation(name, 7, "s1", name), limits) is not None:
            break
        await store.settle(name, samples.row(name, 7, turn_id=name))
        booked += 7
    store.close()
    say(booked)


async def fill(path: Path) -> None:
    """Writes turns into files that may not grow beyond 256 KB until that fails; says how, and how many turns stand."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, 256 * 1024))
    store, number = open_store(path), 0
    await store.create_session(samples.session())
    try:
        while True:
            await store.start_turn(samples.turn(f"t{number}", "x" * 5000))
            number += 1
    except StoreError as error:
        say(type(error).__name__)
    say(len(store.turns("s1")) == number)
    store.close()


PROGRAMS: dict[str, Callable[..., Coroutine[None, None, None]]] = {
    "first": first,
    "stream": stream,
    "spend": spend,
    "write": write,
    "fill": fill,
}

if __name__ == "__main__":
    sys.stdin.readline()
    asyncio.run(PROGRAMS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:]))
