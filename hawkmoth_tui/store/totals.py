"""The ledger grouped: by local day or month, model, lane, session or provider.

SQL sums by quarters of an hour in UTC, since every zone's days begin on one; the few that remain are put into local days here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.summaries import CostGroup, CostTotals, GroupBy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    import apsw

_QUARTER_MS = 15 * 60 * 1000
_KEYS = {
    GroupBy.MODEL: "provider || '/' || model",
    GroupBy.PROVIDER: "provider",
    GroupBy.LANE: "lane",
    GroupBy.SESSION: "coalesce(session_id, '')",
    GroupBy.DAY: f"at_ms / {_QUARTER_MS}",
    GroupBy.MONTH: f"at_ms / {_QUARTER_MS}",
}
_WITHIN = "at_ms >= ? AND at_ms < ?"
_TURN = "coalesce(turn_id, attempt_id)"
_FOREVER_MS = 2**62


@dataclass(slots=True)
class _Sum:
    cost_pico: int = 0
    unknown_turns: int = 0
    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    saved_pico: int = 0


def totals(
    connection: apsw.Connection, by: GroupBy, since_ms: int | None, until_ms: int | None, zone: tzinfo | None
) -> CostTotals:
    """Rows from `since_ms` until before `until_ms`; None is open. Zone None is this machine's own."""
    span = (-_FOREVER_MS if since_ms is None else since_ms, _FOREVER_MS if until_ms is None else until_ms)
    match by:
        case GroupBy.DAY:
            sums = _by_date(connection, by, span, lambda when: when.date().isoformat(), zone)
        case GroupBy.MONTH:
            sums = _by_date(connection, by, span, lambda when: f"{when:%Y-%m}", zone)
        case GroupBy.MODEL | GroupBy.LANE | GroupBy.PROVIDER | GroupBy.SESSION:
            sums = _by_key(connection, by, span)
    labels = _titles(connection, sums) if by is GroupBy.SESSION else {}
    total_pico, unknown_turns = _whole(connection, span)
    return CostTotals(
        total_pico,
        unknown_turns,
        tuple(
            CostGroup(
                key,
                labels.get(key) or key,
                each.cost_pico,
                each.unknown_turns,
                each.turns,
                each.input_tokens,
                each.output_tokens,
                each.saved_pico,
            )
            for key, each in sums.items()
        ),
    )


def _whole(connection: apsw.Connection, span: tuple[int, int]) -> tuple[int, int]:
    ((total_pico,),) = connection.execute(f"SELECT coalesce(sum(amount_pico), 0) FROM ledger WHERE {_WITHIN}", span)
    ((unknown,),) = connection.execute(
        f"SELECT count(DISTINCT {_TURN}) FROM ledger WHERE amount_pico IS NULL AND {_WITHIN}", span
    )
    return total_pico, unknown


def _by_key(connection: apsw.Connection, by: GroupBy, span: tuple[int, int]) -> dict[str, _Sum]:
    """Dearest first."""
    rows = connection.execute(
        f"""SELECT {_KEYS[by]} AS key, coalesce(sum(amount_pico), 0) AS cost,
                count(DISTINCT {_TURN}) FILTER (WHERE amount_pico IS NULL), count(DISTINCT {_TURN}),
                sum(input_tokens), sum(output_tokens), coalesce(sum(baseline_pico - amount_pico), 0)
            FROM ledger WHERE {_WITHIN} GROUP BY key ORDER BY cost DESC, key""",
        span,
    )
    return {key: _Sum(*sums) for key, *sums in rows}


def _by_date(
    connection: apsw.Connection,
    by: GroupBy,
    span: tuple[int, int],
    name: Callable[[datetime], str],
    zone: tzinfo | None,
) -> dict[str, _Sum]:
    """In order of time."""
    sums: defaultdict[str, _Sum] = defaultdict(_Sum)

    def date_of(quarter: int) -> str:
        return name(datetime.fromtimestamp(quarter * _QUARTER_MS / 1000, zone))

    for quarter, cost, input_tokens, output_tokens, saved in connection.execute(
        f"""SELECT {_KEYS[by]} AS quarter, coalesce(sum(amount_pico), 0), sum(input_tokens), sum(output_tokens),
                coalesce(sum(baseline_pico - amount_pico), 0)
            FROM ledger WHERE {_WITHIN} GROUP BY quarter""",
        span,
    ):
        each = sums[date_of(quarter)]
        each.cost_pico += cost
        each.input_tokens += input_tokens
        each.output_tokens += output_tokens
        each.saved_pico += saved
    for quarter, turns, unknown in _turns_by_quarter(connection, span):
        each = sums[date_of(quarter)]
        each.turns += turns
        each.unknown_turns += unknown
    return dict(sorted(sums.items()))


def _turns_by_quarter(connection: apsw.Connection, span: tuple[int, int]) -> Iterable[tuple[int, int, int]]:
    """Each turn once, at its first attempt within the span."""
    return connection.execute(
        f"""SELECT first / {_QUARTER_MS} AS quarter, count(*), sum(is_unknown) FROM (
                SELECT min(at_ms) AS first, max(amount_pico IS NULL) AS is_unknown FROM ledger WHERE {_WITHIN} GROUP BY {_TURN}
            ) GROUP BY quarter""",
        span,
    )


def _titles(connection: apsw.Connection, session_ids: Iterable[str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for session_id in session_ids:
        for title, preview in connection.execute("SELECT title, preview FROM session WHERE id = ?", (session_id,)):
            titles[session_id] = title or preview
    return titles
