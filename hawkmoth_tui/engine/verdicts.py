"""What a try comes to that has ended: whether it is made again, whether it holds an answer, and what it used. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import BadResponse, HawkmothError, ProviderError, StreamBroken, Unreachable
from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.routing.tokens import estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.exchange import ModelRequest
    from hawkmoth_tui.core.turn import Attempt, Turn
    from hawkmoth_tui.engine.hearing import Ended
    from hawkmoth_tui.engine.tokens import Yardstick

LONGEST_WAIT_S = 30.0
"""A server that asks to wait longer is told about, not waited for."""
FIRST_WAIT_S = 0.5
"""Ceiling of the first random wait; it doubles with every retry up to 8 s."""


def retry_wait_s(error: HawkmothError, retries: int, limit: int, random: Callable[[], float]) -> float | None:
    """Seconds to wait before the same candidate is asked again: full jitter, or what the server asks. None: do not."""
    if not isinstance(error, ProviderError) or not error.is_retryable or retries >= limit:
        return None
    if error.retry_after_s is not None:
        return error.retry_after_s if error.retry_after_s <= LONGEST_WAIT_S else None
    ceiling_s: float = min(8.0, FIRST_WAIT_S * 2**retries)
    return random() * ceiling_s


def too_late(timeout_s: float, has_arrived: bool) -> ProviderError:
    """The deadline over all attempts has passed."""
    hint = "raise [timeouts] total_s"
    if has_arrived:
        return StreamBroken(f"the answer was not complete within {timeout_s:g} s", hint)
    return Unreachable(f"no complete answer within {timeout_s:g} s", hint, was_taken=True)


def was_refused(error: HawkmothError) -> bool:
    """Whether the request ended before the server took it up, so that it bills nothing."""
    if not isinstance(error, ProviderError) or error.was_taken:
        return False
    return isinstance(error, Unreachable) or error.status is not None


def check_answer(turn: Turn, ended: Ended) -> None:
    """Raises BadResponse when the server calls an answer finished that holds nothing."""
    if ended.outcome is not Outcome.OK or turn.text.strip() or turn.tool_calls:
        return
    if ended.finish_reason == "length" and turn.reasoning:
        raise BadResponse("the whole output limit went into reasoning", "raise max_output_tokens or lower the effort")
    if ended.finish_reason == "content_filter":
        raise BadResponse(
            "the provider's filter stopped the answer before its first word",
            "say it differently, or retry with another model",
        )
    raise BadResponse("the answer is empty", "retry it or choose another model")


def can_teach(closed: Attempt, request: ModelRequest) -> bool:
    """Whether the provider counted a whole request of text: pictures are counted by each vendor in its own way."""
    is_reported = closed.outcome is Outcome.OK and closed.usage is not None and not closed.usage.estimated
    return is_reported and not any(isinstance(part, Image) for message in request.messages for part in message.parts)


def usage_of(attempt: Attempt, turn: Turn, input_tokens: int, ended: Ended, yardstick: Yardstick) -> Usage | None:
    """What the provider reported; for a whole answer without a report and for a cut one, our estimate."""
    reported = attempt.usage
    if reported is not None and ended.finish_reason is not None and not reported.estimated:
        return reported
    if not turn.answer and reported is None:
        return Usage(input_tokens, 0, estimated=True) if ended.is_billable else None
    reasoning = yardstick.tokens(estimate(turn.reasoning))
    written = yardstick.tokens(estimate(turn.text)) + reasoning
    if reported is None:
        return Usage(input_tokens, written, reasoning_tokens=reasoning, estimated=True)
    return replace(reported, output_tokens=max(reported.output_tokens, written), estimated=True)
