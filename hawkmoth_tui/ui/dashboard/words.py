"""How the dashboard words times, amounts and shares."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.summaries import GroupBy

if TYPE_CHECKING:
    from hawkmoth_tui.core.performance import Spread
    from hawkmoth_tui.engine.chronicle import Slot

PICO_PER_USD = 10**12


def slot_name(slot: Slot, by: GroupBy) -> str:
    """`14:00`, `Fri Nov 20`, `Nov 2026`."""
    begin = datetime.fromtimestamp(slot.since_ms / 1000)
    match by:
        case GroupBy.HOUR:
            return f"{begin:%H:00}"
        case GroupBy.DAY:
            return f"{begin:%a %b} {begin.day}"
        case _:
            return f"{begin:%b %Y}"


def slot_label(slot: Slot, by: GroupBy) -> str:
    """The same below an axis: `14`, `Nov 20`, `Nov`."""
    begin = datetime.fromtimestamp(slot.since_ms / 1000)
    match by:
        case GroupBy.HOUR:
            return f"{begin:%H}"
        case GroupBy.DAY:
            return f"{begin:%b} {begin.day}"
        case _:
            return f"{begin:%b}"


def group_name(key: str, label: str) -> str:
    return one_line(label or key) or "(none named)"


def usd_name(amount_usd: float) -> str:
    """An amount at an axis; amounts of charts are rounded, those of rows are exact."""
    return money_text(round(amount_usd * PICO_PER_USD))


def seconds_name(amount_ms: float) -> str:
    """`0.4 s`, `12 s`."""
    seconds = amount_ms / 1000
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:,.0f} s"


def quantiles(spread: Spread | None, *names: str) -> str:
    """`0.4/1.2`: in seconds, one decimal below ten; `–` when nothing was measured."""
    if spread is None:
        return "–"
    values = [float(getattr(spread, name)) / 1000 for name in names]
    return "/".join(f"{value:.1f}" if value < 10 else f"{value:.0f}" for value in values)


def share_name(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def turns_name(turns: int) -> str:
    return "1 turn" if turns == 1 else f"{turns:,} turns"
