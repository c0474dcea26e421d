"""One HTTP answer under way: its head, and its body in bounded pieces under four clocks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ProviderError, StreamBroken, Unreachable
from hawkmoth_tui.providers.decoding import decoder_for
from hawkmoth_tui.providers.endpoints import origin_of
from hawkmoth_tui.providers.transport import ROAD, broken, network_errors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    import httpx

    from hawkmoth_tui.providers.decoding import Decoder
    from hawkmoth_tui.providers.door import Letter, Road

BODY_BYTES = 64 * 1024 * 1024
"""Most bytes of one body, after decompression."""
ERROR_BYTES = 64 * 1024
"""How much of an error's body is read."""
DRAIN_S = 0.05
"""How long the end of a body is waited for after the last word, so that the connection can be used again."""


class Clocks:
    """Deadlines of one request on the loop's clock. Whoever reads calls `heard` after handing on what came, so that a slow
    reader never runs into the idle clock.
    """

    def __init__(self, letter: Letter) -> None:
        self._timeouts = letter.timeouts
        self._now = asyncio.get_running_loop().time
        self._end = self._now() + letter.timeouts.total_s
        self._next = min(self._now() + letter.timeouts.first_byte_s, self._end)
        """When the next thing must have happened: the first byte, then a part of the answer."""
        self._has_first_byte = False

    def deadline(self) -> float:
        """When the next read must have come back."""
        return min(self._next, self._end)

    def received(self) -> None:
        """Bytes came. Only the first ones move the deadline."""
        if not self._has_first_byte:
            self._has_first_byte = True
            self.heard()

    def heard(self) -> None:
        """A part of the answer arrived: the idle clock starts again."""
        self._next = self._now() + self._timeouts.idle_s

    def hurry(self, seconds: float) -> None:
        """Only this much more silence is allowed, because nothing of importance is left."""
        self._next = min(self._next, self._now() + seconds)

    def expired(self, origin: str) -> ProviderError:
        """The error for a read that took too long."""
        if self._now() >= self._end:
            return StreamBroken(
                f"the answer took longer than {self._timeouts.total_s:g} s in all",
                "continue it, or raise [timeouts] total_s",
            )
        if not self._has_first_byte:
            return no_answer(origin, self._timeouts.first_byte_s)
        return StreamBroken(
            f"{origin} went silent: nothing came for {self._timeouts.idle_s:g} s",
            "continue or retry it, or raise [timeouts] idle_s",
        )


class Answer:
    """An answer whose head has arrived."""

    def __init__(self, response: httpx.Response, origin: str, clocks: Clocks) -> None:
        self._response = response
        self._origin = origin
        self._raw: AsyncIterator[bytes] = response.aiter_raw()
        self._decoded: Iterator[bytes] = iter(())
        self._size = 0
        self.clocks = clocks
        self.status = response.status_code
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
        self._decoder: Decoder | None = None

    async def read(self) -> bytes:
        """The next piece of the body, b"" at its end. Raises a ProviderError at a cut, a deadline or the size limit."""
        while True:
            piece = next(self._decoded, b"")
            if piece:
                self._size += len(piece)
                if self._size > BODY_BYTES:
                    raise StreamBroken(
                        f"the answer passed {BODY_BYTES // 1024**2} MB on the wire and was stopped", "retry it"
                    )
                return piece
            raw = await self._wait()
            if not raw:
                return b""
            if self._decoder is None:
                self._decoder = decoder_for(self.headers.get("content-encoding", ""))
            self._decoded = iter(self._decoder.pieces(raw))

    async def read_error(self) -> bytes:
        """The start of an error's body; what goes wrong while reading it is no matter."""
        body = b""
        try:
            while len(body) < ERROR_BYTES and (piece := await self.read()):
                body += piece
        except ProviderError:
            pass
        return body[:ERROR_BYTES]

    async def drain(self) -> None:
        """Reads the little that may follow the last word, so that the connection stays usable."""
        try:
            async with asyncio.timeout(DRAIN_S):
                for _ in range(4):
                    if not await anext(self._raw, b""):
                        return
        except network_errors():
            return

    async def aclose(self) -> None:
        """Closes the answer, and its connection when the body was not read to its end."""
        with suppress(*network_errors()):
            await self._response.aclose()

    async def _wait(self) -> bytes:
        try:
            async with asyncio.timeout_at(self.clocks.deadline()):
                raw = await anext(self._raw, b"")
        except TimeoutError:
            raise self.clocks.expired(self._origin) from None
        except network_errors() as error:
            raise broken(error, self._origin, 0) from error
        self.clocks.received()
        return raw


async def open_answer(client: httpx.AsyncClient, letter: Letter, road: Road) -> Answer:
    """Sends the request and waits for the head of the answer."""
    import httpx

    origin = origin_of(letter.url)
    clocks = Clocks(letter)
    timeout = httpx.Timeout(None, connect=letter.timeouts.connect_s, pool=letter.timeouts.connect_s)
    try:
        request = client.build_request(
            letter.method,
            letter.url,
            headers=dict(letter.headers),
            content=letter.body,
            timeout=timeout,
            extensions={ROAD: road},
        )
        async with asyncio.timeout_at(clocks.deadline()):
            response = await client.send(request, stream=True)
    except TimeoutError:
        raise no_answer(origin, letter.timeouts.first_byte_s) from None
    except network_errors() as error:
        raise broken(error, origin, letter.timeouts.connect_s) from error
    return Answer(response, origin, clocks)


def no_answer(origin: str, seconds: float) -> Unreachable:
    """The server took the request and said nothing."""
    return Unreachable(
        f"no answer from {origin} within {seconds:g} s",
        "try another model, or raise [timeouts] first_byte_s",
        was_taken=True,
    )
