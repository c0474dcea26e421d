"""The seam that the engine sees: a server that streams answers and lists its models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hawkmoth_tui.core.exchange import Chunk, ListedModel, ModelRequest


class Provider(Protocol):
    """A server we speak to. Both methods raise only `ProviderError`, and let cancellation through."""

    @property
    def name(self) -> str:
        """The provider's name in the configuration."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[Chunk, None]:
        """The answer, chunk by chunk. The last chunk is `Finished`; an answer that the server did not call finished ends in an error.

        Whether a finished answer holds anything is the caller's question. Close the generator to stop: the connection goes with it.
        """

    async def list_models(self) -> tuple[ListedModel, ...]:
        """The models the server offers for conversation, in its own order; none where it has no list.

        Raises AuthFailed for a key that the server does not know, also where its list is open to everybody.
        """
