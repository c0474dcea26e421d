"""The first page: what this turn, session, day and month cost, and how full the budgets are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.ui.dashboard.charts import gauge
from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, cut, spread, words, wrapped
from hawkmoth_tui.ui.panes.cost_lines import cost_lines

if TYPE_CHECKING:
    from textual.content import Content

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary

SUMS_CELLS = 60
"""Widest the sums are set; wider they are hard to follow from name to amount."""
NAME_CELLS = 20
LEAST_GAUGE, WIDEST_GAUGE = 8, 40


def now_lines(
    turn: Turn | None, summary: CostSummary, width: int, *, warn_at: Decimal, is_simulated: bool
) -> list[Content]:
    """Sums, then a gauge for every limit."""
    sums = cost_lines(
        turn, summary, min(width, SUMS_CELLS), warn_at=warn_at, is_simulated=is_simulated, tells_limits=False
    )
    return [*sums, EMPTY, *_budgets(summary, width, warn_at)]


def _budgets(summary: CostSummary, width: int, warn_at: Decimal) -> list[Content]:
    if not summary.limits:
        return wrapped(
            "No budget is set: [budget] in config.toml limits a turn, session, day, month, provider, lane.",
            MUTED,
            width,
        )
    gauges = [_Gauge(*limit) for limit in summary.limits]
    cells = max(len(each.figures) for each in gauges)
    return [words(("Budgets", STRONG)), *(each.line(width, cells, warn_at) for each in gauges)]


class _Gauge(NamedTuple):
    """One limit and how much of it is used."""

    name: str
    used_pico: int
    limit_pico: int

    @property
    def share(self) -> Decimal:
        return Decimal(self.used_pico) / Decimal(self.limit_pico) if self.limit_pico > 0 else Decimal(1)

    @property
    def figures(self) -> str:
        return f"{self.share:>5.0%}  {money_text(self.used_pico)} of {money_text(self.limit_pico)}"

    def line(self, width: int, figure_cells: int, warn_at: Decimal) -> Content:
        """`day     ██████░░░░  62%  $6.20 of $10.00`."""
        is_full, is_nearly_full = self.share >= 1, self.share >= warn_at
        mark, style = ("!", "$error") if is_full else ("!", "$warning") if is_nearly_full else (" ", "$success")
        name_cells = min(NAME_CELLS, width // 3)
        left = words((f"{mark} ", f"bold {style}")) + cut(words((self.name, "$foreground")), name_cells - 3)
        cells = min(WIDEST_GAUGE, width - name_cells - figure_cells - 1)
        if cells < LEAST_GAUGE:
            return spread(left, words((self.figures, "$foreground")), width)
        left += words((" " * (name_cells - left.cell_length), ""))
        return left + words((gauge(float(self.share), cells), style), (f" {self.figures}", "$foreground"))
