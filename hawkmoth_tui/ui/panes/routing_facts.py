"""What the routing pane knows: the turn as it stands, and how fast it is arriving. Folded from events, like the turn itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core import events as ev

if TYPE_CHECKING:
    from hawkmoth_tui.core.exchange import Quota
    from hawkmoth_tui.core.turn import Attempt, Turn

CHARACTERS_PER_TOKEN = 4
"""Rough, over English prose; figures made with it are marked `~`."""
REDRAW_S = 0.5
"""How often the live speed changes on the screen."""


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """Everything that the pane and its folded line draw from."""

    turn: Turn
    characters: int = 0
    """Arrived in the running attempt, thinking included."""
    first_at_s: float | None = None
    """When the first of them came, on the screen's own clock."""
    tokens_per_s: float | None = None
    """Live estimate; None before there is enough to tell."""
    measured_at_s: float = 0.0
    quota: Quota | None = None
    """What the provider lets through for now. None: it does not say."""

    def after(self, event: ev.TurnEvent, turn: Turn, now_s: float) -> RoutingFacts:
        """The facts after an event. The speed moves twice a second at most."""
        match event:
            case ev.TurnStarted() | ev.AttemptStarted():
                return RoutingFacts(turn, quota=self.quota if turn.model == self.turn.model else None)
            case ev.TextDelta(text) | ev.ThinkingDelta(text):
                return self._counted(turn, len(text), now_s)
            case _:
                return replace(self, turn=turn)

    def _counted(self, turn: Turn, characters: int, now_s: float) -> RoutingFacts:
        first = now_s if self.first_at_s is None else self.first_at_s
        facts = replace(self, turn=turn, characters=self.characters + characters, first_at_s=first)
        if now_s - max(self.measured_at_s, first) < REDRAW_S:
            return facts
        rate = facts.characters / CHARACTERS_PER_TOKEN / (now_s - first)
        return replace(facts, tokens_per_s=rate, measured_at_s=now_s)

    @property
    def speed(self) -> str:
        """Tokens per second in words: measured once the attempt has ended, estimated while it runs, empty before."""
        attempt = self.turn.attempt
        if attempt is None:
            return ""
        if (measured := tokens_per_second(attempt)) is not None:
            is_estimate = attempt.usage is not None and attempt.usage.estimated
            return f"{'~' if is_estimate else ''}{measured:.0f} tok/s"
        return f"~{self.tokens_per_s:.0f} tok/s" if self.tokens_per_s and attempt.outcome is None else ""


def is_text(event: ev.TurnEvent) -> bool:
    """Whether the event only adds to the answer."""
    return isinstance(event, ev.TextDelta | ev.ThinkingDelta)


def tokens_per_second(attempt: Attempt) -> float | None:
    """Output tokens over the time from the first token to the end. None: not ended, or nothing to divide."""
    if attempt.duration_ms is None or attempt.ttft_ms is None or attempt.usage is None:
        return None
    streamed_ms = attempt.duration_ms - attempt.ttft_ms
    return attempt.usage.output_tokens * 1000 / streamed_ms if streamed_ms > 0 and attempt.usage.output_tokens else None
