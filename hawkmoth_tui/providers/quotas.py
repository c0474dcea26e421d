"""What an answer's headers say about the requests and tokens that are left. Pure; the clock comes in.

Sources: recorded traffic of November 2026. OpenAI, Groq and Azure write x-ratelimit-{remaining,limit,reset}-{requests,tokens} with
durations such as "6m0s"; Anthropic anthropic-ratelimit-…-{…} with times; Together and OpenRouter leave the kind out; Mistral names the
period in the header, and no reset.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.exchange import Allotment, Quota

if TYPE_CHECKING:
    from collections.abc import Mapping

_REQUESTS = (
    ("x-ratelimit-remaining-requests", "x-ratelimit-limit-requests", "x-ratelimit-reset-requests"),
    (
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-reset",
    ),
    ("x-ratelimit-remaining", "x-ratelimit-limit", "x-ratelimit-reset"),
    ("x-ratelimit-remaining-req-minute", "x-ratelimit-limit-req-minute", ""),
)
_TOKENS = (
    ("x-ratelimit-remaining-tokens", "x-ratelimit-limit-tokens", "x-ratelimit-reset-tokens"),
    (
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-limit",
        "anthropic-ratelimit-input-tokens-reset",
    ),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-reset"),
    ("x-ratelimit-remaining-tokens-minute", "x-ratelimit-limit-tokens-minute", ""),
)
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_EPOCH_MS = 10**11
_EPOCH_S = 10**8
LONGEST_RESET_S = 30 * 24 * 3600.0
"""A reset beyond it is not believed."""


def quota_in(headers: Mapping[str, str], now_s: float) -> Quota | None:
    """What is left after this answer. None: the server does not say. `now_s` is Unix time; header names are in lower case."""
    quota = Quota(_first(_REQUESTS, headers, now_s), _first(_TOKENS, headers, now_s))
    return quota if quota != Quota() else None


def _first(names: tuple[tuple[str, str, str], ...], headers: Mapping[str, str], now_s: float) -> Allotment | None:
    for left_name, limit_name, reset_name in names:
        left = _count(headers.get(left_name, ""))
        if left is not None:
            reset = _reset_s(headers.get(reset_name, "").strip(), now_s) if reset_name else None
            return Allotment(left, _count(headers.get(limit_name, "")), reset)
    return None


def _count(said: str) -> int | None:
    said = said.strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None


def _reset_s(said: str, now_s: float) -> float | None:
    """Seconds until the allotment is full again, from a duration, a time, or a number of seconds or of the epoch."""
    seconds = _number_s(said, now_s)
    if seconds is None:
        seconds = _duration_s(said)
    if seconds is None:
        seconds = _until(said, now_s)
    return None if seconds is None or seconds > LONGEST_RESET_S else max(0.0, seconds)


def _number_s(said: str, now_s: float) -> float | None:
    number = _count(said)
    if number is None:
        return None
    if number >= _EPOCH_MS:
        return number / 1000 - now_s
    return number - now_s if number >= _EPOCH_S else float(number)


def _duration_s(said: str) -> float | None:
    found = _DURATION.fullmatch(said)
    if not said or found is None:
        return None
    hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def _until(said: str, now_s: float) -> float | None:
    try:
        return datetime.fromisoformat(said).timestamp() - now_s
    except (ValueError, OverflowError, OSError):
        return None
