"""What the store costs as it grows: appends and commits, opening the last of very many turns, sums, and bytes per byte of text.

python -m tests.bench.store                    100,000 turns: some minutes
python -m tests.bench.store --turns 5000       a look
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.summaries import GroupBy
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnKind, TurnState
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.storing import StoreFile
from hawkmoth_tui.store import db, ledger, sessions, turns
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.bench.prose import Shape, tokens
from tests.store import programs, samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.store.rows import LedgerRow

BEGAN_MS = 1_700_000_000_000
STEP_MS = 5 * 60_000
TURNS_PER_SESSION = 50
LONG = "long"
"""The session that holds every fourth turn."""
SAMPLED = 300


@dataclass(frozen=True, slots=True)
class Goal:
    """An upper limit."""

    name: str
    limit: float
    unit: str
    is_of_the_disk: bool = False
    """Whether a disk that is slower by itself excuses half as much again."""


GOALS = (
    Goal("append to the journal, p99", 5, "ms", is_of_the_disk=True),
    Goal("commit of a finished turn, p99", 5, "ms", is_of_the_disk=True),
    Goal("append beside the first ones", 1.5, "x"),
    Goal("open the last turns, CPU", 60, "ms"),
    Goal("sums of the cost pane", 5, "ms"),
    Goal("what models were used for, ms", 10, "ms"),
    Goal("start after a kill", 1000, "ms"),
    Goal("file by text", 2.2, "x"),
)


class Growing:
    """A store to which turns are added, and how many bytes of text they had."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text_bytes = 0
        self._heads: dict[str, str] = {}
        self._words = "".join(tokens(Shape.MIXED, 40_000, "moth"))

    def fill(self, first: int, end: int) -> None:
        """Turns as they would be after their end, in large transactions."""
        database, here = db.open_database(self.path), this_process()
        for begin in range(first, end, 2000):
            with database.writing as connection:
                for number in range(begin, min(begin + 2000, end)):
                    turn, session_id = self.turn(number), self.session_of(number)
                    if session_id not in self._heads:
                        sessions.create(connection, samples.session(session_id, title=f"about {session_id}"))
                    turns.start(
                        connection,
                        replace(turn, state=TurnState.WAITING, answer=(), ended_at_ms=None),
                        here,
                        turn.created_at_ms,
                    )
                    turns.save(connection, turn, here)
                    ledger.append(connection, self.row(turn))
                    self._heads[session_id] = turn.id
            database.writing.wal_checkpoint()
        database.close()

    def turn(self, number: int) -> Turn:
        """Prompts of some 60 to 660 characters, answers of 300 to 4,300."""
        start = number * 7919 % 150_000
        prompt = self._words[start : start + 60 + number * 37 % 600]
        answer = self._words[start : start + 300 + number * 101 % 4000]
        self.text_bytes += len(prompt.encode()) + len(answer.encode())
        at_ms = BEGAN_MS + number * STEP_MS
        attempt = Attempt(
            f"a{number}",
            samples.SMALL,
            at_ms,
            Outcome.OK,
            ttft_ms=300,
            duration_ms=4000,
            usage=Usage(400, 300),
            cost_pico=160_000,
        )
        return Turn(
            f"{number:026d}", self.session_of(number), self._heads.get(self.session_of(number)), TurnKind.PROMPT, user(prompt), at_ms,
            state=TurnState.DONE, answer=(Text(answer),), attempts=(attempt,), finish_reason="stop", ended_at_ms=at_ms + 4000,
        )  # fmt: skip

    def next_of(self, session_id: str, number: int) -> Turn:
        """A turn that follows the last one of a session."""
        turn = replace(self.turn(number), session_id=session_id, parent_id=self._heads[session_id])
        self._heads[session_id] = turn.id
        return turn

    @staticmethod
    def session_of(number: int) -> str:
        return LONG if number % 4 == 0 else f"s{number // TURNS_PER_SESSION:024d}"

    @staticmethod
    def row(turn: Turn) -> LedgerRow:
        (attempt,) = turn.attempts
        return samples.row(
            attempt.id, attempt.cost_pico, at_ms=turn.created_at_ms, session_id=turn.session_id, turn_id=turn.id, baseline="lab/large",
            baseline_pico=900_000, usage=attempt.usage or Usage(),
        )  # fmt: skip


async def appends(growing: Growing, first: int) -> dict[str, list[float]]:
    """One turn after the other, as the engine writes them; seconds of each kind of write."""
    store = Store.open(growing.path, owner=this_process(), clock_ms=lambda: BEGAN_MS)
    took: dict[str, list[float]] = {"journal": [], "finish": [], "settle": [], "flush": [], "disk": [], "cpu": []}
    scratch = os.open(growing.path.with_name("scratch"), os.O_RDWR | os.O_CREAT)
    began_cpu = time.process_time()
    for number in range(first, first + SAMPLED):
        done = growing.next_of(LONG, number)
        await store.start_turn(replace(done, state=TurnState.WAITING, answer=(), ended_at_ms=None))
        for _ in range(5):
            _clock(took["journal"], lambda: store.journal(done.id, TextDelta("a few words ")))  # noqa: B023
        for kind, work in (
            ("flush", store.save_turn(replace(done, state=TurnState.STREAMING, answer=(), ended_at_ms=None))),
            ("settle", store.settle(done.attempts[0].id, growing.row(done))),
            ("finish", store.finish_turn(done)),
        ):
            began = time.perf_counter()
            await work
            took[kind].append(time.perf_counter() - began)
        os.pwrite(scratch, bytes(8192), 0)
        _clock(took["disk"], lambda: os.fdatasync(scratch))
    took["cpu"].append(time.process_time() - began_cpu)
    os.close(scratch)
    store.close()
    return took


def look(path: Path) -> dict[str, float]:
    """Seconds of work to open the store at its last turns, and to add up."""
    store = Store.open(path, owner=this_process(), clock_ms=lambda: BEGAN_MS)
    store.close()
    began = time.process_time()
    store = Store.open(path, owner=this_process(), clock_ms=lambda: BEGAN_MS)
    latest = store.latest_session()
    assert latest is not None
    assert len(store.branch(latest.id, 50)) == 50
    opened = time.process_time() - began
    found = {"open": opened}
    for name, work in {
        "sums": lambda: [
            store.spent(since, session) for since in (0, BEGAN_MS + STEP_MS * 777) for session in (None, LONG)
        ],
        "list": lambda: store.sessions(200),
        "by model": lambda: store.totals(GroupBy.MODEL),
        "by day": lambda: store.totals(GroupBy.DAY),
        "by session": lambda: store.totals(GroupBy.SESSION),
        "what models were used for": store.model_uses,
        "check": store.check,
    }.items():
        found[name] = _fastest(work)
    store.close()
    return found


def start_after_a_kill(path: Path) -> float:
    """Seconds to open the store as a start does, when the process before was killed while it streamed."""
    process = programs.start("stream", path)
    programs.tell(process)
    assert process.stdout is not None
    while process.stdout.readline().strip() != "50":
        pass
    process.kill()
    process.communicate()
    began = time.perf_counter()
    store = StoreFile(path, lambda: BEGAN_MS, lambda _: None).open()
    (turn,) = store.recover()
    took = time.perf_counter() - began
    assert turn.state is TurnState.INTERRUPTED
    store.close()
    return took


def _fastest(work: Callable[[], object]) -> float:
    took: list[float] = []
    for _ in range(3):
        _clock(took, work)
    return min(took)


def _clock(took: list[float], work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    took.append(time.perf_counter() - began)


def _p99(took: list[float]) -> float:
    return statistics.quantiles(took, n=100)[98] * 1000


def measured(folder: Path, count: int) -> dict[str, float]:
    """All figures, by the names of the goals and some more."""
    growing = Growing(folder / "hawkmoth.db")
    growing.fill(0, 1000)
    early = asyncio.run(appends(growing, 10**7))
    growing.fill(1000, count)
    late = asyncio.run(appends(growing, 2 * 10**7))
    size = growing.path.stat().st_size / growing.text_bytes
    seen = look(growing.path)
    kinds = [*late["finish"], *late["settle"]]
    return {
        "append to the journal, p99": _p99(late["journal"] + late["flush"]),
        "commit of a finished turn, p99": _p99(kinds),
        "commit of a finished turn, p50": statistics.median(kinds) * 1000,
        "8 KB and a sync on this disk, p99": _p99(late["disk"]),
        "8 KB and a sync on this disk, p50": statistics.median(late["disk"]) * 1000,
        "append beside the first ones": late["cpu"][0] / early["cpu"][0],
        "open the last turns, CPU": seen["open"] * 1000,
        "sums of the cost pane": seen["sums"] * 1000,
        "file by text": size,
        "start after a kill": start_after_a_kill(growing.path) * 1000,
        **{f"{name}, ms": seconds * 1000 for name, seconds in seen.items() if name not in ("open", "sums")},
    }


def main() -> None:
    """Build the store, measure it, and print the figures with their goals."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.store", description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=100_000)
    count = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o700)
        figures = measured(Path(folder), count)
    goals = {goal.name: goal for goal in GOALS}
    disk = figures["8 KB and a sync on this disk, p99"]
    lines = [f"{count:,} turns"]
    for name, value in figures.items():
        goal = goals.get(name)
        limit = max(goal.limit, 1.5 * disk) if goal and goal.is_of_the_disk else goal.limit if goal else 0
        verdict = f"{limit:.3g} {goal.unit}  {'met' if value <= limit else 'MISSED'}" if goal else ""
        lines.append(f"{name:34} {value:9.3f}  {verdict}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
