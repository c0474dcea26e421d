"""The dashboard itself: pages, spans of time, one highlighted row, and the way from it to the turns behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.engine.chronicle import Span
from hawkmoth_tui.ui.dashboard import pages
from hawkmoth_tui.ui.dashboard.behind import TurnsBehind
from hawkmoth_tui.ui.dashboard.charts import LEAST_ROWS
from hawkmoth_tui.ui.dashboard.figures import PAGES, Page, read
from hawkmoth_tui.ui.dashboard.now import now_lines
from hawkmoth_tui.ui.dashboard.words import group_name, slot_name
from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.helped import Helped
from hawkmoth_tui.ui.screens.sheet import TextPane
from hawkmoth_tui.ui.widgets.picklist import PickList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from decimal import Decimal

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.summaries import Charge
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.chronicle import Chronicle
    from hawkmoth_tui.engine.costs import CostSummary
    from hawkmoth_tui.ui.dashboard.figures import Figures
    from hawkmoth_tui.ui.screens.pick import Picked

SPANS = tuple(Span)
CHART_SHARE = 0.5
"""Of the rows below the headline; the list has the others."""
MOST_CHART_ROWS = 16
LEAST_LIST_ROWS = 4
HEAD_ROWS = 2
WIDEST, HIGHEST = 124, 48
"""Cells and rows of the frame."""


class Goal(NamedTuple):
    """Where to go from here."""

    line: str = ""
    """A slash command; empty: to the turn."""
    charge: Charge | None = None


class Dashboard(Helped[Goal | None]):
    """Reads its figures whenever money moves; returns where to go next, None for nowhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", show=False),
        Binding("f2", "change('/model')", show=False, id="model.pick"),
        Binding("f3", "change('/sessions')", show=False, id="session.pick"),
        Binding("f4", "change('/why')", show=False, id="route.why"),
        Binding("f5", "close", show=False, id="cost.show"),
        Binding("f8", "change('/palette')", show=False, id="palette.show"),
        Binding("right,tab,l", "page(1)", show=False),
        Binding("left,shift+tab,h", "page(-1)", show=False),
        *(Binding(str(number), f"page_at({number - 1})", show=False) for number in range(1, len(PAGES) + 1)),
        Binding("t", "span(1)", show=False),
        Binding("T", "span(-1)", show=False),
        *(Binding(key, f"span_at({place})", show=False) for place, key in enumerate("dwmya")),
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown,space", "move(10)", show=False),
        Binding("home,g", "move(-1000000)", show=False),
        Binding("end,G", "move(1000000)", show=False),
        Binding("enter", "behind", show=False),
        Binding("e", "export", show=False),
    ]
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        ("→, ←, Tab, 1…8", "another page"),
        ("t, T", "another time; d, w, m, y, a take today, 7 days, 30 days, 12 months, all of it"),
        ("↑, ↓, PgUp, PgDn, Home, End", "highlight a row, and its bar, or scroll; so do j, k, g, G"),
        ("Enter", "the turns behind it; Enter there opens one in its session"),
        ("e", "write the page's figures to a CSV and a JSON file, here"),
        ("Now", "this turn, session, day and month, and how full each budget is"),
        ("Saved", "what the baseline would have cost less what was paid; a minus was dearer"),
        ("Speed", "median, 95 % and 99 % in seconds: until the first token, and of whole answers"),
        ("≥, +?, ~", "a price is missing from the amount; it stands on tokens that were counted here"),
        ("F5, Esc, q", "close"),
    )
    AUTO_FOCUS = ""

    def __init__(
        self,
        chronicle: Chronicle,
        turn: Turn | None,
        summary: CostSummary,
        *,
        warn_at: Decimal,
        is_simulated: bool,
        export: Callable[[Figures], Awaitable[str]],
    ) -> None:
        """`export` writes the figures of a page to files and says which; it may raise UserError."""
        super().__init__()
        self._chronicle = chronicle
        self.turn, self.summary, self.is_simulated = turn, summary, is_simulated
        self._warn_at = warn_at
        self._export = export
        self.page, self.span = Page.NOW, Span.MONTH
        self.figures: Figures | None = None
        """None until they are read for the first time."""
        self._said = words(("", ""))
        """What came of the last key; empty: nothing to say."""
        self._skipped = self._hidden = 0
        """Lines of the first page that are scrolled away, and how many do not fit."""
        self._drawn: tuple[tuple[Figures, int, int, str], list[Content]] | None = None
        """The chart that was drawn last, and of what."""
        self._head = TextPane(self._head_lines)
        self._chart = TextPane(self._chart_lines)
        self._columns = TextPane(self._column_lines)
        self.list = PickList(0, "")
        self._foot = TextPane(self._foot_lines)

    def compose(self) -> ComposeResult:
        sheet = Vertical(self._head, self._chart, self._columns, self.list, self._foot, classes="sheet -long")
        styles = sheet.styles
        styles.width, styles.max_width, styles.height, styles.max_height = WIDEST, "100%", "100%", HIGHEST
        title: Content = plain("Costs")
        sheet.border_title = title
        yield sheet

    def on_mount(self) -> None:
        self.read_again()

    def on_resize(self) -> None:
        self.call_after_refresh(self._arrange)

    def hints(self) -> Sequence[str]:
        moves = ("Enter turns",) if self.list.rows else ("↑↓ scroll",) if self._hidden else ()
        return ("←→ page", "t time", *moves, "e export", *self.help_hint, "Esc closes")

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """Follow one event of the session's turn."""
        from hawkmoth_tui.ui.panes.routing_facts import is_text

        self.turn = turn
        if self.page is Page.NOW and not is_text(event):
            self._chart.redraw()

    def show_sums(self, summary: CostSummary) -> None:
        """Money has moved."""
        self.summary = summary
        self.read_again()

    def read_again(self) -> None:
        """Read the figures of this page anew; the latest wish counts."""
        self.run_worker(self._read(self.page, self.span), exclusive=True, group="figures")

    def action_close(self) -> None:
        self.dismiss(None)

    def action_change(self, line: str) -> None:
        self.dismiss(Goal(line))

    def action_page(self, step: int) -> None:
        self._go(PAGES[(PAGES.index(self.page) + step) % len(PAGES)], self.span)

    def action_page_at(self, place: int) -> None:
        self._go(PAGES[place], self.span)

    def action_span(self, step: int) -> None:
        self._go(self.page, SPANS[(SPANS.index(self.span) + step) % len(SPANS)])

    def action_span_at(self, place: int) -> None:
        self._go(self.page, SPANS[place])

    def action_move(self, step: int) -> None:
        self._say("")
        if self.page is Page.NOW:
            self._skipped = max(0, min(self._hidden, self._skipped + step))
            self._chart.redraw()
        else:
            self.list.move(step)

    def on_pick_list_moved(self) -> None:
        self._chart.redraw()
        self._foot.redraw()

    def on_pick_list_clicked(self) -> None:
        self.action_behind()

    def action_behind(self) -> None:
        self.run_worker(self._open_behind(), exclusive=True, group="behind")

    def action_export(self) -> None:
        if self.figures is not None:
            self.run_worker(self._write(self.figures), exclusive=True, group="export")

    def _go(self, page: Page, span: Span) -> None:
        self.page, self.span = page, span
        self._said, self._skipped, self._hidden = EMPTY, 0, 0
        self.read_again()

    async def _read(self, page: Page, span: Span) -> None:
        try:
            figures = await read(self._chronicle, page, span)
        except HawkmothError as error:
            self._say(str(error), "$error")
            return
        before, self.figures = self.figures, figures
        rows = [] if figures.is_empty else pages.rows(figures)
        if before is not None and (before.page, before.span) == (page, span):
            self.list.refill(rows)
        else:
            self.list.fill(rows, self._newest_with_money(figures))
        self._arrange()

    def _newest_with_money(self, figures: Figures) -> str:
        """The newest bar that has a height, so that Enter leads somewhere."""
        return next((slot.group.key for slot in reversed(figures.slots) if slot.group.turns), "")

    def _arrange(self) -> None:
        """Draw everything in the room there is."""
        self.list.display = bool(self.list.rows)
        for pane in (self._head, self._chart, self._columns, self._foot):
            pane.refresh(layout=True)
        self.list.refresh(layout=True)
        self.tell_hints()

    @property
    def _rows(self) -> int:
        """Rows inside the frame."""
        return max(0, self.query_one(".sheet").content_size.height)

    def _head_lines(self, width: int) -> list[Content]:
        total = pages.total_line(self.figures, self.summary.baseline, width) if self.figures else EMPTY
        return [pages.tabs(self.page, width), total]

    def _chart_lines(self, width: int) -> list[Content]:
        figures, room = self.figures, self._rows - HEAD_ROWS
        if figures is None:
            return [EMPTY, words(("reading the ledger …", MUTED))]
        if figures.page is Page.NOW:
            return self._now(figures, width, room)
        if figures.is_empty:
            return pages.empty_lines(figures.span, width)
        row = self.list.row
        height = min(MOST_CHART_ROWS, int((room - 3) * CHART_SHARE), room - 3 - LEAST_LIST_ROWS)
        drawn = self._chart_of(figures, width, height, row.key if row else "")
        return [*([EMPTY] if room > LEAST_LIST_ROWS + 4 else []), *drawn]

    def _now(self, figures: Figures, width: int, room: int) -> list[Content]:
        lines = now_lines(self.turn, self.summary, width, warn_at=self._warn_at, is_simulated=self.is_simulated)
        self._hidden = max(0, len(lines) - room)
        self._skipped = min(self._skipped, self._hidden)
        if self._hidden:
            return lines[self._skipped : self._skipped + room]
        left = min(MOST_CHART_ROWS, room - len(lines) - 2)
        drawn = self._chart_of(figures, width, left, "") if left >= LEAST_ROWS else []
        return [*([EMPTY] if room > len(lines) else []), *lines, *([EMPTY, *drawn] if drawn else [])]

    def _chart_of(self, figures: Figures, width: int, height: int, here: str) -> list[Content]:
        """The chart; laying out and painting ask for the same one."""
        wanted = (figures, width, height, here)
        if self._drawn is None or self._drawn[0] != wanted:
            self._drawn = wanted, pages.chart(*wanted)
        return self._drawn[1]

    def _column_lines(self, width: int) -> list[Content]:
        return pages.head(self.figures, width) if self.figures and self.list.rows else []

    def _foot_lines(self, width: int) -> list[Content]:
        if self._said:
            return [cut(self._said, width)]
        row = self.list.row
        return [pages.detail(self.figures, row.key, width)] if self.figures and row else []

    def _say(self, text: str, style: str = "$route") -> None:
        self._said = words((text, style)) if text else EMPTY
        self._foot.refresh(layout=True)

    async def _write(self, figures: Figures) -> None:
        try:
            self._say(await self._export(figures))
        except HawkmothError as error:
            self._say(str(error), "$error")

    async def _open_behind(self) -> None:
        figures, row = self.figures, self.list.row
        if figures is None or row is None:
            return
        slot = next((slot for slot in figures.slots if slot.group.key == row.key), None)
        bounds: tuple[int | None, int | None]
        if figures.page.by is None and slot is not None:
            name, bounds = slot_name(slot, figures.by), (slot.since_ms, slot.until_ms)
        else:
            label = next((group.label for group in figures.totals.groups if group.key == row.key), "")
            name, bounds = group_name(row.key, label), (figures.since_ms, None)
        try:
            charges = await self._chronicle.charges(figures.by, row.key, *bounds)
        except HawkmothError as error:
            self._say(str(error), "$error")
            return

        def chosen(picked: Picked | None) -> None:
            if picked is not None:
                self.dismiss(Goal(charge=charges[int(picked.key)]))

        self.app.push_screen(TurnsBehind(name, charges), chosen)
