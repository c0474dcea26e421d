"""Dates as people write them in English: "2026-12-24", "24 December 2026", "Dec 24th". Pure; no order of bare numbers is guessed."""

from __future__ import annotations

import re
from datetime import date

from hawkmoth_tui.core.intents import Anniversary

_MONTHS = "january february march april may june july august september october november december"
_MONTH_OF = {
    name: number
    for number, month in enumerate(_MONTHS.split(), 1)
    for name in {month, month[:3], month[:4] if month.startswith("sept") else month}
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTH_OF, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"

_WRITTEN = (
    re.compile(rf"(?:the )?{_DAY}(?: of)? {_MONTH}{_YEAR}"),
    re.compile(rf"{_MONTH} (?:the )?{_DAY}{_YEAR}"),
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")

FEASTS = {
    "christmas": ("Christmas", Anniversary(12, 25)),
    "christmas day": ("Christmas", Anniversary(12, 25)),
    "xmas": ("Christmas", Anniversary(12, 25)),
    "christmas eve": ("Christmas Eve", Anniversary(12, 24)),
    "halloween": ("Halloween", Anniversary(10, 31)),
    "new year": ("New Year", Anniversary(1, 1)),
    "new years": ("New Year", Anniversary(1, 1)),
    "new year's": ("New Year", Anniversary(1, 1)),
    "new year's day": ("New Year", Anniversary(1, 1)),
    "the new year": ("New Year", Anniversary(1, 1)),
    "new year's eve": ("New Year’s Eve", Anniversary(12, 31)),
    "valentine's day": ("Valentine’s Day", Anniversary(2, 14)),
}
"""Feasts that fall on the same date everywhere and every year."""


def read_date(text: str) -> date | Anniversary | None:
    """The date that lower-case `text` is; without a year an anniversary. None: it is no date, or no such day exists."""
    if _ISO.fullmatch(text):
        return _day(*map(int, text.split("-")))
    for pattern in _WRITTEN:
        found = pattern.fullmatch(text)
        if found:
            month, day = _MONTH_OF[found["month"]], int(found["day"])
            if found["year"]:
                return _day(int(found["year"]), month, day)
            return Anniversary(month, day) if (month, day) != (2, 29) and _day(2027, month, day) else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
