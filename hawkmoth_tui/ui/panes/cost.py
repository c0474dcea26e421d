"""The cost pane: what this turn, session, day and month cost, and what routing saved against a named model.

The drawing itself is imported with the first figures: the first frame needs only the empty pane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, words
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from decimal import Decimal

    from textual.content import Content

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary

LABEL_CELLS = 9
ROWS = ("turn", "session", "today", "month")


class CostPane(Pane):
    """Live: the turn from its events, the sums from the ledger after every attempt."""

    def __init__(self, warn_at: Decimal) -> None:
        super().__init__()
        self.warn_at = warn_at
        """Fraction of a limit at which a warning is shown."""
        self.turn: Turn | None = None
        self.summary: CostSummary | None = None
        """None until the ledger can be read."""
        self.is_simulated = False

    def load(self, turn: Turn | None, summary: CostSummary | None, *, is_simulated: bool) -> None:
        """Show a turn and sums as they are stored."""
        self.turn, self.summary, self.is_simulated = turn, summary, is_simulated
        self.redraw()

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """Follow one event of the turn; text changes no figure."""
        from hawkmoth_tui.ui.panes.routing_facts import is_text

        self.turn = turn
        if not is_text(event):
            self.redraw()

    def lines(self, width: int) -> list[Content]:
        rule = words(("─" * width, "$rule"))
        if self.summary is None:
            empty = [words((label.ljust(LABEL_CELLS), MUTED), ("–", MUTED)) for label in ROWS]
            return [rule, words(("Cost", STRONG)), *empty, EMPTY]
        from hawkmoth_tui.ui.panes.cost_lines import cost_lines

        lines = cost_lines(self.turn, self.summary, width, warn_at=self.warn_at, is_simulated=self.is_simulated)
        return [rule, *lines]
