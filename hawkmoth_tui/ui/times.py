"""Times of lists, in few cells."""

from __future__ import annotations

from datetime import datetime


def when(at_ms: int, now_s: float) -> str:
    """`14:05` today, `yesterday`, `12 Mar`, `2024-03-12`, in local time."""
    at, now = datetime.fromtimestamp(at_ms / 1000).astimezone(), datetime.fromtimestamp(now_s).astimezone()
    days = (now.date() - at.date()).days
    if days <= 0:
        return f"{at:%H:%M}"
    if days == 1:
        return "yesterday"
    return f"{at.day} {at:%b}" if days < 300 else f"{at:%Y-%m-%d}"
