"""The routing and the cost of the conversation on the screen: beside it, folded to lines, or opened over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.keys import key_name
from hawkmoth_tui.ui.panes.cost import CostPane
from hawkmoth_tui.ui.panes.routing import RoutingPane
from hawkmoth_tui.ui.widgets.folded import FoldedPanes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.exchange import Quota
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary
    from hawkmoth_tui.ui.dashboard.screen import Dashboard
    from hawkmoth_tui.ui.screens.conversation import ConversationScreen


class Panes:
    """Hands every pane what happens, wherever it stands."""

    def __init__(
        self, screen: ConversationScreen, warn_at: Decimal, keymap: Mapping[str, str], *, is_simulated: bool
    ) -> None:
        self._screen = screen
        self.routing = RoutingPane(why_key=key_name("route.why", keymap) or "/why")
        self.cost = CostPane(warn_at)
        self.folded = FoldedPanes(warn_at, keymap)
        self.routing.is_simulated = self.cost.is_simulated = self.folded.is_simulated = is_simulated
        self._open_pane: RoutingPane | None = None
        """The pane that is open over the conversation."""
        self.dashboard: Dashboard | None = None
        """The one that is open over the conversation."""

    def load(self, last: Turn | None, summary: CostSummary, *, is_simulated: bool) -> None:
        """Show how a session stands after its last turn."""
        self.routing.load(last, is_simulated=is_simulated)
        self.folded.load(last, summary)
        self.cost.load(last, summary, is_simulated=is_simulated)

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """One event of the session's turn."""
        self.routing.show(event, turn)
        self.cost.show(event, turn)
        self.folded.show(event, turn)
        for opened in (self._open_pane, self.dashboard):
            if opened is not None:
                opened.show(event, turn)

    def expect(self, pinned: str) -> None:
        """Say before the first turn that this model takes it; empty: the router chooses."""
        if self.folded.pinned != pinned:
            self.folded.pinned = pinned
            self.folded.refresh()

    def show_sums(self, summary: CostSummary) -> None:
        """New totals of the ledger."""
        self.cost.load(self.cost.turn, summary, is_simulated=self.cost.is_simulated)
        if self.dashboard is not None:
            self.dashboard.show_sums(summary)
        self.folded.summary = summary
        self.folded.refresh()

    def show_quota(self, quota: Quota | None) -> None:
        """What the provider in use lets through for now."""
        for pane in (self.routing, self._open_pane):
            if isinstance(pane, RoutingPane):
                pane.show_quota(quota)

    def mark_simulated(self, is_simulated: bool) -> None:
        """Whether the model that answers makes its answers up."""
        for pane in (self.routing, self.cost, self._open_pane):
            if pane is not None and pane.is_simulated != is_simulated:
                pane.is_simulated = is_simulated
                pane.redraw()

    def open_routing(self, follow: Callable[[str], None]) -> None:
        """The routing pane with every vote, over the conversation; `follow` gets the command that its keys ask for."""
        from hawkmoth_tui.ui.screens.sheet import PaneScreen

        self._open_pane = pane = RoutingPane(self.routing.facts, is_expanded=True)
        pane.is_simulated = self.routing.is_simulated

        def closed(next_line: str | None) -> None:
            if self._open_pane is pane:
                self._open_pane = None
            if next_line:
                follow(next_line)

        self._screen.app.push_screen(PaneScreen(pane, "route.why"), closed)
