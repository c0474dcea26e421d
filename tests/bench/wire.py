"""What the wires cost: CPU per event, memory over a long answer, and the delay between bytes and the first delta; httpx included.

python -m tests.bench.wire            three rounds: under a minute on a quiet machine

The server is a process of its own, so that its work is not counted. Its clock is the system's monotonic one, as ours is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx

from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.exchange import ModelRequest
from hawkmoth_tui.core.messages import user
from hawkmoth_tui.providers.connect import open_provider
from hawkmoth_tui.providers.door import HttpDoor
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hawkmoth_tui.providers.provider import Provider

EVENTS = 5_000
LONE_EVENTS = 2_000
APART_S = 0.001
"""Between two lone events, so that each pays for a read of its own: httpx and the event loop take most of that."""
LONG_BYTES = 50 * 1024 * 1024
PADDING = "p" * 4096
STEADY_BYTES = 8 * 1024 * 1024
"""After so much of the long answer memory must stand still."""
FIRSTS = 100
PAGE = os.sysconf("SC_PAGE_SIZE")


class Goal(NamedTuple):
    """A figure and what it must not pass."""

    name: str
    figure: float
    limit: float

    def __str__(self) -> str:
        verdict = "met" if self.figure <= self.limit else "MISSED"
        return f"{self.name:46} {self.figure:9.2f} {self.limit:9.2f}  {verdict}"


def event(text: str, **more: object) -> bytes:
    """One event as large as OpenAI's."""
    document = {
        "id": "chatcmpl-0123456789abcdefghijklmnopqrst",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "bench-model-2026-11-01",
        "service_tier": "default",
        "system_fingerprint": "fp_0123456789",
        "choices": [{"index": 0, "delta": {"content": text}, "logprobs": None, "finish_reason": None}],
        "usage": None,
        **more,
    }
    return b"data: " + json.dumps(document, separators=(",", ":")).encode() + b"\n\n"


def chunk(piece: bytes) -> bytes:
    """One chunk of the body, as servers send every event."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
ENDING = (
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    b'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9}}\n\ndata: [DONE]\n\n'
)


async def _serve() -> None:
    """The server: the model's name says which answer is wanted."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        wish = json.loads(await reader.readexactly(length))["model"]
        writer.write(HEAD)
        match wish:
            case "many":
                for _ in range(EVENTS):
                    writer.write(chunk(event(" token")))
                    await writer.drain()
            case "lone":
                for _ in range(LONE_EVENTS):
                    writer.write(chunk(event(" token")))
                    await asyncio.sleep(APART_S)
            case "long":
                padded = event("x", obfuscation=PADDING)
                for _ in range(LONG_BYTES // len(padded)):
                    writer.write(chunk(padded))
                    await writer.drain()
            case _:
                await writer.drain()
                await asyncio.sleep(0.02)
                writer.write(chunk(event(repr(time.monotonic()))))
        writer.write(chunk(ENDING) + chunk(b""))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


class Server(NamedTuple):
    """A server in another process, and our provider for it."""

    url: str
    provider: Provider


@asynccontextmanager
async def served() -> AsyncIterator[Server]:
    """Starts it, and ends it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.wire", "--serve", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    door = HttpDoor({})
    door.warm()
    url = f"http://127.0.0.1:{port}/v1"
    try:
        yield Server(url, open_provider(ProviderSettings("bench", Protocol.OPENAI_CHAT, url), None, door))
    finally:
        await door.aclose()
        process.kill()
        await process.wait()


def memory_mb() -> float:
    """What is resident now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1024**2


async def cost_per_event_us(provider: Provider, model: str, events: int) -> float:
    """CPU of this process over an answer of so many events, for one of them."""
    began, count = time.process_time(), 0
    async with aclosing(provider.stream(ModelRequest(model, (user("go"),)))) as chunks:
        async for one in chunks:
            count += isinstance(one, TextDelta)
    assert count == events, count
    return (time.process_time() - began) * 1e6 / events


async def bare_us(server: Server, model: str, events: int) -> float:
    """The same with httpx and the JSON parser alone, through a client that is there already."""
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(verify=False)) as client:
        began = time.process_time()
        async with client.stream("POST", f"{server.url}/chat/completions", json={"model": model}) as answer:
            async for raw in answer.aiter_raw():
                for line in raw.split(b"\n\n"):
                    if line.startswith(b"data: {"):
                        json.loads(line[6:])
        return (time.process_time() - began) * 1e6 / events


async def growth_mb(provider: Provider) -> float:
    """How far memory leaves what it was after the first part of an answer of 50 MB with hardly any text."""
    size = len(event("x", obfuscation=PADDING))
    seen, steady, furthest = 0, 0.0, 0.0
    async with aclosing(provider.stream(ModelRequest("long", (user("go"),)))) as chunks:
        async for _ in chunks:
            seen += 1
            if seen % 200 == 0 and seen * size > STEADY_BYTES:
                now = memory_mb()
                steady = steady or now
                furthest = max(furthest, abs(now - steady))
    assert seen >= LONG_BYTES // size, seen
    return furthest


async def first_delta_ms(provider: Provider) -> float:
    """From the server's writing of the first event to the delta; the slowest but one of a hundred."""
    delays: list[float] = []
    for _ in range(FIRSTS):
        async with aclosing(provider.stream(ModelRequest("first", (user("go"),)))) as chunks:
            async for chunk in chunks:
                if isinstance(chunk, TextDelta):
                    delays.append((time.monotonic() - float(chunk.text)) * 1000)
    return sorted(delays)[-2]


async def measure(rounds: int) -> list[Goal]:
    """The medians of the rounds, each held against its goal."""
    figures: dict[tuple[str, float], list[float]] = defaultdict(list)
    async with served() as server:
        provider = server.provider
        await first_delta_ms(provider)
        for _ in range(rounds):
            figures["CPU per event, us", 80.0].append(await cost_per_event_us(provider, "many", EVENTS))
            bare = await bare_us(server, "lone", LONE_EVENTS)
            own = await cost_per_event_us(provider, "lone", LONE_EVENTS)
            figures["the same beyond bare httpx, each event alone", 37.0].append(own - bare)
            figures["growth over 50 MB on the wire, MB", 5.0].append(await growth_mb(provider))
            figures["first delta after its bytes, ms (2nd of 100)", 10.0].append(await first_delta_ms(provider))
    return [Goal(name, statistics.median(each), limit) for (name, limit), each in figures.items()]


def main() -> None:
    """Measures and prints the verdicts, or serves for the process that measures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.wire", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(_serve())
        return
    goals = asyncio.run(measure(arguments.rounds))
    sys.stdout.write(f"medians of {arguments.rounds} rounds, load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.writelines(f"{goal}\n" for goal in goals)


if __name__ == "__main__":
    main()
