"""How much context an Ollama server is asked to hold (`num_ctx`): what a request needs, in steps, and no more than the model's window.

The server takes memory for all of it when it loads a model, so asking for the whole window of 128k brings a small machine to its knees; and
it loads the model anew whenever the figure changes. So it grows by doubling, and shrinks only once the model has probably been unloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import Capability

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.exchange import ModelRequest

LEAST_TOKENS = 8_192
"""Room for a usual conversation; 1 GB with a model of 8 billion parameters."""
ANSWER_TOKENS = 4_096
"""Room for an answer where nobody limits it; a model that thinks gets it twice."""
MOST_TOKENS = 2**20
"""Never asked for more, whatever the window is said to be."""
DOUBT = 1.5
"""The count of a request is an estimate, and a request that is longer than its room is refused."""
STAYS_LOADED_S = 300.0
"""How long a model stays in memory after an answer unless the user says otherwise (Ollama's default)."""


@dataclass(frozen=True, slots=True)
class _Given:
    tokens: int
    at_s: float


class Rooms:
    """The room each model of one server was last given."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` is monotonic, in seconds."""
        self._clock = clock
        self._given: dict[str, _Given] = {}

    def room(self, request: ModelRequest) -> int | None:
        """The figure to send. None: nothing is known, and the server's own default stands."""
        if request.input_tokens is None:
            return request.context_tokens
        now_s, before = self._clock(), self._given.get(request.model_id)
        wanted = _stepped(needed(request))
        if before is not None and now_s - before.at_s < STAYS_LOADED_S:
            wanted = max(wanted, before.tokens)
        if request.context_tokens is not None:
            wanted = min(wanted, request.context_tokens)
        self._given[request.model_id] = _Given(wanted, now_s)
        return wanted

    def widen(self, request: ModelRequest) -> bool:
        """Give the model twice the room, because this request was longer than it seemed. False: there is no more to give."""
        before = self._given.get(request.model_id)
        limit = min(request.context_tokens or MOST_TOKENS, MOST_TOKENS)
        if before is None or before.tokens >= limit:
            return False
        self._given[request.model_id] = _Given(min(2 * before.tokens, limit), self._clock())
        return True


def needed(request: ModelRequest) -> int:
    """Tokens of the request and of its answer, on the safe side."""
    usual = ANSWER_TOKENS * (2 if Capability.REASONING in request.capabilities else 1)
    return round((request.input_tokens or 0) * DOUBT) + (request.max_output_tokens or usual)


def _stepped(tokens: int) -> int:
    size = LEAST_TOKENS
    while size < min(tokens, MOST_TOKENS):
        size *= 2
    return size
