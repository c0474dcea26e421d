"""The routing pane: which model answers, why, what the others were worth, and how it went.

The drawing itself is imported with the first turn: the first frame needs only the empty pane.
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from hawkmoth_tui.ui.lines import EMPTY, MUTED, SIMULATED, STRONG, words, wrapped
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from textual.content import Content

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.exchange import Quota
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts


class RoutingPane(Pane):
    """Live: follows the turn of the session on the screen."""

    TITLE: ClassVar[str] = "Routing"

    def __init__(self, facts: RoutingFacts | None = None, *, is_expanded: bool = False, why_key: str = "F4") -> None:
        super().__init__()
        self.why_key = why_key
        """What the key is called that shows every vote."""
        self.facts = facts
        """None before the first turn of a session."""
        self.is_expanded = is_expanded
        self.is_simulated = False

    def load(self, turn: Turn | None, *, is_simulated: bool) -> None:
        """Show a turn as it is stored, or nothing yet."""
        from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts

        self.facts, self.is_simulated = RoutingFacts(turn) if turn else None, is_simulated
        self.redraw()

    def show_quota(self, quota: Quota | None) -> None:
        """What the provider of the turn's model lets through for now."""
        if self.facts is not None and self.facts.quota != quota:
            self.facts = replace(self.facts, quota=quota)
            self.redraw()

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """Follow one event of the turn; text alone changes no more than the speed."""
        from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts, is_text

        before, self.facts = self.facts, (self.facts or RoutingFacts(turn)).after(event, turn, monotonic())
        if before is None or not is_text(event) or before.tokens_per_s != self.facts.tokens_per_s:
            self.redraw()

    def lines(self, width: int) -> list[Content]:
        if self.facts is None:
            hint = "Your next prompt is routed here: which model, why, at what cost."
            mark = wrapped(SIMULATED, "bold $warning", width) if self.is_simulated else []
            title = [] if self.is_expanded else [words(("Routing", STRONG))]
            return [*title, *mark, EMPTY, *wrapped(hint, MUTED, width)]
        from hawkmoth_tui.ui.panes.routing_lines import routing_lines

        lines = routing_lines(
            self.facts, width, is_expanded=self.is_expanded, is_simulated=self.is_simulated, why_key=self.why_key
        )
        height = self.content_size.height
        if self.is_expanded or not 0 < height < len(lines):
            return lines
        return [*lines[: height - 1], words((self.why_key, "$route"), (" shows the rest", MUTED))]
