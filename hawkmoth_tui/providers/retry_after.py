"""How long a server asks to wait, from the headers of an error. Pure; the clock comes in."""

from __future__ import annotations

import math
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def retry_after_s(headers: Mapping[str, str], now_s: float) -> float | None:
    """Seconds, never negative; None when nothing usable was said.

    `retry-after-ms` before `retry-after`, which holds seconds or an HTTP date (RFC 9110 §10.2.3). Infinities and garbage are nothing;
    a date in the past is 0. Header names are expected in lower case. `now_s` is Unix time.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    said = headers.get("retry-after", "").strip()
    seconds = _number(said)
    if seconds is not None:
        return max(0.0, seconds)
    return _until(said, now_s)


def duration_s(said: str) -> float | None:
    """Seconds in a text such as "17s" or "0.5s", as Google's RetryInfo writes it."""
    seconds = _number(said.strip().removesuffix("s"))
    return None if seconds is None else max(0.0, seconds)


def _number(said: str) -> float | None:
    try:
        number = float(said)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _until(date: str, now_s: float) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - now_s) if date else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
