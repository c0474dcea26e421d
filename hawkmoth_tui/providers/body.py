"""What a body is, told from its first non-blank byte and never from its Content-Type: events, one whole JSON document, or a web page."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from hawkmoth_tui.core.errors import BadResponse
from hawkmoth_tui.providers.failures import web_page
from hawkmoth_tui.providers.sse import SseReader

if TYPE_CHECKING:
    from hawkmoth_tui.providers.sse import Event

WHOLE = "\x00whole"
"""Name of the one event that a whole JSON document becomes; no wire can send it."""
DOCUMENT_BYTES = 16 * 1024 * 1024
"""Most in one whole JSON document."""
PAGE_BYTES = 64 * 1024
"""How much of a web page is looked at."""

_BLANK = b" \t\r\n\xef\xbb\xbf"


class EventReader(Protocol):
    """SSE or newline-delimited JSON."""

    def feed(self, piece: bytes) -> list[Event]:
        """The events that `piece` completes."""

    def end(self) -> list[Event]:
        """What is left at the end of the body."""


class _Kind(Enum):
    UNKNOWN = auto()
    EVENTS = auto()
    DOCUMENT = auto()
    PAGE = auto()


class BodyReader:
    """Feed it the body's bytes, take events."""

    def __init__(self, json_lines: EventReader | None = None) -> None:
        self._json_lines = json_lines
        self._kind = _Kind.UNKNOWN
        self._events: EventReader = SseReader()
        self._held: list[bytes] = []
        self._held_bytes = 0

    def feed(self, piece: bytes) -> list[Event]:
        """The events that `piece` completes. Raises BadResponse."""
        if self._kind is _Kind.UNKNOWN:
            piece = piece.lstrip(_BLANK)
            if not piece:
                return []
            self._kind = self._judge(piece)
        match self._kind:
            case _Kind.EVENTS:
                return self._events.feed(piece)
            case _Kind.DOCUMENT | _Kind.PAGE | _Kind.UNKNOWN:
                self._hold(piece)
                return []

    def end(self) -> list[Event]:
        """What is left. Raises BadResponse for a web page and for an empty body."""
        match self._kind:
            case _Kind.EVENTS:
                return self._events.end()
            case _Kind.DOCUMENT:
                return [(WHOLE, b"".join(self._held).decode("utf-8", "replace"))]
            case _Kind.PAGE:
                raise web_page(b"".join(self._held))
            case _Kind.UNKNOWN:
                raise BadResponse("the server sent an empty answer", "check base_url, or try again")

    @property
    def is_document(self) -> bool:
        """Whether one whole JSON document is arriving, so that every byte of it is progress."""
        return self._kind is _Kind.DOCUMENT

    def _judge(self, head: bytes) -> _Kind:
        first = head[:1]
        if first == b"<":
            return _Kind.PAGE
        if first == b"{" and self._json_lines is not None:
            self._events = self._json_lines
            return _Kind.EVENTS
        return _Kind.DOCUMENT if first in (b"{", b"[") else _Kind.EVENTS

    def _hold(self, piece: bytes) -> None:
        self._held.append(piece)
        self._held_bytes += len(piece)
        if self._kind is _Kind.PAGE and self._held_bytes > PAGE_BYTES:
            raise web_page(b"".join(self._held))
        if self._held_bytes > DOCUMENT_BYTES:
            raise BadResponse(f"the server sent a document of more than {DOCUMENT_BYTES // 1024**2} MB")
