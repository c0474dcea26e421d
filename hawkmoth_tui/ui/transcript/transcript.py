"""The conversation on the screen, and how one moves in it.

While somebody reads, a marker stands on one block, keys move it, fold, copy and find. Otherwise it only shows, scrolls and lets text be
selected. Nothing here fetches, saves or decides; what needs more than the rows is posted.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from hawkmoth_tui.ui.keys import READING, bindings
from hawkmoth_tui.ui.transcript import looks
from hawkmoth_tui.ui.transcript.page import Page
from hawkmoth_tui.ui.transcript.selecting import between
from hawkmoth_tui.ui.transcript.viewport import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.finding import Spot
    from hawkmoth_tui.ui.transcript.links import Hyperlink

WHEEL_ROWS = 3
LOOK_S = 0.008
"""Time for looking through turns before keys have their turn again."""
TELL_S = 0.15
"""How often the number of hits is told while it grows."""


class Transcript(Page, can_focus=True):
    """Turns as rows. It follows the newest row while that is on the screen, and never moves by itself otherwise."""

    FOCUS_ON_CLICK = False
    DEFAULT_CSS = looks.CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Page up", id="transcript.up", show=False),
        Binding("pagedown", "page_down", "Page down", id="transcript.down", show=False),
        Binding("ctrl+end", "to_end", "End", id="transcript.end", show=False),
        *bindings(READING, has_priority=False),
    ]

    class ReadingChanged(Message):
        """Reading began or ended, or the hits are others than before."""

    class CopyAsked(Message):
        """This is to go to the clipboard."""

        def __init__(self, text: str, what: str) -> None:
            super().__init__()
            self.text = text
            self.what = what
            """What the text is, for the user: block, question, answer, reasoning."""

    class LinksAsked(Message):
        """The reader wants to open one of these."""

        def __init__(self, links: tuple[Hyperlink, ...]) -> None:
            super().__init__()
            self.links = links

    _find_from: tuple[int, ...] = 0, 0, 0
    """Turn, section and block of the marker when the finding began."""

    @property
    def found(self) -> tuple[str, int, int, bool] | None:
        """The words looked for, which hit the reader is on from 1, how many there are so far, whether that is all; None: none are."""
        finder = self._finder
        if finder is None:
            return None
        is_all = not finder.is_looking and not self._sheet.pile.is_cut
        return finder.words, finder.place, finder.count, is_all

    def put_before(self, turns: Sequence[Turn]) -> None:
        super().put_before(turns)
        turn, *rest = self._find_from
        self._find_from = turn + len(turns), *rest
        if self._finder is not None:
            if self._finder.here is None:
                self._go_to(self._finder.step((*self._find_from, 1 << 30), -1))
            self.run_worker(self._look(), group="find", exclusive=True)

    def find(self, words: str) -> bool:
        """Looks for the words and goes to the nearest place above the marker that has them; whether there is one. No words: ends it."""
        from hawkmoth_tui.ui.transcript.finding import Finder

        before, self._finder = self._finder, None
        sheet = self._sheet
        if before is None:
            self._find_from = sheet.reader.place or (max(0, sheet.viewport.count - 1), 0, 0)
        place = self._find_from
        if words.strip():
            self._finder = finder = Finder(sheet.pile, words, place[0])
            self._go_to(finder.step((*place, 1 << 30), -1))
            self.run_worker(self._look(), group="find", exclusive=True)
        if before is not None or self._finder is not None:
            self.refresh()
            self.post_message(self.ReadingChanged())
        return self._finder is not None and self._finder.here is not None

    def action_find_step(self, direction: int) -> None:
        """To the next place that has the words, or the one before."""
        finder, reader = self._finder, self._sheet.reader
        if finder is None:
            return
        start = finder.here or ((*reader.place, -1 if direction > 0 else 1 << 30) if reader.place else (0,))
        self._go_to(finder.step(start, direction))
        self.post_message(self.ReadingChanged())

    def action_move(self, step: int) -> None:
        """To the next block, or the one before; while nobody reads, a row."""
        if not self.is_reading:
            self._scroll(step)
            return
        self._sheet.reader.move(step)
        self._redraw()
        self.post_message(self.ReadingChanged())

    def action_move_turn(self, step: int) -> None:
        """To the next turn, or the one before."""
        self._sheet.reader.move_turn(step)
        self._redraw()
        self.post_message(self.ReadingChanged())

    def action_fold(self) -> None:
        """Folds the marked block, or unfolds it; one that is too small stays."""
        if self._sheet.reader.toggle():
            self._redraw()

    def action_fold_turn(self) -> None:
        """Folds the marked turn to its question, or unfolds it."""
        if self._sheet.reader.toggle_turn():
            self._redraw()

    def action_copy(self) -> None:
        """The marked block, as it was written."""
        text, what = self._sheet.reader.source()
        if text:
            self.post_message(self.CopyAsked(text, what))

    def action_copy_turn(self) -> None:
        """The answer of the marked turn, as it was written."""
        if text := self._sheet.reader.turn_source():
            self.post_message(self.CopyAsked(text, "answer"))

    def action_links(self) -> None:
        """The links of the marked block; those of the whole answer when it has none."""
        from hawkmoth_tui.ui.transcript.links import links_of

        reader = self._sheet.reader
        self.post_message(self.LinksAsked(links_of(reader.source()[0]) or links_of(reader.turn_source())))

    def action_page_up(self) -> None:
        """One screen back, but for two rows of what was there."""
        self._scroll(-max(1, self.size.height - 2))

    def action_page_down(self) -> None:
        """One screen on, but for two rows of what was there."""
        self._scroll(max(1, self.size.height - 2))

    def action_line(self, step: int) -> None:
        self._scroll(step)

    def action_to_start(self) -> None:
        """To the first row of the session, at once as far as it is here."""
        self._is_going_to_start = self._sheet.pile.is_cut
        self._sheet.viewport.to(Place(0, 0))
        self._sheet.reader.to_start()
        self._redraw()
        self.post_message(self.ReadingChanged())

    def action_to_end(self) -> None:
        """To the newest row, and follow it."""
        self.follow()

    @property
    def is_reading(self) -> bool:
        """Whether there is a marker."""
        return self._sheet.reader.is_reading

    def start_reading(self) -> None:
        """Shows the marker."""
        self._sheet.reader.begin()
        self._redraw()
        self.post_message(self.ReadingChanged())

    def go_to_turn(self, turn_id: str) -> bool:
        """Put the marker on a turn's question; False when it is not shown."""
        place = next((place for place, turn in enumerate(self.turns) if turn.id == turn_id), None)
        if place is None:
            return False
        self._sheet.reader.go_to(place, 0, 0)
        self._redraw()
        return True

    def on_focus(self) -> None:
        self.post_message(self.ReadingChanged())

    def on_blur(self) -> None:
        self.post_message(self.ReadingChanged())

    def stop_reading(self) -> None:
        """Takes the marker away; what is at the end follows again."""
        if self._sheet.reader.is_reading:
            self._sheet.reader.end()
            self._redraw()

    def on_click(self, event: events.Click) -> None:
        """Two clicks select a block, three the turn; selecting the whole session by accident would lay it out."""
        event.prevent_default()
        if event.chain > 1 and (ends := self._sheet.around(event.y, is_block=event.chain == 2)):
            self.screen.selections = {self: between(*ends)}
        elif self.is_reading and 0 <= event.y < len(self._sheet.shown):
            self._sheet.reader.put(self._sheet.shown[event.y][0])
            self._redraw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(-WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(WHEEL_ROWS)

    def _scroll(self, rows: int) -> None:
        self._is_going_to_start = False
        if self._sheet.viewport.scroll(rows):
            self._redraw()

    def _go_to(self, spot: Spot | None) -> None:
        """Shows a hit, unfolding what hides it, and puts the marker there."""
        if self._finder is None:
            return
        self._finder.here = spot
        if spot is not None:
            self._sheet.reader.go_to(spot.turn, spot.section, spot.block)
            if rows := self._finder.rows_of(spot):
                self._sheet.reader.show_rows(Place(spot.turn, rows[0]), Place(spot.turn, rows[1]))
        self.refresh()
        self._redraw()

    async def _look(self) -> None:
        """Looks through the turns that are left, letting everything else go first."""
        finder, told = self._finder, monotonic()
        while finder is not None and finder is self._finder and finder.is_looking:
            finder.look(LOOK_S)
            if monotonic() - told > TELL_S:
                told = monotonic()
                self.post_message(self.ReadingChanged())
            await asyncio.sleep(0)
        self.post_message(self.ReadingChanged())
