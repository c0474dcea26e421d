"""What happens in a turn, as small frozen values. Endings are always delivered; deltas may be merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from hawkmoth_tui.core.escalation import Escalation
    from hawkmoth_tui.core.messages import ToolCall
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.turn import Attempt, Turn, TurnError, TurnState, Wait
    from hawkmoth_tui.core.usage import Usage


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The prompt is stored; nothing was sent yet."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class RouteChosen:
    """The router decided, or moved on to the next candidate."""

    route: Route


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A request is about to leave; the attempt has no outcome yet."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class FirstToken:
    """The first visible token of the running attempt, thinking included."""

    ttft_ms: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the visible answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """More reasoning; a signature closes the block it belongs to."""

    text: str
    signature: str = ""
    origin: str = ""
    took_ms: int = 0
    """Since the piece before it of the same block."""


@dataclass(frozen=True, slots=True)
class ToolCallReceived:
    """A whole tool call."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class UsageReported:
    """The running attempt's usage so far; the last one stands, they are never added."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for the user: what was left out, dropped, retried or skipped."""

    message: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The running attempt waits before it asks, or asks again. None: it waits no more."""

    wait: Wait | None


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """The running attempt with its outcome, usage and cost; the ledger has it."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Escalated:
    """The answer so far is set aside for a better model's."""

    escalation: Escalation


@dataclass(frozen=True, slots=True)
class AnswerRestored:
    """The better model brought nothing: what was set aside last is the answer again."""


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is stored in its final state."""

    state: TurnState
    at_ms: int
    finish_reason: str | None = None
    error: TurnError | None = None
    baseline: str = ""
    baseline_cost_pico: int | None = None


TurnEvent: TypeAlias = (
    TurnStarted
    | RouteChosen
    | AttemptStarted
    | FirstToken
    | TextDelta
    | ThinkingDelta
    | ToolCallReceived
    | UsageReported
    | Notice
    | Waiting
    | Escalated
    | AnswerRestored
    | AttemptEnded
    | TurnEnded
)
