"""A turn: one prompt and its answer, and the only place where it changes.

`advance(turn, event)` folds an event into a turn. The store saves the folded turn, the screen draws it, the command line prints it:
they all hold the same value, made the same way. Any split of the deltas folds to the same turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import Message, Part, Role, Text, Thinking, ToolCall
from hawkmoth_tui.core.route import BUDGET
from hawkmoth_tui.core.usage import Reported, Usage

if TYPE_CHECKING:
    from hawkmoth_tui.core.escalation import Escalation
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.switching import Asked


class TurnState(StrEnum):
    """Where a turn stands. The first two are live and belong to a running process."""

    WAITING = "waiting"
    """Stored, nothing has arrived yet."""
    STREAMING = "streaming"
    DONE = "done"
    FAILED = "failed"
    """Nothing visible arrived."""
    INTERRUPTED = "interrupted"
    """Cut after the first visible token, or its owner died; the text is kept."""
    CANCELLED = "cancelled"
    """The user stopped it; the text is kept."""
    BLOCKED = "blocked"
    """All candidates vetoed, or the budget said no; nothing was sent."""

    @property
    def is_live(self) -> bool:
        return self in (TurnState.WAITING, TurnState.STREAMING)


class TurnKind(StrEnum):
    """What made the turn."""

    PROMPT = "prompt"
    RETRY = "retry"
    """The same prompt again: a sibling of the turn it retries."""
    CONTINUE = "continue"
    """Goes on with a cut answer; its prompt is ours, not the user's words."""
    EDIT = "edit"
    """A changed prompt: a sibling of the turn it edits."""


class Outcome(StrEnum):
    """How an attempt ended."""

    OK = "ok"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TurnError:
    """An error as data."""

    type: str
    """Class name from `core.errors`, or "Bug"."""
    message: str
    """The provider's own words, cleaned and capped; ours where there were none."""
    hint: str = ""
    provider: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to one provider."""

    id: str
    model: ModelRef
    started_at_ms: int
    outcome: Outcome | None = None
    """None while it runs."""
    error: TurnError | None = None
    retries: int = 0
    """How often the same candidate was asked again before the first token."""
    ttft_ms: int | None = None
    """From the start of the attempt to the first visible token, thinking included. None: none came."""
    duration_ms: int | None = None
    usage: Usage | None = None
    """None: nothing was sent or the server refused before reading."""
    cost_pico: int | None = None
    """None: unknown. 0 for a request that the provider refused."""
    reported: Reported | None = None
    """What the provider itself said of usage and ending. None: nothing."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A request that is held back for a while before it is sent, or sent again."""

    reason: str
    """In a word or two: rate limited, overloaded."""
    until_s: float
    """On the monotonic clock of the process that waits."""
    then: ModelRef | None = None
    """The candidate that would take the turn instead. None: there is no other."""
    is_kept: bool = False
    """Whether the user has said to wait; until then both ways are offered."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One prompt and its answer, with route, attempts, usage and cost."""

    id: str
    session_id: str
    parent_id: str | None
    """The turn before it on its branch; None for a first turn. Turns with the same parent are siblings."""
    kind: TurnKind
    prompt: Message
    created_at_ms: int
    state: TurnState = TurnState.WAITING
    answer: tuple[Part, ...] = ()
    """Thinking, text and tool calls in the order of arrival."""
    route: Route | None = None
    attempts: tuple[Attempt, ...] = ()
    notices: tuple[str, ...] = ()
    finish_reason: str | None = None
    """Canonical: stop | length | tool_calls | content_filter, else the provider's own word."""
    error: TurnError | None = None
    """None exactly when the state is live, done or cancelled."""
    ended_at_ms: int | None = None
    wait: Wait | None = None
    """What the turn waits for now; never stored. None: it does not wait."""
    escalations: tuple[Escalation, ...] = ()
    """Answers that were set aside for a better model's, in order."""
    asked: Asked | None = None
    """The model that the prompt's own words ask for. None: none."""
    baseline: str = ""
    """The model that savings are measured against; empty when none is known."""
    baseline_cost_pico: int | None = None
    """What the same tokens would have cost there at list price. None: unknown."""

    @property
    def text(self) -> str:
        """The visible answer."""
        return "".join(part.text for part in self.answer if isinstance(part, Text))

    @property
    def reasoning(self) -> str:
        return "".join(part.text for part in self.answer if isinstance(part, Thinking))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        return tuple(part for part in self.answer if isinstance(part, ToolCall))

    @property
    def attempt(self) -> Attempt | None:
        """The last attempt; None before the first."""
        return self.attempts[-1] if self.attempts else None

    @property
    def model(self) -> ModelRef | None:
        """The model that answers: of the last attempt, else the chosen one."""
        if self.attempts:
            whole = (attempt.model for attempt in reversed(self.attempts) if attempt.outcome is Outcome.OK)
            return next(whole, self.attempts[-1].model) if self.state is TurnState.DONE else self.attempts[-1].model
        return self.route.chosen if self.route else None

    @property
    def said(self) -> Message:
        """The prompt as a model reads it: without the words that ask for a model."""
        if self.asked is None or not self.asked.question:
            return self.prompt
        return replace(self.prompt, parts=(Text(self.asked.question), *self.prompt.parts[1:]))

    @property
    def is_switch(self) -> bool:
        """Whether it only asks for another model: no model ever reads it."""
        return self.asked is not None and not self.asked.question

    @property
    def needs_approval(self) -> bool:
        """Whether it was kept back because of its price."""
        return self.state is TurnState.BLOCKED and self.error is not None and self.error.type == "NeedsApproval"

    @property
    def is_over_budget(self) -> bool:
        """Whether a limit of the user's kept it from being sent."""
        if self.state is not TurnState.BLOCKED:
            return False
        vetoes = [candidate.veto for candidate in self.route.candidates if candidate.veto] if self.route else []
        was_skipped = any(attempt.outcome is Outcome.SKIPPED for attempt in self.attempts)
        return was_skipped or any(veto.rule == BUDGET for veto in vetoes)

    @property
    def usage(self) -> Usage:
        """All attempts together."""
        return sum((a.usage for a in self.attempts if a.usage), Usage())

    @property
    def cost_pico(self) -> int | None:
        """All attempts together; None as soon as one is unknown."""
        total = 0
        for attempt in self.attempts:
            if attempt.cost_pico is None:
                return None
            total += attempt.cost_pico
        return total

    @property
    def saved_pico(self) -> int | None:
        """Baseline less actual; negative when the turn was dearer. None: one of both is unknown."""
        cost = self.cost_pico
        return None if cost is None or self.baseline_cost_pico is None else self.baseline_cost_pico - cost

    @property
    def answer_message(self) -> Message:
        """The answer as the next request's context."""
        return Message(Role.ASSISTANT, self.answer)


def advance(turn: Turn, event: ev.TurnEvent) -> Turn:
    """The turn after the event. Pure; total over all events."""
    match event:
        case ev.TurnStarted(started):
            return started
        case ev.RouteChosen(route):
            return replace(turn, route=route)
        case ev.AttemptStarted(attempt):
            return replace(turn, attempts=(*turn.attempts, attempt))
        case ev.FirstToken(ttft_ms):
            return replace(turn, state=TurnState.STREAMING, attempts=_with_last(turn.attempts, ttft_ms))
        case ev.TextDelta(text):
            return replace(turn, answer=_with_text(turn.answer, text)) if text else turn
        case ev.ThinkingDelta():
            return replace(turn, answer=_with_thinking(turn.answer, event))
        case ev.ToolCallReceived(call):
            return replace(turn, answer=(*turn.answer, call))
        case ev.UsageReported(usage):
            return (
                replace(turn, attempts=(*turn.attempts[:-1], replace(turn.attempts[-1], usage=usage)))
                if turn.attempts
                else turn
            )
        case ev.Notice(message):
            return replace(turn, notices=(*turn.notices, message))
        case ev.Waiting(wait):
            return replace(turn, wait=wait)
        case ev.Escalated(escalation):
            known = turn.escalations
            return replace(turn, answer=(), escalations=known if escalation in known else (*known, escalation))
        case ev.AnswerRestored():
            return replace(turn, answer=turn.escalations[-1].answer, escalations=turn.escalations[:-1])
        case ev.AttemptEnded(attempt):
            return replace(turn, attempts=(*turn.attempts[:-1], attempt))
        case ev.TurnEnded():
            return replace(
                turn,
                state=event.state,
                finish_reason=event.finish_reason,
                error=event.error,
                ended_at_ms=event.at_ms,
                wait=None,
                baseline=event.baseline,
                baseline_cost_pico=event.baseline_cost_pico,
            )
        case _:
            assert_never(event)


def _with_last(attempts: tuple[Attempt, ...], ttft_ms: int) -> tuple[Attempt, ...]:
    return (*attempts[:-1], replace(attempts[-1], ttft_ms=ttft_ms)) if attempts else attempts


def _with_text(answer: tuple[Part, ...], text: str) -> tuple[Part, ...]:
    if answer and isinstance(answer[-1], Text):
        return (*answer[:-1], Text(answer[-1].text + text))
    return (*answer, Text(text))


def _with_thinking(answer: tuple[Part, ...], delta: ev.ThinkingDelta) -> tuple[Part, ...]:
    """Joins to an open thinking part; a signature closes it, so that the next delta opens another."""
    if not (delta.text or delta.signature or delta.took_ms):
        return answer
    last = answer[-1] if answer else None
    if isinstance(last, Thinking) and not last.signature and last.origin == delta.origin:
        took_ms = last.took_ms + delta.took_ms
        return (*answer[:-1], Thinking(last.text + delta.text, delta.signature, delta.origin, took_ms))
    return (*answer, Thinking(delta.text, delta.signature, delta.origin, delta.took_ms))
