"""The benchmark's model server: OpenAI chat over loopback, deterministic, one line of JSON on stdout per thing that happened.

    python -m tests.bench.server          prints {"port": …} first

A prompt says what it wants: `tokens=2000 rate=100 shape=mixed tag=a1`. `rate=0` is as fast as the line takes it. Times are of the system's
monotonic clock, so that another process can subtract them.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass

from tests.bench.prose import Shape, tokens

MODEL = "bench-model"

_WISH = re.compile(r"tokens=(\d+) rate=(\d+) shape=(\w+) tag=(\w+)")
_HEADERS = "Content-Type: {}\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Wish:
    """The answer that a prompt asks for."""

    tokens: int
    rate: int
    """Tokens a second; 0 is without waiting."""
    shape: Shape
    tag: str

    @classmethod
    def of(cls, body: bytes) -> Wish | None:
        """The last wish in a request; None when it holds none."""
        found = _WISH.findall(body.decode("utf-8", "replace"))
        return cls(int(found[-1][0]), int(found[-1][1]), Shape(found[-1][2]), found[-1][3]) if found else None

    def __str__(self) -> str:
        return f"tokens={self.tokens} rate={self.rate} shape={self.shape} tag={self.tag}"


def tell(**facts: object) -> None:
    """One line for whoever measures."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def chunk(delta: dict[str, str], finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
    """One server-sent event of the chat dialect."""
    document = {
        "id": "bench",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        **({"usage": usage} if usage else {}),
    }
    return b"data: " + json.dumps(document).encode() + b"\n\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serves one request and closes."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        arrived = time.monotonic()
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        wish = Wish.of(body)
        if not head.startswith(b"POST") or wish is None:
            models = json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]})
            writer.write(f"HTTP/1.1 200 OK\r\n{_HEADERS.format('application/json')}{models}".encode())
        else:
            tell(tag=wish.tag, event="request", at=arrived)
            writer.write(f"HTTP/1.1 200 OK\r\n{_HEADERS.format('text/event-stream')}".encode())
            await stream(writer, wish)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def stream(writer: asyncio.StreamWriter, wish: Wish) -> None:
    """Streams the wished tokens at their rate, measured from the beginning so that it does not drift."""
    begin = time.monotonic()
    for number, token in enumerate(tokens(wish.shape, wish.tokens, wish.tag)):
        if wish.rate and (ahead_s := begin + number / wish.rate - time.monotonic()) > 0:
            await asyncio.sleep(ahead_s)
        writer.write(chunk({"content": token}))
        await writer.drain()
    tell(tag=wish.tag, event="last", at=time.monotonic())
    usage = {"prompt_tokens": 20, "completion_tokens": wish.tokens, "total_tokens": 20 + wish.tokens}
    writer.write(chunk({}, "stop", usage) + b"data: [DONE]\n\n")


async def main() -> None:
    """Serves until its stdin closes."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    tell(port=server.sockets[0].getsockname()[1])
    async with server:
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
