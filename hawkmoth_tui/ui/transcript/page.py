"""The rows of the conversation: one widget that draws them, no widget per message. What keys and mouse do is `transcript.Transcript`'s.

`show` only notes that a turn changed. At the next frame the turn's view lays out what is new, the rows on the screen are compared
with those that were there, and exactly the rows that differ are painted. Nothing here fetches, saves or decides.
"""

from __future__ import annotations

from time import monotonic, perf_counter
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from hawkmoth_tui.core.events import UsageReported
from hawkmoth_tui.ui.profiles import FULL
from hawkmoth_tui.ui.stage import StagedApp
from hawkmoth_tui.ui.transcript import looks, words
from hawkmoth_tui.ui.transcript.lines import BLANK
from hawkmoth_tui.ui.transcript.pace import Pace
from hawkmoth_tui.ui.transcript.painter import GUTTER, MARGIN, Painter
from hawkmoth_tui.ui.transcript.selecting import characters, row_number, selected_text, shifted
from hawkmoth_tui.ui.transcript.sheet import Sheet
from hawkmoth_tui.ui.transcript.viewport import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style
    from textual import events
    from textual.selection import Selection
    from textual.strip import Strip

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.tree import Standing
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.finding import Finder

MARKER = "┃"
"""Beside the block that the reader is on."""
NEAR_TURNS = 12
"""So close to the first turn that is here, those before it are wanted."""
PAINT_BUDGET_S = 0.006
"""Time per frame for the colours of long code."""


class Page(Widget):
    """Draws exactly the rows that look different from the frame before."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {looks.PREFIX + word for word in looks.WORDS}
    has_new_below: var[bool] = var(False)
    """Whether something arrived below what is on the screen since the user scrolled up."""

    class FollowChanged(Message):
        """It began or ceased to follow, or something new arrived below."""

        def __init__(self, page: Page) -> None:
            super().__init__()
            self.page = page

        @property
        def control(self) -> Page:
            return self.page

    class EarlierWanted(Message):
        """Turns are wanted that come before the first one here."""

        def __init__(self, first: Turn, *, is_all: bool) -> None:
            super().__init__()
            self.first = first
            self.is_all = is_all
            """Whether all of them are, down from the very first."""

    def __init__(self, names: words.KeyNames = words.BY_DEFAULT) -> None:
        """`names` are what the keys are called that the page names."""
        super().__init__()
        self._sheet = Sheet(monotonic)
        self._sheet.pile.names = names
        self._manner = FULL
        self._pace = Pace(self._wake, FULL.rest_s)
        self._painter: Painter | None = None
        self._told = True, False
        self._finder: Finder | None = None
        """What is looked for; None while nothing is."""
        self._is_going_to_start = False
        """Whether the very first row is to be shown, as soon as it is here."""
        self._asked = "", False
        """The turn whose predecessors were last wanted, and whether all of them were."""

    @property
    def is_following(self) -> bool:
        """Whether the newest row stays in sight."""
        return self._sheet.viewport.is_following

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns as they are shown."""
        return tuple(self._sheet.pile.turns)

    @property
    def first_turn(self) -> Turn | None:
        """The first one that is here; None while nothing is shown."""
        turns = self._sheet.pile.turns
        return turns[0] if turns else None

    @property
    def last_turn(self) -> Turn | None:
        """The last one; None while nothing is shown."""
        turns = self._sheet.pile.turns
        return turns[-1] if turns else None

    def load(self, turns: Sequence[Turn]) -> None:
        """Shows these turns, from the end. Only those in sight are laid out."""
        self._finder = None
        self._is_going_to_start, self._asked = False, ("", False)
        self._sheet.viewport.stride = 1
        self._sheet.load(turns)
        self._redraw()

    def put_before(self, turns: Sequence[Turn]) -> None:
        """The turns before the first one, as they were wanted; none when there are none. What is on the screen stays where it is."""
        self._sheet.put_before(turns)
        if self in self.screen.selections:
            selected = shifted(self.screen.selections[self], len(turns))
            self.screen.selections = {**self.screen.selections, self: selected}
        if self._finder is not None:
            self._finder.shift(len(turns))
        if self._is_going_to_start:
            self._is_going_to_start = self._sheet.pile.is_cut
            self._sheet.viewport.to(Place(0, 0))
            self._sheet.reader.to_start()
        self._redraw()

    def can_branch(self, first: Turn) -> bool:
        """Whether a branch that begins with this turn can be put where it belongs."""
        pile, shown = self._sheet.pile, self.first_turn
        is_first = first.parent_id is None or (shown is not None and first.parent_id == shown.parent_id)
        return is_first or pile.find(first.parent_id or "") is not None

    def branch(self, turns: Sequence[Turn]) -> None:
        """Shows another branch from the first of these turns on; whoever reads is taken to it."""
        self._finder = None
        self._sheet.branch(turns)
        if self._sheet.reader.is_reading:
            self._sheet.reader.take(turns[0])
            self._sheet.viewport.stay()
        self._redraw()

    def stand(self, standings: Mapping[str, Standing]) -> None:
        """Which turns have siblings, and where they stand among them."""
        self._sheet.pile.stand(standings)
        self._redraw()

    @property
    def is_on_versions(self) -> bool:
        """Whether the marked turn has siblings."""
        place = self._sheet.reader.place
        return place is not None and self._sheet.pile.has_siblings(place[0])

    def turn_with_siblings(self) -> Turn | None:
        """The marked turn, else the last one that has siblings; None when there is none."""
        pile, marked = self._sheet.pile, self._sheet.reader.turn
        if marked is not None:
            return marked
        last = next((index for index in reversed(range(len(pile.turns))) if pile.has_siblings(index)), None)
        return None if last is None else pile.turns[last]

    @property
    def marked_turn(self) -> Turn | None:
        """The turn under the reader's marker; None while nobody reads."""
        return self._sheet.reader.turn

    def clear(self) -> None:
        """Shows nothing."""
        self.load(())

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """Takes a turn's newest state; it is drawn with the next frame, and at once when the text is all there.

        The event needs no look of its own: the turn holds what it did.
        """
        index = self._sheet.put(turn)
        if self._finder is not None and not turn.state.is_live:
            self._finder.renew(index)
        if not self.is_mounted:
            return
        is_beside = self.size.width < self.app.size.width
        self._sheet.viewport.stride = self._manner.stride_rows if is_beside and turn.state.is_live else 1
        if isinstance(event, UsageReported) or not turn.state.is_live:
            self._pace.hurry()
        else:
            self._pace.request()

    def tick(self, turn: Turn, *, is_writing: bool) -> None:
        """Draws a turn that waits again: time has passed, or something is being written now, or no more."""
        self._sheet.pile.is_writing = is_writing
        self._sheet.pile.put(turn)
        self._pace.request()

    def follow(self) -> None:
        """Goes to the newest row and stays with it."""
        self._is_going_to_start = False
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

    def on_mount(self) -> None:
        if isinstance(self.app, StagedApp):
            self._manner = self.app.manner
            self._pace.rest_s = self._manner.rest_s

    def on_unmount(self) -> None:
        self._pace.stop()

    def on_resize(self, event: events.Resize) -> None:
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
        self._want_earlier()

    def _want_earlier(self) -> None:
        """Asks for the turns before the first one, once, when the reader comes near to it or all of them are needed."""
        pile, is_all = self._sheet.pile, self._is_going_to_start or self._finder is not None
        if not pile.is_cut or not (is_all or self._sheet.viewport.top.turn < NEAR_TURNS):
            return
        first = pile.turns[0]
        if self._asked not in ((first.id, is_all), (first.id, True)):
            self._asked = first.id, is_all
            self.post_message(self.EarlierWanted(first, is_all=is_all))

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
        edge = MARKER if y in sheet.marked else " "
        over = self._finder.overlays(*place) if self._finder is not None else []
        if selected := characters(line, place, selection):
            over.append((*selected, "selection"))
        strip = painter.paint(line, mark, edge, over) if over else painter.strip(line, mark, edge)
        return (
            painter.badge(strip, words.new_below(sheet.new_rows, sheet.pile.names)) if y == sheet.badge_row else strip
        )
