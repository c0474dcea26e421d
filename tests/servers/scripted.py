"""A loopback HTTP/1.1 server that answers what a test tells it to: any status and headers, chunks, stalls, cuts, resets."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping


class Framing(Enum):
    """How the end of the body is told."""

    CHUNKED = auto()
    LENGTH = auto()
    CLOSE = auto()


class Act(Enum):
    """What happens between two pieces of a body."""

    STALL = auto()
    """Nothing more, until the client goes away."""
    CUT = auto()
    """The connection closes without the end of the body."""
    RESET = auto()
    """The connection is reset (TCP RST)."""


Step: TypeAlias = "bytes | Act | asyncio.Event"
"""A piece of the body, an act, or an event to wait for."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def document(self) -> dict[str, object]:
        """The JSON body."""
        parsed = json.loads(self.body)
        assert isinstance(parsed, dict)
        return parsed


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers."""

    steps: tuple[Step, ...] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    framing: Framing = Framing.CHUNKED
    head: bytes | None = None
    """Raw bytes in place of status line and headers; the steps follow as they are."""
    before_head: tuple[Step, ...] = ()

    def split(self, size: int) -> Reply:
        """The same body in pieces of `size` bytes."""
        body = b"".join(step for step in self.steps if isinstance(step, bytes))
        return replace(self, steps=tuple(body[at : at + size] for at in range(0, len(body), size)))

    def compressed(self, *, as_deflate: bool = False) -> Reply:
        """The same body compressed, flushed after each piece."""
        squeeze = zlib.compressobj(6, zlib.DEFLATED, 15 if as_deflate else 31)
        steps: list[Step] = []
        for step in self.steps:
            steps.append(squeeze.compress(step) + squeeze.flush(zlib.Z_SYNC_FLUSH) if isinstance(step, bytes) else step)
        if all(isinstance(step, bytes) for step in self.steps):
            steps.append(squeeze.flush())
        encoding = "deflate" if as_deflate else "gzip"
        return replace(self, steps=tuple(steps), headers={**self.headers, "content-encoding": encoding})


def sse(*events: object, name: str = "", end: str | None = None) -> tuple[bytes, ...]:
    """Events of JSON, each in its own piece; `end` is a last event sent as it is, such as [DONE]."""
    head = f"event: {name}\n" if name else ""
    pieces = [f"{head}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in events]
    return (*pieces, *([f"data: {end}\n\n".encode()] if end is not None else []))


def whole(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """One JSON document with its length."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Reply((body,), status, {"content-type": "application/json", **(headers or {})}, Framing.LENGTH)


def squeezed(body: bytes) -> bytes:
    """The bytes as one gzip member."""
    return gzip.compress(body)


class ScriptedServer:
    """Answers the n-th request with the n-th reply, the last one for ever; or by a function of the request.

    `is_mute` takes connections and everything that comes in, and never says a word.
    """

    def __init__(
        self,
        *replies: Reply,
        answer: Callable[[Request], Reply] | None = None,
        tls: ssl.SSLContext | None = None,
        is_mute: bool = False,
    ) -> None:
        self._replies = replies
        self._answer = answer
        self._tls = tls
        self._is_mute = is_mute
        self.requests: list[Request] = []
        self.connections = 0
        self.gone = asyncio.Event()
        """Set when a client went away while its answer was stalled or still being written."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", 0, limit=2**20, ssl=self._tls, ssl_shutdown_timeout=0.1 if self._tls else None
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """The server's address without a path."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while self._is_mute and await reader.read(2**16):
                pass
            while (request := await _read_request(reader)) is not None:
                self.requests.append(request)
                if not await self._reply(self._choose(request), reader, writer):
                    break
        except OSError:
            self.gone.set()
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _choose(self, request: Request) -> Reply:
        if self._answer is not None:
            return self._answer(request)
        return self._replies[min(len(self.requests), len(self._replies)) - 1]

    async def _reply(self, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection may be used again."""
        for step in reply.before_head:
            if not await self._act(step, reader, writer, Framing.CLOSE):
                return False
        writer.write(reply.head if reply.head is not None else _head(reply))
        framing = Framing.CLOSE if reply.head is not None else reply.framing
        for step in reply.steps:
            if not await self._act(step, reader, writer, framing):
                return False
        if framing is Framing.CHUNKED:
            writer.write(b"0\r\n\r\n")
        await writer.drain()
        return framing is not Framing.CLOSE

    async def _act(
        self, step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, framing: Framing
    ) -> bool:
        match step:
            case bytes():
                if step:
                    writer.write(b"%x\r\n%s\r\n" % (len(step), step) if framing is Framing.CHUNKED else step)
                await writer.drain()
                # A turn of the loop per piece, so that pieces leave one by one.
                await asyncio.sleep(0)
                return True
            case asyncio.Event():
                await step.wait()
                return True
            case Act.STALL:
                await writer.drain()
                with suppress(ConnectionError):
                    await reader.read(1)
                self.gone.set()
                return False
            case Act.CUT:
                return False
            case Act.RESET:
                await writer.drain()
                connection: socket.socket = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return False


def _head(reply: Reply) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} Reply"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    match reply.framing:
        case Framing.CHUNKED:
            lines.append("transfer-encoding: chunked")
        case Framing.LENGTH:
            lines.append(f"content-length: {sum(len(step) for step in reply.steps if isinstance(step, bytes))}")
        case Framing.CLOSE:
            lines.append("connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)
