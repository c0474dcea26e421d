"""The side panes folded to one line each, for narrow terminals."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.keys import key_name
from hawkmoth_tui.ui.lines import EMPTY, MUTED, SIMULATED, spread, words
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from textual.content import Content

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary
    from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts


class FoldedPanes(Pane):
    """Route and cost in two lines, each with the key that opens the whole pane."""

    def __init__(self, warn_at: Decimal, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._keymap = keymap or {}
        self.warn_at = warn_at
        self.facts: RoutingFacts | None = None
        self.summary: CostSummary | None = None
        self.is_simulated = False
        self.pinned = ""
        """The model that takes the next prompt whatever the router would say; empty: the router chooses."""

    def load(self, turn: Turn | None, summary: CostSummary) -> None:
        from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts

        self.facts, self.summary = RoutingFacts(turn) if turn else None, summary
        self.refresh()

    def show(self, event: TurnEvent, turn: Turn) -> None:
        from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts, is_text

        before, self.facts = self.facts, (self.facts or RoutingFacts(turn)).after(event, turn, monotonic())
        if before is None or not is_text(event) or before.tokens_per_s != self.facts.tokens_per_s:
            self.refresh()

    def lines(self, width: int) -> list[Content]:
        why, cost = key_name("route.why", self._keymap), key_name("cost.show", self._keymap)
        room = width - 1 - max(len(why), len(cost))
        return [
            spread(self._route(room), words((why, "$route")), width),
            spread(self._cost(room), words((cost, "$route")), width),
        ]

    def _route(self, width: int) -> Content:
        if self.facts is None:
            return words((self._expected, MUTED))
        from hawkmoth_tui.ui.panes.routing_lines import routing_line

        return routing_line(self.facts, width)

    @property
    def _expected(self) -> str:
        """What is known before the first turn."""
        if self.pinned:
            return f"{self.pinned} takes the next prompt"
        return SIMULATED if self.is_simulated else "the router chooses for each prompt"

    def _cost(self, width: int) -> Content:
        if self.summary is None:
            return EMPTY
        from hawkmoth_tui.ui.panes.cost_lines import cost_line

        return cost_line(self.facts.turn if self.facts else None, self.summary, width, warn_at=self.warn_at)
