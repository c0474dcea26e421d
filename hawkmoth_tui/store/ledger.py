"""The ledger: one row per attempt, appended and never changed, and the sums that limits and the cost pane need at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hawkmoth_tui.core.summaries import Spent
from hawkmoth_tui.store import rollups, spans
from hawkmoth_tui.store.rollups import ALWAYS_MS, Kind
from hawkmoth_tui.store.rows import Booked

if TYPE_CHECKING:
    from decimal import Decimal

    import apsw

    from hawkmoth_tui.store.rollups import Sum
    from hawkmoth_tui.store.rows import LedgerRow, Limit, Measured

DAY_MS = 24 * 60 * 60 * 1000
_COLUMNS = (
    "attempt_id, at_ms, session_id, turn_id, provider, model, lane, cause, input_tokens, output_tokens, cached_input_tokens,"
    " cache_write_tokens, reasoning_tokens, estimated, reported_usd, input_usd_per_mtok, output_usd_per_mtok,"
    " cached_input_usd_per_mtok, cache_write_usd_per_mtok, price_source, price_as_of, amount_pico, list_pico, baseline,"
    " baseline_pico, task, outcome, error, retries, is_fallback, ttft_ms, duration_ms, route_us"
)
_APPEND = f"INSERT INTO ledger ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(',')))}) ON CONFLICT (attempt_id) DO NOTHING"
_NOT_MEASURED = (None,) * 8


def append(connection: apsw.Connection, row: LedgerRow) -> bool:
    """Book an attempt; False when it is booked already. The session's sums follow in the same transaction."""
    from hawkmoth_tui.store import metrics_sums

    connection.execute(_APPEND, _values(row))
    if not connection.changes():
        return False
    seq = connection.last_insert_rowid()
    connection.execute(
        "UPDATE session SET cost_pico = cost_pico + ?, unknown_turns = unknown_turns + ? WHERE id = ?",
        (row.amount_pico or 0, _is_first_unknown(connection, row), row.session_id),
    )
    rollups.add(connection, row.attempt_id)
    metrics_sums.follow(connection, seq)
    return True


def spent(connection: apsw.Connection, since_ms: int, session_id: str | None) -> Spent:
    """Everything booked since then, of one session or of all."""
    found = _sum(connection, since_ms, session_id)
    saved_pico = found.baseline_pico - found.compared_pico
    return Spent(
        found.cost_pico, found.unknown_turns, found.baseline_pico, saved_pico, found.compared, found.estimated > 0
    )


def spent_within(connection: apsw.Connection, limit: Limit) -> int:
    """What is booked within the limit's scope, in pico-dollars; unknown amounts count nothing."""
    if limit.turn_id is None:
        kind, key = _scope(limit)
        return spans.summed(connection, kind, key, limit.since_ms or -ALWAYS_MS).cost_pico
    ((total,),) = connection.execute(
        "SELECT coalesce(sum(amount_pico), 0) FROM ledger WHERE turn_id = ?1 AND at_ms >= ?2 AND (?3 IS NULL OR session_id = ?3)",
        (limit.turn_id, limit.since_ms, limit.session_id),
    )
    return int(total)


def booked_by_day(connection: apsw.Connection, provider: str, since_ms: int, until_ms: int) -> tuple[Booked, ...]:
    """What is booked for a provider from `since_ms` until before `until_ms`, for each model and day in UTC, read from the rows."""
    rows = connection.execute(
        f"""SELECT at_ms / {DAY_MS} AS day, model, max(lane), sum(input_tokens), sum(cached_input_tokens), sum(cache_write_tokens),
                sum(output_tokens), sum(coalesce(amount_pico, 0)), sum(amount_pico IS NULL)
            FROM ledger WHERE provider = ? AND at_ms >= ? AND at_ms < ? GROUP BY day, model ORDER BY day, model""",
        (provider, since_ms, until_ms),
    )
    return tuple(Booked(date(1970, 1, 1) + timedelta(days=day), *figures) for day, *figures in rows)


def _scope(limit: Limit) -> tuple[Kind, str]:
    if limit.session_id is not None:
        return Kind.SESSION, limit.session_id
    if limit.provider is not None:
        return Kind.PROVIDER, limit.provider
    return (Kind.ALL, "") if limit.lane is None else (Kind.LANE, limit.lane)


def _sum(connection: apsw.Connection, since_ms: int, session_id: str | None) -> Sum:
    kind = Kind.ALL if session_id is None else Kind.SESSION
    return spans.summed(connection, kind, session_id or "", since_ms or -ALWAYS_MS)


def _is_first_unknown(connection: apsw.Connection, row: LedgerRow) -> bool:
    """Whether this row makes its turn one of unknown price."""
    if row.amount_pico is not None:
        return False
    if row.turn_id is None:
        return True
    others = connection.execute(
        "SELECT 1 FROM ledger WHERE turn_id = ? AND amount_pico IS NULL AND attempt_id <> ? LIMIT 1",
        (row.turn_id, row.attempt_id),
    )
    return not list(others)


def _values(row: LedgerRow) -> tuple[str | int | None, ...]:
    usage, prices, measured = row.usage, row.prices, row.measured
    return (
        row.attempt_id,
        row.at_ms,
        row.session_id,
        row.turn_id,
        row.model.provider,
        row.model.id,
        row.lane,
        row.cause.value,
        usage.input_tokens,
        usage.output_tokens,
        usage.cached_input_tokens,
        usage.cache_write_tokens,
        usage.reasoning_tokens,
        int(usage.estimated),
        _text(usage.reported_cost_usd),
        _text(prices.input_usd_per_mtok if prices else None),
        _text(prices.output_usd_per_mtok if prices else None),
        _text(prices.cached_input_usd_per_mtok if prices else None),
        _text(prices.cache_write_usd_per_mtok if prices else None),
        prices.source if prices else None,
        prices.as_of if prices else None,
        row.amount_pico,
        row.list_pico,
        row.baseline,
        row.baseline_pico,
        *(_NOT_MEASURED if measured is None else _how_it_went(measured)),
    )


def _how_it_went(measured: Measured) -> tuple[str | int | None, ...]:
    return (
        measured.task,
        measured.outcome,
        measured.error,
        measured.retries,
        int(measured.is_fallback),
        measured.ttft_ms,
        measured.duration_ms,
        measured.route_us,
    )


def _text(amount: Decimal | None) -> str | None:
    """Exact, without an exponent."""
    return None if amount is None else f"{amount:f}"
