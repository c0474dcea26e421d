"""One answer as it arrives, whatever the wire: text, thinking, tool calls, usage and the finish, turned into chunks.

Readers put in what their protocol says; the assembly joins, counts, caps, and knows whether the server called the answer finished.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import BadResponse, StreamBroken
from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived, UsageReported
from hawkmoth_tui.core.exchange import AsReported, Finished
from hawkmoth_tui.core.usage import Reported
from hawkmoth_tui.providers.fields import NOTHING
from hawkmoth_tui.providers.text import CLOSING, Mender, ThinkSplitter
from hawkmoth_tui.providers.tool_calls import MOST_CALLS, CallPieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.exchange import Chunk
    from hawkmoth_tui.core.messages import ToolCall
    from hawkmoth_tui.core.usage import Usage

ANSWER_CHARACTERS = 8 * 1024 * 1024
"""Most characters of one answer, thinking and tool arguments included."""

_CANONICAL = {
    "stop": "stop",
    "eos": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "complete": "stop",
    "completed": "stop",
    "length": "length",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "tool_calls": "tool_calls",
    "tool_call": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "content_filter",
    "safety": "content_filter",
    "prohibited_content": "content_filter",
    "recitation": "content_filter",
    "blocklist": "content_filter",
    "spii": "content_filter",
}

_FAILED = frozenset({"error", "timeout", "insufficient_system_resource"})
"""Finish reasons by which a server says that it could not go on."""

REASON_CHARACTERS = 80
USAGE_CHARACTERS = 4096
"""Longest usage that is kept as it was reported."""
USAGE_PARTS = 50
"""Most objects and lists in it."""


def canonical(reason: str) -> str:
    """The finish reason in our words (stop, length, tool_calls, content_filter), else the server's own."""
    return _CANONICAL.get(reason.lower(), reason[:REASON_CHARACTERS])


def _own_words(usage: Mapping[str, object]) -> str:
    """The usage as JSON; empty for none, and for one that is too long or too strange to be kept."""
    try:
        words = json.dumps(usage, separators=(",", ":"), allow_nan=False) if usage else ""
    except (ValueError, RecursionError):
        return ""
    is_plain = len(words) <= USAGE_CHARACTERS and words.count("[") + words.count("{") <= USAGE_PARTS
    return words if is_plain else ""


class Assembly:
    """What has arrived of one answer. Methods return the chunks that can be handed on at once."""

    def __init__(self, origin: str, *, splits_think: bool = True) -> None:
        self._origin = origin
        self._text = Mender()
        self._thinking = Mender()
        self._splitter = ThinkSplitter() if splits_think else None
        self._calls = CallPieces()
        self._characters = 0
        self._usage: Usage | None = None
        self._told_usage: Usage | None = None
        self._is_usage_final = False
        self._reason: str | None = None
        self._raw_usage: Mapping[str, object] = NOTHING
        self._raw_reason = ""
        self._has_text = False
        self._call_count = 0
        self.progress = 0
        """Grows with every part of the answer; comments, pings and empty deltas leave it."""
        self.is_done = False
        """Whether the server's last word was heard, so that reading may stop."""

    @property
    def is_finished(self) -> bool:
        """Whether the server said that the answer is complete; its usage may still follow."""
        return self._reason is not None

    @property
    def holds_something(self) -> bool:
        """Whether text or a tool call arrived."""
        return self._has_text or self._call_count > 0

    def whole_text(self, text: str) -> list[Chunk]:
        """All of an answer: a `<think>` that is never closed is text."""
        if self._splitter is not None and CLOSING not in text:
            self._splitter = None
        return self.text(text)

    def text(self, text: str) -> list[Chunk]:
        """More of the answer."""
        if not text:
            return []
        self._count(len(text))
        text = self._text.mend(text)
        if self._splitter is None:
            return self._shown(text)
        thinking, text = self._splitter.split(text)
        if not self._splitter.is_open:
            self._splitter = None
        chunks = self._shown(text)
        return [ThinkingDelta(thinking, origin=self._origin), *chunks] if thinking else chunks

    def thinking(self, text: str, signature: str = "") -> list[Chunk]:
        """More of the reasoning; a signature closes a block."""
        if not (text or signature):
            return []
        self._count(len(text) + len(signature))
        mended = self._thinking.mend(text)
        if signature:
            mended += self._thinking.end()
        return [ThinkingDelta(mended, signature, self._origin)] if mended or signature else []

    def call_piece(self, index: int | None, id_: str, name: str, arguments: str) -> None:
        """A fragment of a tool call, joined by index, or by id where there is no index."""
        self._count(len(id_) + len(name) + len(arguments) + 1)
        self._calls.add(index, id_, name, arguments)

    def call(self, call: ToolCall) -> list[Chunk]:
        """A whole tool call."""
        self._count(len(call.name) + len(call.arguments) + 1)
        self._call_count += 1
        if self._call_count > MOST_CALLS:
            raise StreamBroken(f"the server asks for more than {MOST_CALLS} tool calls at once", "retry it")
        return [ToolCallReceived(call)]

    def counted(self, part: str) -> str:
        """A part that its reader keeps until it is whole: it is progress and counts towards the limit."""
        if part:
            self._count(len(part))
        return part

    def usage(self, usage: Usage | None, raw: Mapping[str, object], *, is_final: bool = True) -> list[Chunk]:
        """The usage so far, and the server's own words for it: the last one stands. The first before the finish is handed on at once,
        as an estimate.

        One that is not final stays an estimate, also when the answer ends with no better one.
        """
        self._raw_usage = raw
        if usage is None:
            return []
        is_first = self._usage is None
        self._usage, self._is_usage_final = usage, is_final
        return self._provisional_usage() if is_first and not self.is_finished else []

    def finish(self, reason: str) -> None:
        """The server's finish reason; the last one stands. Raises StreamBroken when it says that the server failed."""
        if not reason:
            return
        self._raw_reason = reason[:REASON_CHARACTERS]
        if reason.lower() in _FAILED:
            raise StreamBroken(f"the server stopped the answer ({reason})", "retry it or choose another model")
        self._reason = canonical(reason)

    def came_whole(self) -> None:
        """All of the answer is here. Without a finish reason it counts as `stop`."""
        if self._reason is None:
            self._reason = "stop"

    def done(self) -> None:
        """The protocol's own end mark: all of the answer is here."""
        self.is_done = True
        self.came_whole()

    def flush(self) -> list[Chunk]:
        """Text and thinking that were held back because more might have followed."""
        chunks: list[Chunk] = []
        thinking, text = self._splitter.end() if self._splitter is not None else ("", "")
        self._splitter = None
        thinking += self._thinking.end()
        if thinking:
            chunks.append(ThinkingDelta(thinking, origin=self._origin))
        return chunks + self._shown(text + self._text.end())

    def remains(self) -> list[Chunk]:
        """What is left of an answer that broke: text held back, and the last usage when it was not handed on."""
        usage = self._provisional_usage() if self._usage != self._told_usage else []
        return [*self.flush(), *usage, *self._as_reported()]

    def end(self) -> list[Chunk]:
        """What is left at the end of the body, usage and `Finished` last. Raises a ProviderError when the answer is not finished."""
        if self._reason is None:
            raise self._broken()
        chunks = self.flush()
        chunks += [chunk for call in self._calls.whole() for chunk in self.call(call)]
        if self._usage is not None:
            chunks += [UsageReported(self._usage)] if self._is_usage_final else self._provisional_usage()
        return [*chunks, *self._as_reported(), Finished(self._reason)]

    def _as_reported(self) -> list[Chunk]:
        reported = Reported(_own_words(self._raw_usage), self._raw_reason)
        self._raw_usage, self._raw_reason = NOTHING, ""
        return [AsReported(reported)] if reported != Reported() else []

    def _provisional_usage(self) -> list[Chunk]:
        self._told_usage = self._usage
        return [UsageReported(replace(self._usage, estimated=True))] if self._usage is not None else []

    def _broken(self) -> StreamBroken | BadResponse:
        if self.progress:
            return StreamBroken("the answer was cut off before the server said it was finished", "continue or retry it")
        return BadResponse("the server sent no answer that could be read", "check base_url and protocol, or try again")

    def _shown(self, text: str) -> list[Chunk]:
        if not text:
            return []
        self._has_text = True
        return [TextDelta(text)]

    def _count(self, characters: int) -> None:
        self.progress += 1
        self._characters += characters
        if self._characters > ANSWER_CHARACTERS:
            raise StreamBroken(
                f"the answer passed {ANSWER_CHARACTERS // 1024**2} MB and was stopped", "ask for a shorter answer"
            )
