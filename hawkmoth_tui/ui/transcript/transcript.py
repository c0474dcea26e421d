"""The conversation on the screen: one widget that draws rows, no widget per message.

`show` only notes that a turn changed. At the next frame the turn's view lays out what is new, the rows on the screen are compared
with those that were there, and exactly the rows that differ are painted. Nothing here fetches, saves or decides.
"""

from __future__ import annotations

from time import monotonic, perf_counter
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from hawkmoth_tui.ui.transcript import looks, words
from hawkmoth_tui.ui.transcript.lines import BLANK
from hawkmoth_tui.ui.transcript.pace import Pace
from hawkmoth_tui.ui.transcript.painter import GUTTER, MARGIN, Painter
from hawkmoth_tui.ui.transcript.selecting import between, characters, row_number, selected_text
from hawkmoth_tui.ui.transcript.sheet import Sheet
from hawkmoth_tui.ui.transcript.viewport import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events
    from textual.selection import Selection
    from textual.strip import Strip

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn

WHEEL_ROWS = 3
PAINT_BUDGET_S = 0.006
"""Time per frame for the colours of long code."""


class Transcript(Widget, can_focus=True):
    """Turns as rows. It follows the newest row while that is on the screen, and never moves otherwise."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {looks.PREFIX + word for word in looks.WORDS}
    DEFAULT_CSS = looks.CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Page up", id="transcript.up", show=False),
        Binding("pagedown", "page_down", "Page down", id="transcript.down", show=False),
        Binding("home", "to_start", "Start", id="transcript.start", show=False),
        Binding("end,ctrl+end", "to_end", "End", id="transcript.end", show=False),
        Binding("up,ctrl+up", "line_up", "Up", id="transcript.line_up", show=False),
        Binding("down,ctrl+down", "line_down", "Down", id="transcript.line_down", show=False),
    ]

    has_new_below: var[bool] = var(False)
    """Whether something arrived below what is on the screen since the user scrolled up."""

    class FollowChanged(Message):
        """The transcript began or ceased to follow, or something new arrived below."""

        def __init__(self, transcript: Transcript) -> None:
            super().__init__()
            self.transcript = transcript

        @property
        def control(self) -> Transcript:
            return self.transcript

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  as Widget names it
        super().__init__(name=name, id=id, classes=classes)
        self._sheet = Sheet(monotonic)
        self._pace = Pace(self._wake)
        self._painter: Painter | None = None
        self._told = True, False

    @property
    def is_following(self) -> bool:
        """Whether the newest row stays in sight."""
        return self._sheet.viewport.is_following

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns as they are shown."""
        return tuple(self._sheet.pile.turns)

    def load(self, turns: Sequence[Turn]) -> None:
        """Shows these turns, from the end. Only those in sight are laid out."""
        self._sheet.load(turns)
        self._redraw()

    def clear(self) -> None:
        """Shows nothing."""
        self.load(())

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """Takes a turn's newest state; it is drawn with the next frame. The event needs no look of its own: the turn holds what it did."""
        self._sheet.put(turn)
        if self.is_mounted:
            self._pace.request()

    def follow(self) -> None:
        """Goes to the newest row and stays with it."""
        self._sheet.viewport.to_end()
        self._redraw()

    def flush(self) -> None:
        """Draws at once what waits for the next frame."""
        self._redraw()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cells of some rows. Strips are whole rows without border or padding, kept from frame to frame."""
        began = perf_counter()
        self._arrange()
        painter = self._painter_now()
        selection = self.text_selection
        strips = [self._strip(painter, y, selection) for y in crop.line_range]
        if filters := self.get_line_filters():
            background = self.background_colors[1]
            for line_filter in filters:
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        self._pace.spent(perf_counter() - began)
        return strips

    def render_line(self, y: int) -> Strip:
        """One row with the places that a selection is told by; asked where the pointer is, not for painting."""
        strip = self._strip(self._painter_now(), y, self.text_selection)
        shown = self._sheet.shown
        return strip.apply_offsets(0, row_number(shown[y][0])) if y < len(shown) else strip

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text as it stood in the source."""
        return selected_text(self._sheet.pile, selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def notify_style_update(self) -> None:
        """Another theme: all strips are painted anew."""
        super().notify_style_update()
        self._painter = None

    def on_unmount(self) -> None:
        self._pace.stop()

    def on_resize(self, event: events.Resize) -> None:
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """Two clicks select a block, three the turn; selecting the whole session by accident would lay it out."""
        event.prevent_default()
        if event.chain > 1 and (ends := self._sheet.around(event.y, is_block=event.chain == 2)):
            self.screen.selections = {self: between(*ends)}

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(-WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(WHEEL_ROWS)

    def action_page_up(self) -> None:
        """One screen back, but for two rows of what was there."""
        self._scroll(-max(1, self.size.height - 2))

    def action_page_down(self) -> None:
        """One screen on, but for two rows of what was there."""
        self._scroll(max(1, self.size.height - 2))

    def action_line_up(self) -> None:
        self._scroll(-1)

    def action_line_down(self) -> None:
        self._scroll(1)

    def action_to_start(self) -> None:
        """To the first row of the session."""
        self._go(Place(0, 0))

    def action_to_end(self) -> None:
        """To the newest row, and follow it."""
        self.follow()

    def action_turn_up(self) -> None:
        """To the beginning of the turn at the top, or of the one before it."""
        turn, row = self._sheet.viewport.top
        self._go(Place(turn if row else max(0, turn - 1), 0))

    def action_turn_down(self) -> None:
        """To the next turn's beginning."""
        self._go(Place(self._sheet.viewport.top.turn + 1, 0))

    def _go(self, place: Place) -> None:
        self._sheet.viewport.to(place)
        self._redraw()

    def _scroll(self, rows: int) -> None:
        if self._sheet.viewport.scroll(rows):
            self._redraw()

    def _wake(self) -> None:
        self.call_next(self._draw_frame)

    def _draw_frame(self) -> None:
        began = perf_counter()
        self._sheet.paint_code(PAINT_BUDGET_S)
        self._redraw()
        self._pace.spent(perf_counter() - began)
        self.call_after_refresh(self._pace.ended)

    def _redraw(self) -> None:
        """Has exactly those rows painted that look different now, and tells who listens."""
        if not self.size or not self.is_mounted:
            return
        changed = self._sheet.arrange(self._room, self.size.height)
        if len(changed) == self.size.height:
            self.refresh()
        elif changed:
            self.refresh(*[Region(0, y, self.size.width, 1) for y in changed])
        self.has_new_below = self._sheet.has_new_below
        state = self.is_following, self.has_new_below
        if state != self._told:
            self._told = state
            self.post_message(self.FollowChanged(self))
        if self._sheet.has_paint_left:
            self._pace.request()

    def _arrange(self) -> None:
        """Makes the rows for the present size: painting may come before the news of a resize."""
        if self._sheet.size != (self._room, self.size.height):
            self._sheet.arrange(self._room, self.size.height)

    @property
    def _room(self) -> int:
        """Cells for text in a row."""
        return max(1, self.size.width - MARGIN - GUTTER)

    def _painter_now(self) -> Painter:
        if self._painter is None or self._painter.width != self.size.width:
            self._painter = Painter(self.size.width, self.rich_style, self._style_of)
        return self._painter

    def _style_of(self, word: str) -> Style:
        return self.get_component_rich_style(looks.PREFIX + word, partial=True)

    def _strip(self, painter: Painter, y: int, selection: Selection | None) -> Strip:
        sheet = self._sheet
        mark = sheet.mark(y)
        if y >= len(sheet.shown):
            return painter.blank if mark == " " else painter.strip(BLANK, mark)
        place, line = sheet.shown[y]
        selected = characters(line, place, selection)
        strip = painter.paint(line, mark, selected) if selected else painter.strip(line, mark)
        return painter.badge(strip, words.NEW_BELOW) if y == sheet.badge_row else strip
