"""Between the network and the turn."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import StreamBroken
from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived
from hawkmoth_tui.core.exchange import AsReported, Chunk, Finished, QuotaTold
from hawkmoth_tui.core.messages import ToolCall, user
from hawkmoth_tui.core.turn import Turn, TurnKind, advance
from hawkmoth_tui.engine.inbox import Inbox, merged

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

chunk: st.SearchStrategy[Chunk] = st.one_of(
    st.text(max_size=4).map(TextDelta),
    st.builds(
        ThinkingDelta,
        st.text(max_size=4),
        st.sampled_from(["", "seal"]),
        st.sampled_from(["", "a", "b"]),
        st.integers(0, 50),
    ),
    st.just(ToolCallReceived(ToolCall("i", "n", "{}"))),
)


def folded(chunks: list[Chunk]) -> Turn:
    turn = Turn("t", "s", None, TurnKind.PROMPT, user("q"), 0)
    for one in chunks:
        assert not isinstance(one, AsReported | Finished | QuotaTold)
        turn = advance(turn, one)
    return turn


@given(st.lists(chunk, max_size=20))
def test_merging_changes_nothing_but_the_number_of_chunks(chunks: list[Chunk]) -> None:
    joined = merged(deque(chunks))

    assert folded(joined) == folded(chunks)
    assert len(joined) <= len(chunks)


async def stream(*chunks: Chunk, error: Exception | None = None) -> AsyncGenerator[Chunk, None]:
    for one in chunks:
        yield one
    if error is not None:
        raise error


async def test_a_slow_taker_gets_all_that_waited_as_one_delta() -> None:
    inbox, seen = Inbox(asyncio.Event()), list[Chunk]()

    await inbox.fill(stream(TextDelta("a"), TextDelta("b"), TextDelta("c"), Finished("stop")), seen.append)

    assert await inbox.take() == [TextDelta("abc"), Finished("stop")]
    assert len(seen) == 4
    assert not inbox.has_more


async def test_what_arrived_before_an_error_is_taken_before_it_is_raised() -> None:
    inbox = Inbox(asyncio.Event())

    await inbox.fill(stream(TextDelta("half"), error=StreamBroken("cut")), lambda _: None)

    assert await inbox.take() == [TextDelta("half")]
    assert inbox.has_more
    with pytest.raises(StreamBroken):
        await inbox.take()


async def test_somebody_else_can_wake_the_taker() -> None:
    wake = asyncio.Event()
    inbox = Inbox(wake)
    waiting = asyncio.create_task(inbox.take())

    wake.set()

    assert await waiting == []
