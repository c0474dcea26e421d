"""How long to wait before a request so that it is not refused, from what the server last said is left. Pure; the clock comes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.exchange import Allotment, Quota

LONGEST_WAIT_S = 30.0
"""Longer than this nobody waits unasked: the request is sent, and the server's refusal moves it on."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A quota, when it was told, and what was sent since."""

    quota: Quota
    told_s: float
    """Monotonic seconds."""
    requests_since: int = 0
    tokens_since: int = 0


def after_sending(pace: Pace, tokens: int) -> Pace:
    """The pace with one more request on its way, so that several at once do not all count on the same allotment."""
    return replace(pace, requests_since=pace.requests_since + 1, tokens_since=pace.tokens_since + tokens)


def left_now(pace: Pace, now_s: float) -> Quota | None:
    """The quota as it stands now: what was sent since is gone, what is full again is no limit. None: nothing is left to tell."""
    since_s = now_s - pace.told_s
    quota = replace(
        pace.quota,
        requests=_left(pace.quota.requests, pace.requests_since, since_s),
        tokens=_left(pace.quota.tokens, pace.tokens_since, since_s),
    )
    return quota if quota.requests or quota.tokens else None


def _left(allotment: Allotment | None, used: int, since_s: float) -> Allotment | None:
    if allotment is None or (allotment.reset_s is not None and since_s > allotment.reset_s):
        return None
    reset_s = None if allotment.reset_s is None else allotment.reset_s - since_s
    return replace(allotment, left=max(0, allotment.left - used), reset_s=reset_s)


def wait_s(pace: Pace, tokens: int, now_s: float) -> float:
    """Seconds to wait before a request of so many tokens; 0: send it."""
    since_s = now_s - pace.told_s
    waits = (
        _wait_s(pace.quota.requests, 1, pace.requests_since, since_s),
        _wait_s(pace.quota.tokens, tokens, pace.tokens_since, since_s),
    )
    longest = max(waits)
    return longest if longest <= LONGEST_WAIT_S else 0.0


def _wait_s(allotment: Allotment | None, needed: int, used_since: int, since_s: float) -> float:
    """Until the allotment is full again, when what is left does not reach; what exceeds the whole allotment never will."""
    if allotment is None or allotment.reset_s is None or (allotment.limit is not None and needed > allotment.limit):
        return 0.0
    is_enough = allotment.left - used_since >= needed
    return 0.0 if is_enough else max(0.0, allotment.reset_s - since_s)
