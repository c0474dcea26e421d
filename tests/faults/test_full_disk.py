"""A disk that is full while Hawkmoth is at work: the answers go on, and are in the file as soon as there is space for them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine import keeper
from hawkmoth_tui.engine.keeper import Keeping
from tests.engine.stations import answer, ask, provider, settings, station
from tests.patience import PATIENCE_S
from tests.servers.scripted import ScriptedServer
from tests.store.conftest import small_disk

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

__all__ = ["small_disk"]


def fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))


def free(disk: Path) -> None:
    (disk / "filler").unlink()


async def test_answers_given_on_a_full_disk_are_saved_when_there_is_space_again(
    small_disk: Path,  # the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeper, "FIRST_RETRY_S", 0.02)
    long = answer("moth " * 3000)
    async with ScriptedServer(answer("one"), long, answer("three"), answer("four")) as server:
        chosen = settings(provider("lab", server.url))
        async with station(small_disk, chosen) as opened:
            first = await ask(opened, "hi")
            fill(small_disk)
            second = await ask(opened, "a long one " * 2000, first.session_id)
            third = await ask(opened, "elsewhere")
            assert {turn.state for turn in (second, third)} == {TurnState.DONE}
            assert opened.keeping.unsaved_turns == 2
            assert sum("no space is left" in warning for warning in opened.warnings) == 1

            free(small_disk)
            async with asyncio.timeout(PATIENCE_S):
                while opened.is_in_memory:  # noqa: ASYNC110  # the store tries by itself
                    await asyncio.sleep(0.01)
            assert opened.keeping == Keeping()
            fourth = await ask(opened, "so?", first.session_id)

        async with station(small_disk, chosen) as opened:
            assert opened.sessions.branch(first.session_id) == (first, second, fourth)
            assert opened.sessions.branch(third.session_id) == (third,)
            assert opened.warnings == ()


async def test_a_disk_full_from_the_beginning_gets_the_answer_at_the_end(
    small_disk: Path,
) -> None:
    async with ScriptedServer(answer("one")) as server:
        chosen = settings(provider("lab", server.url))
        fill(small_disk)
        async with station(small_disk, chosen) as opened:
            turn = await ask(opened, "hi")
            free(small_disk)
        async with station(small_disk, chosen) as opened:
            assert opened.sessions.branch(turn.session_id) == (turn,)
