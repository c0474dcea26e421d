"""Spans of time that people look at, and money over them: every hour, day or month is there, also those without a cent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.summaries import CostGroup, GroupBy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hawkmoth_tui.core.performance import Performance
    from hawkmoth_tui.core.summaries import Charge, CostTotals
    from hawkmoth_tui.engine.costs import Costs
    from hawkmoth_tui.engine.metrics import Metrics

MOST_MONTHS = 120
"""Of the whole time, at most so many; older months are in the sums all the same."""
MOST_CHARGES = 300
"""Turns behind a line that are listed."""


class Span(StrEnum):
    """How far one looks back from now, to the beginning of a day or month of the user's time zone."""

    TODAY = "today"
    WEEK = "7 days"
    MONTH = "30 days"
    YEAR = "12 months"
    EVER = "ever"

    @property
    def by(self) -> GroupBy:
        """What its bars stand for."""
        match self:
            case Span.TODAY:
                return GroupBy.HOUR
            case Span.WEEK | Span.MONTH:
                return GroupBy.DAY
            case Span.YEAR | Span.EVER:
                return GroupBy.MONTH

    def since(self, now: datetime) -> datetime | None:
        """Where it begins, local and naive; None: it has no beginning."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        match self:
            case Span.TODAY:
                return today
            case Span.WEEK:
                return today - timedelta(days=6)
            case Span.MONTH:
                return today - timedelta(days=29)
            case Span.YEAR:
                return today.replace(day=1, month=today.month % 12 + 1, year=today.year - (today.month < 12))
            case Span.EVER:
                return None


@dataclass(frozen=True, slots=True)
class Slot:
    """One bar: an hour, a day or a month."""

    since_ms: int
    until_ms: int
    """The first millisecond after it."""
    group: CostGroup


@dataclass(frozen=True, slots=True)
class Pace:
    """How models did in one slot."""

    slot: Slot
    performances: dict[str, Performance]
    """By provider/model-id; those that were asked."""


class Chronicle:
    """Reads the ledger for people who look at a span of time. What may take long is done in a thread."""

    def __init__(self, costs: Costs, metrics: Metrics, now_ms: Callable[[], int]) -> None:
        self._costs = costs
        self._metrics = metrics
        self._now_ms = now_ms

    def since_ms(self, span: Span) -> int | None:
        since = span.since(self._now())
        return None if since is None else _ms(since)

    async def totals(self, span: Span, by: GroupBy) -> CostTotals:
        return await asyncio.to_thread(self._costs.totals, by, self.since_ms(span))

    async def slots(self, span: Span) -> tuple[tuple[Slot, ...], CostTotals]:
        """Every hour, day or month of the span in order of time, and the totals that they stand in."""
        totals = await self.totals(span, span.by)
        groups = {group.key: group for group in totals.groups}
        begin = span.since(self._now()) or _first(totals, self._now())
        return tuple(
            Slot(_ms(first), _ms(end), groups.get(key) or CostGroup(key, key, 0, 0, 0, 0, 0))
            for key, first, end in _keys(span.by, begin, self._now())
        ), totals

    async def charges(self, by: GroupBy, key: str, since_ms: int | None, until_ms: int | None) -> tuple[Charge, ...]:
        """The turns behind one group, newest first."""
        return await asyncio.to_thread(self._costs.charges, by, key, since_ms, until_ms, MOST_CHARGES)

    async def performances(self, span: Span) -> tuple[Performance, ...]:
        """How models did over the whole span, the most asked first."""
        from hawkmoth_tui.core.performance import MetricsBy

        return await self._metrics.read(MetricsBy.MODEL, self.since_ms(span))

    async def paces(self, slots: tuple[Slot, ...]) -> tuple[Pace, ...]:
        """How models did in each of the slots in which anything was asked."""
        from hawkmoth_tui.core.performance import MetricsBy

        return tuple(
            [
                Pace(slot, {each.model: each for each in await self._metrics.read(MetricsBy.MODEL, *_bounds(slot))})
                for slot in slots
                if slot.group.turns
            ]
        )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._now_ms() / 1000)


def _bounds(slot: Slot) -> tuple[int, int]:
    return slot.since_ms, slot.until_ms


def _keys(by: GroupBy, begin: datetime, now: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Key, beginning and end of each slot up to now; an hour that clocks repeat is one, one that they leave out is empty."""
    while begin <= now:
        match by:
            case GroupBy.HOUR:
                key, end = f"{begin:%Y-%m-%dT%H}", begin + timedelta(hours=1)
            case GroupBy.DAY:
                key, end = begin.date().isoformat(), begin + timedelta(days=1)
            case _:
                key = f"{begin:%Y-%m}"
                end = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
        yield key, begin, end
        begin = end


def _first(totals: CostTotals, now: datetime) -> datetime:
    """The first month that anything was booked in, this month where nothing was."""
    this = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    earliest = this.replace(year=this.year - MOST_MONTHS // 12)
    first = datetime.strptime(totals.groups[0].key, "%Y-%m") if totals.groups else this
    return max(earliest, min(first, this))


def _ms(when: datetime) -> int:
    """Naive on purpose: the local time of this machine, as the ledger's days are."""
    return int(when.timestamp() * 1000)
