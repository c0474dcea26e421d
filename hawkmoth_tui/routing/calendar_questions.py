"""Questions about the clock and the calendar. A phrase is matched whole; what is left open ("the time", alone) is no question. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from hawkmoth_tui.core.intents import DayAsked, Moment, NowAsked, SpanAsked, WeekdayAsked
from hawkmoth_tui.routing import zones
from hawkmoth_tui.routing.dates import FEASTS, read_date
from hawkmoth_tui.routing.numerals import numeral

if TYPE_CHECKING:
    from hawkmoth_tui.core.intents import Anniversary, Intent
    from hawkmoth_tui.routing.framing import Question

_IS = r"(?:what is|what's|whats)"
_WHICH = r"(?:what|which)"
FURTHEST = 99_999
"""Days or weeks from today."""
_NOW = r"(?: (?:right )?now| at the moment| currently| today| here)*"

_TIME = re.compile(
    rf"(?:what time is it|what time it is|{_IS} the (?:current |exact |local |correct )?time|(?:the )?(?:current|local|exact) time)"
    rf"{_NOW}(?: (?:in|at) (?P<place>.+?))?{_NOW}|time (?:right )?now(?: in (?P<there>.+))?|time in (?P<where>.+?){_NOW}"
)
_UTC_TIME = re.compile(rf"(?:{_IS} )?(?:the )?(?:current )?(?P<zone>utc|gmt) time{_NOW}")
_REQUESTED_TIME = re.compile(rf"the time{_NOW}(?: in (?P<place>.+?))?{_NOW}")
_BOTH = re.compile(
    rf"(?:(?:{_IS} )?(?:the |today's )?current |{_IS} (?:the |today's ))(?:date and time|time and date){_NOW}"
    rf"|(?:{_IS} )?(?:the )?(?:date and time|time and date)(?: (?:right )?now| today)"
)
_REQUESTED_BOTH = re.compile(rf"(?:the )?(?:current )?(?:date and time|time and date){_NOW}")

_TODAY = re.compile(
    rf"{_IS} (?:the |today's )(?:current )?date{_NOW}|{_IS} today's (?:day|weekday)|{_IS} the (?:day|weekday|day of the week) today"
    rf"|{_WHICH} (?:date|day|weekday|day of the week) (?:is it|it is|is today|today is|are we){_NOW}"
    r"|today's date|(?:the )?current date|date today|the date today"
)
_REQUESTED_TODAY = re.compile(rf"(?:the|today's) (?:current )?(?:date|day|weekday){_NOW}")

_COUNT = r"(?P<count>\d{1,5}|an?|[a-z]+(?:[ -][a-z]+)?)"
_SHIFT = (
    r"(?P<shift>today|tomorrow|yesterday|(?:the )?day after tomorrow|(?:the )?day before yesterday"
    rf"|(?P<ahead>in )?{_COUNT} (?P<unit>days?|weeks?)(?P<tail> from (?:now|today)| ago| hence)?)"
)
_SHIFTED = re.compile(
    rf"{_WHICH} (?:date|day|weekday|day of the week) (?:is it|it is|is|was it|it was|was|will it be|it will be|will be|would it be)"
    rf"(?: going to be)? {_SHIFT}"
)
_OF_SHIFT = re.compile(rf"(?:{_IS}|what was|what will be) (?:the )?(?:date|day|weekday)(?: of| for)? {_SHIFT}")
_POSSESSED = re.compile(rf"(?:(?:{_IS}|what was|what will be) )?(?P<shift>tomorrow|yesterday)'s (?:date|day|weekday)")
_REQUESTED_SHIFT = re.compile(rf"the (?:date|day|weekday)(?: of| for)? {_SHIFT}")
_NAMED_SHIFTS = {
    "today": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "the day before yesterday": -2,
    "day before yesterday": -2,
}

_SPANS = {
    Moment.WEEK: r"(?:calendar )?week(?: number)?(?: of the year)?",
    Moment.MONTH: r"month",
    Moment.YEAR: r"year",
}
_PART = {
    moment: re.compile(
        rf"{_WHICH} {word} (?:is it|it is|is this|this is|are we in|we are in|do we have){_NOW}|{_IS} the (?:current )?{word}{_NOW}"
        rf"|(?:the )?current {word}"
    )
    for moment, word in _SPANS.items()
}

_WEEKDAY = re.compile(
    rf"{_WHICH} (?:day|weekday|day of the week) (?:is|was|will be|does|did|will)(?: it(?: be)?)?(?: on)?"
    r" (?P<day>.+?)(?: fall on| be| fall)?"
)
_UNTIL = re.compile(
    r"(?:how many days|how long)(?: (?:are there|is it|is there|are left|is left|left|remain|remaining|do we have|do i have))?"
    r"(?: left)? (?:until|till|til|to|before) (?P<end>.+)|days (?:until|till|til|to) (?P<bare>.+)"
)
_SINCE = re.compile(
    r"(?:how many days|how long)(?: (?:is it|has it been|have passed|have gone by|are there|was it))? since (?P<start>.+)"
)
_BETWEEN = re.compile(
    r"(?:how many )?days (?:are |lie )?(?:there )?(?:between|from) (?P<start>.+?) (?:and|to|until) (?P<end>.+)"
)


def read(asked: Question) -> Intent | None:
    """The question about time that this is."""
    return _time(asked) or _day(asked) or _part(asked.lower) or _span(asked.lower)


def _time(asked: Question) -> Intent | None:
    text = asked.lower
    if _BOTH.fullmatch(text) or (asked.is_requested and _REQUESTED_BOTH.fullmatch(text)):
        return NowAsked(Moment.DATE_AND_TIME)
    found = (
        _TIME.fullmatch(text)
        or _UTC_TIME.fullmatch(text)
        or (_REQUESTED_TIME.fullmatch(text) if asked.is_requested else None)
    )
    if found is None:
        return None
    place = next((named for named in found.groupdict().values() if named), "")
    if not place:
        return NowAsked()
    zone = zones.PLACES.get(place)
    return NowAsked(Moment.TIME, zone, zones.shown(place)) if zone else None


def _day(asked: Question) -> Intent | None:
    text = asked.lower
    if _TODAY.fullmatch(text) or (asked.is_requested and _REQUESTED_TODAY.fullmatch(text)):
        return DayAsked()
    found = (
        _SHIFTED.fullmatch(text)
        or _OF_SHIFT.fullmatch(text)
        or _POSSESSED.fullmatch(text)
        or (_REQUESTED_SHIFT.fullmatch(text) if asked.is_requested else None)
    )
    if found is not None:
        said = {name: value for name, value in found.groupdict().items() if value}
        days = _shift(said)
        return None if days is None else DayAsked(days)
    named = _WEEKDAY.fullmatch(text)
    day = read_date(named["day"]) if named else None
    return WeekdayAsked(day) if isinstance(day, date) else None


def _shift(said: dict[str, str]) -> int | None:
    """Days from today. None: the words do not agree ("in 3 days ago")."""
    if "count" not in said:
        return _NAMED_SHIFTS[said["shift"]]
    is_back, is_ahead = said.get("tail") == " ago", "ahead" in said or said.get("tail", " ago") != " ago"
    count = (
        int(said["count"]) if said["count"].isdigit() else 1 if said["count"] in ("a", "an") else numeral(said["count"])
    )
    if is_back is is_ahead or count is None or not _is_spelled(said["count"], count) or count > FURTHEST:
        return None
    days = count * (7 if said["unit"].startswith("week") else 1)
    return -days if is_back else days


def _is_spelled(word: str, count: int) -> bool:
    """Whether the word is a numeral: an empty reading of other words comes out as zero."""
    return count > 0 or word in ("0", "zero")


def _part(text: str) -> Intent | None:
    return next((NowAsked(moment) for moment, pattern in _PART.items() if pattern.fullmatch(text)), None)


def _span(text: str) -> Intent | None:
    if "day" not in text and "long" not in text:
        return None
    if until := _UNTIL.fullmatch(text):
        return _until(until["end"] or until["bare"])
    if since := _SINCE.fullmatch(text):
        start = read_date(since["start"])
        return SpanAsked(start, None) if isinstance(start, date) else None
    if between := _BETWEEN.fullmatch(text):
        start, end = read_date(between["start"]), read_date(between["end"])
        return SpanAsked(start, end) if isinstance(start, date) and isinstance(end, date) else None
    return None


def _until(words: str) -> Intent | None:
    name, feast = FEASTS.get(words, ("", None))
    end: date | Anniversary | None = feast or read_date(words)
    return SpanAsked(None, end, name) if end else None
