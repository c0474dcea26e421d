"""How the demo server writes: one answer as openai-chat documents, and HTTP/1.1 around them."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer in tokens."""

    id: str
    model_id: str
    thought: list[str]
    pieces: list[str]
    finish_reason: str

    def deltas(self) -> list[dict[str, str]]:
        return [{"reasoning_content": token} for token in self.thought] + [{"content": token} for token in self.pieces]

    def chunk(self, delta: Mapping[str, object], *, finish: bool = False) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "finish_reason": self.finish_reason if finish else None}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def whole(self, usage: Mapping[str, object]) -> dict[str, object]:
        message = {"role": "assistant", "content": "".join(self.pieces), "reasoning_content": "".join(self.thought)}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage}

    def _head(self, kind: str) -> dict[str, object]:
        return {"id": self.id, "object": kind, "created": int(time.time()), "model": self.model_id}


def error(message: str, kind: str) -> dict[str, object]:
    return {"error": {"message": message, "type": kind, "code": kind}}


async def send(
    writer: asyncio.StreamWriter,
    status: int,
    document: Mapping[str, object] | str,
    headers: Mapping[str, str] | None = None,
) -> bool:
    """A whole answer: a JSON document, or a page."""
    is_page = isinstance(document, str)
    body = (document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)).encode(
        "utf-8", "replace"
    )
    kind = "text/html" if is_page else "application/json"
    lines = [f"HTTP/1.1 {status} Simulated", f"content-type: {kind}; charset=utf-8", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    await writer.drain()
    return True


def write_event(writer: asyncio.StreamWriter, document: Mapping[str, object]) -> None:
    write_piece(writer, b"data: %s\n\n" % json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))


def write_piece(writer: asyncio.StreamWriter, piece: bytes) -> None:
    """One chunk of the transfer coding (RFC 9112 §7.1)."""
    writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
