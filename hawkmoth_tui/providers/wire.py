"""What a wire protocol is to the rest of the package: how to ask, how to read the answer, how to list models."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.errors import ProviderError
    from hawkmoth_tui.core.exchange import Chunk, ListedModel, ModelRequest
    from hawkmoth_tui.providers.assembly import Assembly
    from hawkmoth_tui.providers.body import EventReader

DONE = "[DONE]"
"""OpenAI's end mark, which travels in place of JSON."""


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request before the key is put in."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, object] | None = None
    """The JSON body. None: there is none."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a model list."""

    models: tuple[ListedModel, ...]
    next_url: str = ""
    """Where the next page is; empty at the last one."""


class Reader(Protocol):
    """Reads one answer. Pure: JSON objects in, chunks out."""

    @property
    def assembly(self) -> Assembly:
        """What has arrived so far."""

    def read(self, document: Mapping[str, object], name: str = "") -> list[Chunk]:
        """The chunks of one event; `name` is the event's. Raises a ProviderError when the event is one."""

    def read_whole(self, document: Mapping[str, object]) -> list[Chunk]:
        """The chunks of an answer that came as one document."""


class Wire(Protocol):
    """One protocol with one server's base URL."""

    def ask(self, request: ModelRequest) -> Call:
        """The request for a streamed answer."""

    def reader(self) -> Reader:
        """A fresh reader for one answer."""

    def json_lines(self) -> EventReader | None:
        """A fresh line reader where the stream is newline-delimited JSON. None: it is SSE."""

    def key_header(self, key: str) -> tuple[str, str]:
        """Name and value of the header that carries the key."""

    def list_call(self) -> Call | None:
        """The request for the first page of the model list. None: the server has none."""

    def list_page(self, document: object, url: str) -> Page:
        """The models in a parsed answer to the request for `url`."""


@runtime_checkable
class Yielding(Protocol):
    """A wire that knows refusals after which the same request, asked in another way, may succeed."""

    def can_ask_again(self, request: ModelRequest, error: ProviderError) -> bool:
        """Whether `ask` gives another call now. True only so often; nothing of an answer has arrived."""


@runtime_checkable
class Guarded(Protocol):
    """A wire some of whose servers show their model list to everybody, so that it says nothing about a key."""

    def key_call(self) -> Call | None:
        """The request that only a known key is answered. None: the model list is one."""
