"""How long a model ponders, taken down where its reasoning arrives: later nobody could tell."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hawkmoth_tui.core.exchange import Chunk


async def timed(stream: AsyncGenerator[Chunk, None], clock_ms: Callable[[], int]) -> AsyncGenerator[Chunk, None]:
    """The stream, each piece of reasoning with the time since the one before it of the same block; the first piece has none."""
    last_ms: int | None = None
    async with aclosing(stream):
        async for chunk in stream:
            match chunk:
                case ThinkingDelta(text, signature) if text or signature:
                    now_ms = clock_ms()
                    yield replace(chunk, took_ms=max(0, now_ms - last_ms) if last_ms is not None else 0)
                    last_ms = None if signature else now_ms
                    continue
                case TextDelta() | ToolCallReceived():
                    last_ms = None
            yield chunk
