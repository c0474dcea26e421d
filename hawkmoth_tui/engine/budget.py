"""What a turn may cost: which limits hold now, and the most one attempt can cost."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.money import money_text, pico
from hawkmoth_tui.store.rows import Limit

if TYPE_CHECKING:
    from decimal import Decimal

    from hawkmoth_tui.settings.schema import BudgetSettings
    from hawkmoth_tui.store.rows import Refusal


def day_start_ms(now_ms: int) -> int:
    """Midnight of the local day that `now_ms` lies in."""
    local = datetime.fromtimestamp(now_ms / 1000).astimezone()
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def month_start_ms(now_ms: int) -> int:
    """The first midnight of the local calendar month that `now_ms` lies in."""
    local = datetime.fromtimestamp(now_ms / 1000).astimezone()
    return int(local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def limits_now(
    budget: BudgetSettings,
    session_id: str | None,
    now_ms: int,
    turn_id: str | None = None,
    turn_limit: int | None = None,
) -> tuple[Limit, ...]:
    """The limits that hold now: of this turn, its session, the local day and the calendar month, as far as they are set."""
    limits: list[Limit] = []
    if turn_limit is not None:
        limits.append(Limit("turn", turn_limit, turn_id=turn_id))
    if budget.session_usd is not None and session_id is not None:
        limits.append(Limit("session", pico(budget.session_usd), session_id=session_id))
    if budget.day_usd is not None:
        limits.append(Limit("day", pico(budget.day_usd), day_start_ms(now_ms)))
    if budget.month_usd is not None:
        limits.append(Limit("month", pico(budget.month_usd), month_start_ms(now_ms)))
    return tuple(limits)


def turn_limit_pico(budget: BudgetSettings, max_cost_usd: Decimal | None) -> int | None:
    """The most one turn may cost: the lower of `[budget] turn_usd` and the turn's own limit. None: no limit."""
    return min((pico(limit) for limit in (budget.turn_usd, max_cost_usd) if limit is not None), default=None)


def is_limited(budget: BudgetSettings, turn_limit: int | None) -> bool:
    """Whether any limit applies; then a model of unknown price may not be used."""
    return any(limit is not None for limit in (turn_limit, budget.session_usd, budget.day_usd, budget.month_usd))


def refusal_text(refusal: Refusal, wanted_pico: int) -> str:
    """Why the budget said no, with the figures."""
    used = refusal.spent_pico + refusal.reserved_pico
    return (
        f"up to {money_text(wanted_pico)} would pass the {refusal.limit.name} limit of "
        f"{money_text(refusal.limit.limit_pico)} ({money_text(used)} used or reserved)"
    )
