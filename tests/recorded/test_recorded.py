"""Replays recorded traffic over real sockets. One in ten by default, everything with HAWKMOTH_FULL=1."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from hawkmoth_tui.providers.door import HttpDoor
from hawkmoth_tui.providers.profiles import PROFILES
from tests.conftest import IS_FULL
from tests.providers.hearing import hear, opened
from tests.recorded.traffic import FILE, disagreements, recordings
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.recorded.traffic import Recording
    from tests.servers.scripted import Reply

SMALL_BYTES = 4_000
"""Longer bodies go byte by byte only in the full run."""

WAYS: dict[str, Callable[[Recording], Reply]] = {
    "whole": lambda recording: recording.reply,
    "byte by byte": lambda recording: recording.reply.split(1),
    "at hostile places": lambda recording: recording.hostile_reply,
    "gzip": lambda recording: recording.reply.compressed(),
}


@pytest.fixture(scope="module")
def chosen() -> list[Recording]:
    """The recordings of this run."""
    everything = recordings()
    if not everything:
        pytest.skip(f"the recorded traffic is not here: {FILE.parent.name}/{FILE.name} beside the project")
    if IS_FULL:
        return everything
    seed = random.randrange(10**6)
    print(f"recordings chosen with seed {seed}")
    return random.Random(seed).sample(everything, len(everything) // 10)


@pytest_asyncio.fixture
async def door() -> AsyncIterator[HttpDoor]:
    """The HTTP door of one test."""
    opened_door = HttpDoor({})
    yield opened_door
    await opened_door.aclose()


@pytest.mark.parametrize("way", WAYS)
async def test_recorded_answers_are_read_as_their_vendors_read_them(
    way: str, chosen: list[Recording], door: HttpDoor
) -> None:
    misses: list[str] = []
    for recording in chosen:
        if way == "byte by byte" and len(recording.body) > SMALL_BYTES and not IS_FULL:
            continue
        profile = recording.provider if recording.provider in PROFILES else None
        async with ScriptedServer(WAYS[way](recording)) as server:
            heard = await hear(opened(door, server.url, recording.protocol, profile=profile, key="0f1e2d3c4b5a"))
        misses += [f"{recording.id}: {difference}" for difference in disagreements(recording, heard)]

    assert misses == []
