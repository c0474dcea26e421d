"""Answers about the clock and the calendar, in words. Pure but for the time zone database, which is read when a place is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from hawkmoth_tui.core.intents import Anniversary, Moment

if TYPE_CHECKING:
    from datetime import tzinfo

    from hawkmoth_tui.core.intents import DayAsked, NowAsked, SpanAsked, WeekdayAsked

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def tell_now(asked: NowAsked, now: datetime) -> str:
    """ "In Tokyo it is **23:05** on Friday, 20 November 2026 (JST, UTC+9)." """
    match asked.moment:
        case Moment.TIME | Moment.DATE_AND_TIME:
            zone = _zone(asked.zone) if asked.zone else now.tzinfo
            if zone is None:
                there = now.astimezone(UTC)
                return (
                    f"It is **{there:%H:%M}** on {_long(there)} (UTC). This machine has no data for the time zone"
                    f" {asked.zone}; the package `tzdata` brings it."
                )
            there = now.astimezone(zone)
            where = f"In {asked.place} it is" if asked.place and asked.place != "UTC" else "It is"
            return f"{where} **{there:%H:%M}** on {_long(there)} ({_zone_text(there)})."
        case Moment.WEEK:
            year, week, _ = now.isocalendar()
            return f"It is calendar week **{week}** of {year} (ISO 8601: weeks begin on Monday)."
        case Moment.MONTH:
            return f"It is **{_MONTHS[now.month - 1]} {now.year}**."
        case Moment.YEAR:
            return f"It is **{now.year}**."
        case _:
            assert_never(asked.moment)


def tell_day(asked: DayAsked, now: datetime) -> str:
    """ "Tomorrow is **Saturday, 21 November 2026**." """
    days = asked.shift_days
    day = f"**{_long(now.date() + timedelta(days=days))}**"
    named = {0: "Today is", 1: "Tomorrow is", -1: "Yesterday was"}.get(days)
    if named:
        return f"{named} {day}."
    return f"In {_days(days)} it will be {day}." if days > 0 else f"{_days(-days)} ago it was {day}."


def tell_weekday(asked: WeekdayAsked, now: datetime) -> str:
    """ "24 December 2026 is a **Thursday**." """
    verb = "was" if asked.day < now.date() else "is"
    return f"{_short(asked.day)} {verb} a **{_WEEKDAYS[asked.day.weekday()]}**."


def tell_span(asked: SpanAsked, now: datetime) -> str:
    """ "It is **34 days** until Christmas (Thursday, 24 December 2026)." """
    today = now.date()
    start = asked.start or today
    end = today if asked.end is None else next_of(asked.end, today) if isinstance(asked.end, Anniversary) else asked.end
    days = (end - start).days
    if asked.start is not None and asked.end is not None:
        return f"From {_short(start)} to {_short(end)} it is **{_days(abs(days))}**{' back' if days < 0 else ''}."
    day, ahead = (end, days) if asked.start is None else (start, -days)
    name = f"{asked.name} ({_long(day)})" if asked.name else _long(day)
    if ahead == 0:
        return f"{name} is **today**."
    return f"It is **{_days(ahead)}** until {name}." if ahead > 0 else f"{name} was **{_days(-ahead)}** ago."


def next_of(feast: Anniversary, today: date) -> date:
    """The next time this date comes; today when it is today."""
    this_year = date(today.year, feast.month, feast.day)
    return this_year if this_year >= today else date(today.year + 1, feast.month, feast.day)


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return None


def _zone_text(at: datetime) -> str:
    """ "CET, UTC+1"; only the offset where the zone has no letters."""
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"
    name = at.tzname() or ""
    return f"{name}, {offset}" if name.isalpha() and name != offset else offset


def _long(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]}, {_short(day)}"


def _short(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
