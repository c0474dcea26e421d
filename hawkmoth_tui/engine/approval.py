"""Switches that cost more than the user lets pass unasked: they do not happen by themselves, and it is said what they would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.money import money_text, pico

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.route import Route


@dataclass(frozen=True, slots=True)
class Decision:
    """A route, and what the user should know about it."""

    route: Route
    notice: str = ""
    reply: str = ""
    """What Hawkmoth itself says, where nothing is left to answer."""
    needs_yes: bool = False
    """Whether nothing is chosen because of its price alone."""
    unpinned: Callable[[], Route] | None = None
    """What the route would be without the user's pin. None: there is none."""


def approved(
    route: Route,
    incumbent: ModelRef | None,
    above_usd: Decimal | None,
    cached_tokens: int = 0,
    *,
    is_asked: bool = False,
) -> Decision:
    """The route without the switches away from `incumbent` whose turn would cost so much more than on it.

    A pin is the user's own yes, but not when it was `is_asked` for in words, which name no price. Where a price is unknown nothing is held
    back: that is the budget's to judge. `cached_tokens` of the context are warm at the incumbent.
    """
    chosen = route.chosen
    if above_usd is None or incumbent is None or chosen is None or (route.is_pinned and not is_asked):
        return Decision(route)
    limit = pico(above_usd)
    ways = (chosen, *route.fallbacks)
    kept = tuple(ref for ref in ways if _dearer_pico(route, ref, incumbent) <= limit)
    if kept == ways:
        return Decision(route)
    if kept[:1] == (chosen,):
        return Decision(replace(route, fallbacks=kept[1:]))
    more = money_text(_dearer_pico(route, chosen, incumbent), estimated=True)
    reread = f" (it reads {cached_tokens:,} tokens uncached that {incumbent} holds)" if cached_tokens else ""
    price = f"{chosen} would cost {more} more than {incumbent}{reread}, above approve_above_usd = {money_text(limit)}"
    following = kept[0] if kept else None
    held_back = replace(route, chosen=following, fallbacks=kept[1:], reason=f"{chosen} needs your yes")
    if following is None:
        return Decision(held_back, price, needs_yes=True)
    return Decision(held_back, f"{price}: choose it yourself to switch")


def _dearer_pico(route: Route, model: ModelRef, incumbent: ModelRef) -> int:
    """How much more this turn costs there than on the model that answered last; 0 where one of both is unknown."""
    there, here = route.candidate(model), route.candidate(incumbent)
    if there is None or here is None or there.expected_cost_pico is None or here.expected_cost_pico is None:
        return 0
    return there.expected_cost_pico - here.expected_cost_pico
