"""Between the network and the turn: the reader never waits for the screen, and a slow screen gets merged deltas."""

from __future__ import annotations

from collections import deque
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import TextDelta, ThinkingDelta

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable

    from hawkmoth_tui.core.exchange import Chunk


class Inbox:
    """Chunks that have arrived and were not taken yet."""

    def __init__(self, wake: asyncio.Event) -> None:
        self._wake = wake
        """Set on every arrival, on the end, and by whoever stops the turn."""
        self._chunks: deque[Chunk] = deque()
        self._error: BaseException | None = None
        self.is_over = False
        """True when the stream has ended and everything was taken or is waiting here."""

    async def fill(self, stream: AsyncGenerator[Chunk, None], arrived: Callable[[Chunk], None]) -> None:
        """Read the stream to its end; `arrived` sees every chunk at once, before anybody takes it."""
        try:
            async with aclosing(stream):
                async for chunk in stream:
                    arrived(chunk)
                    self._chunks.append(chunk)
                    self._wake.set()
        except Exception as error:
            self._error = error
        finally:
            self.is_over = True
            self._wake.set()

    async def take(self) -> list[Chunk]:
        """Everything that has arrived, neighbouring deltas merged; waits while there is nothing.

        Empty when the stream is over or somebody woke us. Raises the stream's error once all before it was taken.
        """
        if not self._chunks and not self.is_over:
            await self._wake.wait()
        self._wake.clear()
        taken = self.rest()
        if not taken and self._error is not None:
            raise self._error
        return taken

    def rest(self) -> list[Chunk]:
        """What has arrived, as `take` gives it, without waiting and without the stream's error."""
        taken = merged(self._chunks)
        self._chunks.clear()
        return taken

    @property
    def has_more(self) -> bool:
        """Whether another `take` can bring anything, an error included."""
        return bool(self._chunks) or not self.is_over or self._error is not None


def merged(chunks: deque[Chunk]) -> list[Chunk]:
    """The same chunks with runs of text, and of unsigned thinking, joined into one delta each."""
    result: list[Chunk] = []
    texts: list[str] = []

    def close(kind: Chunk | None) -> None:
        if isinstance(kind, TextDelta):
            result.append(TextDelta("".join(texts)))
        elif isinstance(kind, ThinkingDelta):
            result.append(replace(kind, text="".join(texts)))
        texts.clear()

    running: Chunk | None = None
    for chunk in chunks:
        match chunk, running:
            case TextDelta(text), TextDelta():
                texts.append(text)
            case ThinkingDelta(text), ThinkingDelta() if not running.signature and running.origin == chunk.origin:
                texts.append(text)
                running = replace(chunk, took_ms=running.took_ms + chunk.took_ms)
            case ((TextDelta() | ThinkingDelta()), _):
                close(running)
                running = chunk
                texts.append(chunk.text)
            case _:
                close(running)
                running = None
                result.append(chunk)
    close(running)
    return result
