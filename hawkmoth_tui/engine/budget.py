"""What a turn may cost: which limits hold now, and the most one attempt can cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.money import money_text, pico
from hawkmoth_tui.store.rows import Limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.settings.schema import Allotment, BudgetSettings
    from hawkmoth_tui.store.rows import Refusal


def day_start_ms(now_ms: int) -> int:
    """When the local day that `now_ms` lies in began, also on a day on which the clocks are set."""
    return _local_ms(datetime.fromtimestamp(now_ms / 1000))


def month_start_ms(now_ms: int) -> int:
    """When the local calendar month that `now_ms` lies in began."""
    return _local_ms(datetime.fromtimestamp(now_ms / 1000).replace(day=1))


def _local_ms(when: datetime) -> int:
    """The beginning of the day. Naive on purpose: only so the offset is the one of that moment and not of another."""
    return int(when.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp() * 1000)


def limits_now(
    budget: BudgetSettings,
    session_id: str | None,
    now_ms: int,
    turn_id: str | None = None,
    turn_limit: int | None = None,
) -> tuple[Limit, ...]:
    """The limits that hold now for whatever model: of this turn, its session, the local day and the calendar month, as far as set."""
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


def limits_of(budget: BudgetSettings, model: Model, now_ms: int) -> tuple[Limit, ...]:
    """The limits of the model's provider and of its lane."""
    provider, lane = model.ref.provider, model.lane
    return (
        *_allotted(provider, budget.providers.get(provider), now_ms, Limit("", 0, provider=provider)),
        *_allotted(f"{lane} lane", budget.lanes.get(lane), now_ms, Limit("", 0, lane=lane)),
    )


def limits_of_all(budget: BudgetSettings, now_ms: int) -> tuple[Limit, ...]:
    """Those of every provider and every lane that has one."""
    return tuple(
        limit
        for limits in (
            *(_allotted(name, each, now_ms, Limit("", 0, provider=name)) for name, each in budget.providers.items()),
            *(_allotted(f"{name} lane", each, now_ms, Limit("", 0, lane=name)) for name, each in budget.lanes.items()),
        )
        for limit in limits
    )


def _allotted(name: str, allotment: Allotment | None, now_ms: int, scope: Limit) -> Iterator[Limit]:
    if allotment is not None and allotment.day_usd is not None:
        yield replace(scope, name=f"{name} day", limit_pico=pico(allotment.day_usd), since_ms=day_start_ms(now_ms))
    if allotment is not None and allotment.month_usd is not None:
        yield replace(
            scope, name=f"{name} month", limit_pico=pico(allotment.month_usd), since_ms=month_start_ms(now_ms)
        )


def turn_limit_pico(budget: BudgetSettings, max_cost_usd: Decimal | None) -> int | None:
    """The most one turn may cost: the lower of `[budget] turn_usd` and the turn's own limit. None: no limit."""
    return min((pico(limit) for limit in (budget.turn_usd, max_cost_usd) if limit is not None), default=None)


def is_limited(budget: BudgetSettings, turn_limit: int | None, model: Model) -> bool:
    """Whether any limit applies to the model; then it may not be used when its price is unknown."""
    limits = (turn_limit, budget.session_usd, budget.day_usd, budget.month_usd)
    return any(limit is not None for limit in limits) or bool(limits_of(budget, model, 0))


def cheaper_text(route: Route | None, unpinned: Route | None, is_model: Callable[[ModelRef], bool]) -> str:
    """What to take in place of a pinned model that the budget refuses: up to three cheaper ones with their prices; empty for none.

    `unpinned` is the route without the pin: who is ruled out there is not offered. `is_model` tells models from Hawkmoth's own answers.
    """
    pin = route.pin if route else None
    pinned = route.candidate(pin) if route and pin else None
    if pinned is None or unpinned is None:
        return ""
    most = pinned.expected_cost_pico
    fitting = sorted(
        (each.expected_cost_pico, each.model)
        for each in unpinned.candidates
        if each.veto is None
        and each.model != pin
        and each.expected_cost_pico is not None
        and (most is None or each.expected_cost_pico < most)
        and is_model(each.model)
    )
    offered = ", ".join(f"{model} about {money_text(cost)}" for cost, model in fitting[:3])
    return f"cheaper: {offered}" if offered else ""


def refusal_text(refusal: Refusal, wanted_pico: int) -> str:
    """Why the budget said no, with the figures."""
    used = refusal.spent_pico + refusal.reserved_pico
    return (
        f"up to {money_text(wanted_pico)} would pass the {refusal.limit.name} limit of "
        f"{money_text(refusal.limit.limit_pico)} ({money_text(used)} used or reserved)"
    )
