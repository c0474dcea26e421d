"""When the power goes: what was said to be finished is there, a stream lost at most its last second, and the store is whole."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.store import writer
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.faults.power import RecordingVFS, Sync, Tape
from tests.store import samples

if TYPE_CHECKING:
    from pathlib import Path

TURNS = 6
SYNC_S = 0.02
"""Stands for the second after which a stream is on the disk, so that the test need not last for many of them."""
STREAMED_SYNCS = 24
SAFE_SYNCS = 5
"""After so many syncs of the log a word is on the disk: the writer may be late for one or two, and copying the log takes some too."""


class Life:
    """A store in use, and what it has promised so far."""

    def __init__(self, path: Path, tape: Tape) -> None:
        self.tape = tape
        self.store = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)

    async def go_on(self) -> None:
        await self.store.create_session(samples.session())
        for number in range(TURNS):
            await self._turn(number)
        await self._stream()
        self.store.close()

    async def _turn(self, number: int) -> None:
        turn = samples.turn(f"t{number}", "prompt " * 50, parent=f"t{number - 1}" if number else None)
        await self.store.start_turn(turn)
        self.tape.promise(f"prompt t{number}")
        for _ in range(5):
            self.store.journal(turn.id, TextDelta("word " * 20))
        await self.store.settle("r", samples.row(f"a{number}", turn_id=turn.id))
        self.tape.promise(f"ledger a{number}")
        await self.store.finish_turn(
            replace(turn, state=TurnState.DONE, answer=(Text("moth " * 1500),), ended_at_ms=2000)
        )
        self.tape.promise(f"turn t{number}")

    async def _stream(self) -> None:
        """Words with their numbers; those that several syncs have passed are promised."""
        turn = samples.turn("live", parent=f"t{TURNS - 1}")
        await self.store.start_turn(turn)
        last = self._syncs() + STREAMED_SYNCS
        said: list[int] = []
        while (syncs := self._syncs()) < last:
            self.store.journal("live", TextDelta(f"{len(said)} "))
            said.append(syncs)
            safe = bisect(said, syncs - SAFE_SYNCS)
            if safe:
                self.tape.promise(f"word {safe - 1}")
            await asyncio.sleep(0.001)

    def _syncs(self) -> int:
        return sum(isinstance(event, Sync) and event.name.endswith("-wal") for event in self.tape.events)


def kept(folder: Path) -> set[str]:
    """What is there after a start; the store must be whole."""
    store = Store.open(folder / "hawkmoth.db", owner=this_process(), clock_ms=lambda: 9000)
    assert store.check() == ()
    found = {"prompt live"}
    with store._database.read_lock:
        connection = store._database.reading
        found |= {f"ledger {row}" for (row,) in connection.execute("SELECT attempt_id FROM ledger")}
    for turn in store.turns("s1"):
        found.add(f"prompt {turn.id}")
        if turn.state is TurnState.DONE:
            assert turn.text == "moth " * 1500
            found.add(f"turn {turn.id}")
        if turn.id == "live":
            words = [int(word) for word in turn.text.split()]
            assert words == list(range(len(words)))
            found |= {f"word {word}" for word in words}
    store.close()
    return found


@pytest.mark.parametrize("cuts", [60, pytest.param(3000, marks=pytest.mark.full)])
def test_a_power_loss_costs_nothing_that_was_promised(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cuts: int
) -> None:
    monkeypatch.setattr(writer, "SYNC_S", SYNC_S)
    monkeypatch.setattr(writer, "GROUP_S", 0.005)
    monkeypatch.setattr(writer, "LOG_PAGES", 40)
    tape, chance = Tape(), random.Random(4)
    vfs = RecordingVFS("recording", tape)
    try:
        asyncio.run(Life(home / "hawkmoth.db", tape).go_on())
    finally:
        vfs.unregister()
    assert len(tape.promised(len(tape.events))) > 3 * TURNS

    places = {place for place, _ in tape.marks}
    for number, count in enumerate(sorted(places | {chance.randrange(len(tape.events)) for _ in range(cuts)})):
        folder = tmp_path / f"after-{number}"
        folder.mkdir(mode=0o700)
        tape.lay_out(folder, count, chance)

        missing = tape.promised(count) - kept(folder)

        assert missing == set(), f"after {count} events"
