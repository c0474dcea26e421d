"""The ledger grouped: by local hour, day or month, model, lane, session, provider, cause or task type.

They are put together here from quarters of an hour in UTC, since every zone's days begin on one.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from hawkmoth_tui.core.summaries import Compared, CostGroup, CostTotals, GroupBy
from hawkmoth_tui.store import spans
from hawkmoth_tui.store.rollups import ALWAYS_MS, QUARTER_MS, Kind, Sum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    import apsw


def totals(
    connection: apsw.Connection, by: GroupBy, since_ms: int | None, until_ms: int | None, zone: tzinfo | None
) -> CostTotals:
    """Rows from `since_ms` until before `until_ms`; None is open. Zone None is this machine's own."""
    span = (-ALWAYS_MS if since_ms is None else since_ms, ALWAYS_MS if until_ms is None else until_ms)
    match by:
        case GroupBy.HOUR:
            sums = _by_date(connection, span, _hour, zone)
        case GroupBy.DAY:
            sums = _by_date(connection, span, _day, zone)
        case GroupBy.MONTH:
            sums = _by_date(connection, span, _month, zone)
        case GroupBy.MODEL | GroupBy.LANE | GroupBy.PROVIDER | GroupBy.SESSION | GroupBy.CAUSE | GroupBy.TASK:
            sums = _dearest_first(spans.by_key(connection, Kind[by.name], *span))
    labels = _titles(connection, sums) if by is GroupBy.SESSION else {}
    whole = spans.summed(connection, Kind.ALL, "", *span)
    return CostTotals(
        whole.cost_pico,
        whole.unknown_turns,
        tuple(
            CostGroup(
                key,
                labels.get(key) or key,
                each.cost_pico,
                each.unknown_turns,
                each.turns,
                each.input_tokens,
                each.output_tokens,
                _compared(each),
            )
            for key, each in sums.items()
        ),
        _compared(whole),
    )


def _compared(found: Sum) -> Compared:
    return Compared(found.baseline_pico, found.compared_pico, found.compared)


def _dearest_first(sums: dict[str, Sum]) -> dict[str, Sum]:
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1].cost_pico, pair[0])))


def _by_date(
    connection: apsw.Connection,
    span: tuple[int, int],
    name_and_next: Callable[[datetime], tuple[str, datetime]],
    zone: tzinfo | None,
) -> dict[str, Sum]:
    """In order of time."""

    def date_of(at_ms: int) -> tuple[str, int]:
        name, following = name_and_next(datetime.fromtimestamp(at_ms / 1000, zone))
        end_ms = int(following.replace(tzinfo=zone).timestamp() * 1000)
        return name, max(end_ms, at_ms + QUARTER_MS)

    sums = spans.by_date(connection, *span, date_of)
    return {date: sums[date] for date in sorted(sums) if any(sums[date])}


def _hour(when: datetime) -> tuple[str, datetime]:
    """An hour that the clocks repeat is one."""
    return f"{when:%Y-%m-%dT%H}", when.replace(minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(hours=1)


def _day(when: datetime) -> tuple[str, datetime]:
    return when.date().isoformat(), datetime.combine(when.date() + timedelta(days=1), time())


def _month(when: datetime) -> tuple[str, datetime]:
    return f"{when:%Y-%m}", datetime(when.year + when.month // 12, when.month % 12 + 1, 1)


def _titles(connection: apsw.Connection, session_ids: Iterable[str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for session_id in session_ids:
        for title, preview in connection.execute("SELECT title, preview FROM session WHERE id = ?", (session_id,)):
            titles[session_id] = title or preview
    return titles
