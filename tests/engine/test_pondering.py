"""How long reasoning took: told with its pieces, kept through merging, the journal and a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import TextDelta, ThinkingDelta
from hawkmoth_tui.core.exchange import Finished
from hawkmoth_tui.core.messages import Text, Thinking
from hawkmoth_tui.engine.pondering import timed
from tests.engine.test_inbox import folded, stream

if TYPE_CHECKING:
    from hawkmoth_tui.core.exchange import Chunk

A_BREAK = TextDelta("so"), ThinkingDelta("again", origin="a"), ThinkingDelta(" and again", origin="a")


async def timed_at(times_ms: list[int], *chunks: Chunk) -> list[Chunk]:
    clock = iter(times_ms)
    return [chunk async for chunk in timed(stream(*chunks), lambda: next(clock))]


async def test_each_piece_has_the_time_since_the_one_before_it() -> None:
    pieces = ThinkingDelta("one", origin="a"), ThinkingDelta(" two", origin="a"), ThinkingDelta("", "seal", "a")

    heard = await timed_at([1_000, 1_250, 4_000, 9_000, 9_500], *pieces, *A_BREAK, Finished("stop"))

    assert folded(heard[:-1]).answer == (
        Thinking("one two", "seal", "a", 3_000),
        Text("so"),
        Thinking("again and again", "", "a", 500),
    )
    assert heard[-1] == Finished("stop")


async def test_a_clock_that_jumps_back_and_a_piece_of_nothing_add_no_time() -> None:
    heard = await timed_at([5_000, 3_000], ThinkingDelta("one"), ThinkingDelta(""), ThinkingDelta(" two"))

    assert folded(heard).answer == (Thinking("one two"),)
