"""What one page of the dashboard shows over one span of time, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.summaries import GroupBy

if TYPE_CHECKING:
    from hawkmoth_tui.core.performance import Performance
    from hawkmoth_tui.core.summaries import CostTotals
    from hawkmoth_tui.engine.chronicle import Chronicle, Pace, Slot, Span


class Page(Enum):
    """The pages, in their order; the value is what each is called."""

    NOW = "Now"
    SPEND = "Spend"
    MODELS = "Models"
    LANES = "Lanes"
    TASKS = "Tasks"
    SESSIONS = "Sessions"
    SAVED = "Saved"
    SPEED = "Speed"

    @property
    def by(self) -> GroupBy | None:
        """What its rows stand for; None: for hours, days or months, as the span has it."""
        match self:
            case Page.MODELS | Page.SPEED:
                return GroupBy.MODEL
            case Page.LANES:
                return GroupBy.LANE
            case Page.TASKS:
                return GroupBy.TASK
            case Page.SESSIONS:
                return GroupBy.SESSION
            case Page.NOW | Page.SPEND | Page.SAVED:
                return None


PAGES = tuple(Page)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one page and span."""

    page: Page
    span: Span
    since_ms: int | None
    totals: CostTotals
    slots: tuple[Slot, ...] = ()
    """In order of time; empty on pages that have no time axis."""
    performances: tuple[Performance, ...] = ()
    paces: tuple[Pace, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was booked in the whole span."""
        return not self.totals.groups

    @property
    def by(self) -> GroupBy:
        return self.page.by or self.span.by


async def read(chronicle: Chronicle, page: Page, span: Span) -> Figures:
    """Read now. Raises StoreError."""
    since_ms = chronicle.since_ms(span)
    if page is Page.SPEED:
        slots, totals = await chronicle.slots(span)
        return Figures(
            page, span, since_ms, totals, slots, await chronicle.performances(span), await chronicle.paces(slots)
        )
    if page.by is not None:
        return Figures(page, span, since_ms, await chronicle.totals(span, page.by))
    slots, totals = await chronicle.slots(span)
    return Figures(page, span, since_ms, totals, slots)
