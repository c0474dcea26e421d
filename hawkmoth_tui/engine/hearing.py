"""What one request has brought so far: its events in the order of arrival, and how it ended."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import FirstToken, UsageReported
from hawkmoth_tui.core.exchange import AsReported, Finished, QuotaTold
from hawkmoth_tui.core.turn import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.errors import HawkmothError
    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.exchange import Chunk, Quota
    from hawkmoth_tui.core.usage import Reported


@dataclass(slots=True)
class Ended:
    """How an attempt ended; filled in while it runs."""

    outcome: Outcome = Outcome.SKIPPED
    error: HawkmothError | None = None
    finish_reason: str | None = None
    """None: the server did not call the answer finished."""
    retries: int = 0
    is_passed_over: bool = False
    """Whether the user took the next candidate rather than wait for this one."""
    is_billable: bool = False
    """Whether a request left that was not refused, so that the server may bill its input."""
    reported: Reported | None = None
    """What the server itself said of usage and ending. None: nothing."""
    quota: Quota | None = None
    """What the server said is left for the next request. None: it did not say."""


class Heard:
    """What arrived of one request, as events that wait to be taken."""

    def __init__(self, started_at_ms: int, clock_ms: Callable[[], int], ended: Ended) -> None:
        self.events: deque[TurnEvent] = deque()
        self._started_at_ms = started_at_ms
        self._clock_ms = clock_ms
        self._ended = ended
        self._has_token = False

    def take(self, chunks: list[Chunk]) -> bool:
        """Turn the chunks into events; the finish into an outcome. Whether there were any."""
        for chunk in chunks:
            if isinstance(chunk, Finished):
                self._ended.finish_reason, self._ended.outcome = chunk.reason, Outcome.OK
                continue
            if isinstance(chunk, AsReported):
                self._ended.reported = chunk.reported
                continue
            if isinstance(chunk, QuotaTold):
                self._ended.quota = chunk.quota
                continue
            if not self._has_token and not isinstance(chunk, UsageReported):
                self._has_token = True
                self.events.append(FirstToken(max(0, self._clock_ms() - self._started_at_ms)))
            self.events.append(chunk)
        return bool(chunks)
