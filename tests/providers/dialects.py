"""One small answer in each wire, so that a test can be run over all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.settings.schema import Protocol
from tests.servers.scripted import Reply, sse

if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS = ("Good ", "mörning, ", "日本 ☕ ", "\u2028\u0085 all.")
TEXT = "".join(WORDS)
THOUGHT = "Let me see…"
USAGE = Usage(input_tokens=11, output_tokens=9)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one wire says a text."""

    protocol: Protocol
    head: tuple[bytes, ...]
    thinking: tuple[bytes, ...]
    body: tuple[bytes, ...]
    tail: tuple[bytes, ...]
    """Finish reason, usage, end mark."""

    @property
    def whole(self) -> Reply:
        """The complete answer."""
        return Reply(self.head + self.thinking + self.body + self.tail)

    @property
    def unfinished(self) -> tuple[bytes, ...]:
        """The answer without its end."""
        return self.head + self.body


def _lines(documents: Iterable[object]) -> tuple[bytes, ...]:
    return tuple(json.dumps(document, ensure_ascii=False).encode() + b"\n" for document in documents)


def _chunk(delta: dict[str, object], finish: str | None = None) -> dict[str, object]:
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def _block_delta(index: int, delta: dict[str, object]) -> dict[str, object]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


CHAT = Dialect(
    Protocol.OPENAI_CHAT,
    head=sse(_chunk({"role": "assistant", "content": ""})),
    thinking=sse(_chunk({"reasoning_content": THOUGHT})),
    body=sse(*(_chunk({"content": word}) for word in WORDS)),
    tail=sse(
        _chunk({}, "stop"),
        {"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 9, "total_tokens": 20}},
        end="[DONE]",
    ),
)

MESSAGES = Dialect(
    Protocol.ANTHROPIC_MESSAGES,
    head=sse(
        {
            "type": "message_start",
            "message": {"role": "assistant", "content": [], "usage": {"input_tokens": 11, "output_tokens": 1}},
        },
        {"type": "ping"},
    ),
    thinking=sse(
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "thinking", "thinking": "", "signature": ""},
        },
        _block_delta(0, {"type": "thinking_delta", "thinking": THOUGHT}),
        _block_delta(0, {"type": "signature_delta", "signature": "seal=="}),
        {"type": "content_block_stop", "index": 0},
    ),
    body=sse(
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        *(_block_delta(1, {"type": "text_delta", "text": word}) for word in WORDS),
        {"type": "content_block_stop", "index": 1},
    ),
    tail=sse(
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
        {"type": "message_stop"},
    ),
)

OLLAMA = Dialect(
    Protocol.OLLAMA,
    head=_lines([{"model": "small", "message": {"role": "assistant", "content": ""}, "done": False}]),
    thinking=_lines([{"message": {"role": "assistant", "content": "", "thinking": THOUGHT}, "done": False}]),
    body=_lines({"message": {"role": "assistant", "content": word}, "done": False} for word in WORDS),
    tail=_lines(
        [
            {
                "message": {"role": "assistant", "content": ""},
                "done": True,
                "done_reason": "stop",
                "prompt_eval_count": 11,
                "eval_count": 9,
            }
        ]
    ),
)

RESPONSES = Dialect(
    Protocol.OPENAI_RESPONSES,
    head=sse({"type": "response.created", "response": {"status": "in_progress", "output": [], "usage": None}}),
    thinking=sse(
        {"type": "response.reasoning_text.delta", "output_index": 0, "content_index": 0, "delta": THOUGHT},
        {
            "type": "response.output_item.done",
            "output_index": 0,
            "item": {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "seal=="},
        },
    ),
    body=sse(
        *(
            {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": word}
            for word in WORDS
        )
    ),
    tail=sse(
        {
            "type": "response.completed",
            "response": {
                "status": "completed",
                "output": [
                    {"type": "reasoning", "id": "rs_1", "summary": []},
                    {"type": "message", "content": [{"type": "output_text", "text": TEXT}]},
                ],
                "usage": {"input_tokens": 11, "output_tokens": 9},
            },
        }
    ),
)


def _candidate(*parts: dict[str, object], finish: str | None = None) -> dict[str, object]:
    return {"content": {"role": "model", "parts": list(parts)}, **({"finishReason": finish} if finish else {})}


GEMINI = Dialect(
    Protocol.GEMINI,
    head=sse({"candidates": [_candidate()], "usageMetadata": {"promptTokenCount": 11}}),
    thinking=sse({"candidates": [_candidate({"text": THOUGHT, "thought": True})]}),
    body=sse(*({"candidates": [_candidate({"text": word})]} for word in WORDS)),
    tail=sse(
        {
            "candidates": [_candidate({"text": ""}, finish="STOP")],
            "usageMetadata": {"promptTokenCount": 11, "candidatesTokenCount": 9},
        }
    ),
)


def _cohere(kind: str, content: dict[str, object]) -> dict[str, object]:
    return {"type": kind, "index": 0, "delta": {"message": {"content": content}}}


COHERE = Dialect(
    Protocol.COHERE,
    head=sse({"type": "message-start", "delta": {"message": {"role": "assistant", "content": []}}}),
    thinking=sse(
        _cohere("content-start", {"type": "thinking", "thinking": ""}),
        _cohere("content-delta", {"thinking": THOUGHT}),
        {"type": "content-end", "index": 0},
    ),
    body=sse(
        *(_cohere("content-delta", {"text": word}) for word in WORDS),
        {"type": "content-end", "index": 0},
    ),
    tail=sse(
        {
            "type": "message-end",
            "delta": {
                "finish_reason": "COMPLETE",
                "usage": {"tokens": {"input_tokens": 11, "output_tokens": 9}},
            },
        },
    ),
)

DIALECTS = (CHAT, RESPONSES, MESSAGES, OLLAMA, GEMINI, COHERE)
