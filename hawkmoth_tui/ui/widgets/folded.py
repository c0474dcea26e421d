"""The side panes folded to one line each, for narrow terminals."""

from __future__ import annotations

from decimal import Decimal
from time import monotonic
from typing import TYPE_CHECKING

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.ui.lines import MUTED, spread, words
from hawkmoth_tui.ui.panes.cost import cost_line
from hawkmoth_tui.ui.panes.pane import Pane
from hawkmoth_tui.ui.panes.routing import routing_line
from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts

if TYPE_CHECKING:
    from textual.content import Content

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary


class FoldedPanes(Pane):
    """Route and cost in two lines; F4 and F5 open the whole panes."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = RoutingFacts()
        self.summary: CostSummary | None = None
        self.warn_at = Decimal("0.8")

    def load(self, turn: Turn | None, summary: CostSummary | None) -> None:
        self.facts, self.summary = RoutingFacts(turn), summary
        self.refresh()

    def show(self, event: ev.TurnEvent, turn: Turn) -> None:
        before, self.facts = self.facts, self.facts.after(event, turn, monotonic())
        if not isinstance(event, ev.TextDelta | ev.ThinkingDelta) or before.tokens_per_s != self.facts.tokens_per_s:
            self.refresh()

    def lines(self, width: int) -> list[Content]:
        why, cost = words(("F4", MUTED)), words(("F5", MUTED))
        return [
            spread(routing_line(self.facts, width - 3), why, width),
            spread(cost_line(self.facts.turn, self.summary, width - 3, warn_at=self.warn_at), cost, width),
        ]
