"""Frames come soon, one at a time, and not at all without a reason."""

from __future__ import annotations

import asyncio
from time import perf_counter

from hawkmoth_tui.ui.transcript.pace import LONGEST_S, Pace
from tests.clock import LONG_S
from tests.patience import PATIENCE_S

REST_S = 0.04


class Screen:
    """Draws at once; counts and times."""

    def __init__(self, spent_s: float = 0.0) -> None:
        self.frames: list[float] = []
        self.drawn = asyncio.Event()
        self.pace = Pace(self.draw, REST_S)
        self._spent_s = spent_s

    def draw(self) -> None:
        self.frames.append(perf_counter())
        self.pace.spent(self._spent_s)
        self.drawn.set()

    async def frame(self) -> None:
        await self.drawn.wait()
        self.drawn.clear()


async def test_the_first_change_is_drawn_at_once() -> None:
    screen = Screen()
    screen.pace.rest_s = LONG_S

    screen.pace.request()

    await asyncio.wait_for(screen.frame(), PATIENCE_S)


async def test_many_changes_make_one_frame() -> None:
    screen = Screen()
    for _ in range(100):
        screen.pace.request()
    await screen.frame()
    screen.pace.ended()

    assert len(screen.frames) == 1


async def test_the_next_frame_waits_from_the_end_of_the_last() -> None:
    screen = Screen()
    screen.pace.request()
    await screen.frame()
    screen.pace.request()
    await asyncio.sleep(0)
    ended = perf_counter()
    screen.pace.ended()
    await screen.frame()

    assert screen.frames[1] - ended >= REST_S * 0.9


async def test_the_last_change_does_not_wait() -> None:
    screen = Screen()
    screen.pace.rest_s = LONG_S
    screen.pace.request()
    await screen.frame()
    screen.pace.ended()
    screen.pace.request()
    screen.pace.hurry()

    await asyncio.wait_for(screen.frame(), PATIENCE_S)


async def test_the_last_change_waits_only_for_the_frame_before() -> None:
    screen = Screen()
    screen.pace.rest_s = LONG_S
    screen.pace.request()
    await screen.frame()
    screen.pace.hurry()
    screen.pace.ended()

    await asyncio.wait_for(screen.frame(), PATIENCE_S)


async def test_dear_frames_are_rarer() -> None:
    screen = Screen(spent_s=0.04)
    screen.pace.request()
    await screen.frame()
    ended = perf_counter()
    screen.pace.request()
    screen.pace.ended()
    await screen.frame()

    assert 0.1 < screen.frames[1] - ended < LONGEST_S + PATIENCE_S


async def test_without_a_change_nothing_is_scheduled() -> None:
    screen = Screen()
    screen.pace.request()
    await screen.frame()
    screen.pace.ended()

    others = asyncio.all_tasks() - {asyncio.current_task()}

    assert not others
    assert len(screen.frames) == 1


async def test_after_stop_nothing_is_drawn() -> None:
    screen = Screen()
    screen.pace.request()
    screen.pace.stop()
    screen.pace.request()
    await asyncio.sleep(0)

    assert screen.frames == []
