"""The conversation on the screen: one widget that draws rows, no widget per message.

`show` only notes that a turn changed. At the next frame the turn's view lays out what is new, the rows on the screen are compared
with those that were there, and exactly the rows that differ are painted. Nothing here fetches, saves or decides.
"""

from __future__ import annotations

from itertools import zip_longest
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from hawkmoth_tui.ui.transcript import words
from hawkmoth_tui.ui.transcript.lines import BLANK
from hawkmoth_tui.ui.transcript.pace import Pace
from hawkmoth_tui.ui.transcript.painter import GUTTER, MARGIN, Painter
from hawkmoth_tui.ui.transcript.pile import Pile
from hawkmoth_tui.ui.transcript.viewport import Place, Viewport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual import events
    from textual.selection import Selection
    from textual.strip import Strip

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.lines import Line

WHEEL_ROWS = 3
PAINT_BUDGET_S = 0.006
"""Time per frame for the colours of long code."""
_TURN_STRIDE = 1 << 24
"""Rows of a selection are numbered turn by turn, with room for this many rows in each."""
_PREFIX = "transcript--"


class Transcript(Widget, can_focus=True):
    """Turns as rows. It follows the newest row while that is on the screen, and never moves otherwise."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        _PREFIX + word
        for word in (
            *("user", "bar", "header", "live", "state", "cost", "reason", "dim", "error", "tool", "thinking", "label"),
            *("heading", "h1", "h2", "strong", "em", "strike", "literal", "link", "quote", "bullet", "rule"),
            *("code", "keyword", "string", "comment", "number", "name", "position", "badge", "selection"),
        )
    }
    DEFAULT_CSS = """
    Transcript {
        height: 1fr;
        overflow: hidden hidden;
        color: $foreground;
        background: $background;
        & > .transcript--user { color: $user; }
        & > .transcript--bar { text-style: bold; }
        & > .transcript--header { color: $header; text-style: bold; }
        & > .transcript--live { color: $route; }
        & > .transcript--state { color: $warning; }
        & > .transcript--cost { color: $cost; }
        & > .transcript--reason { color: $header; }
        & > .transcript--dim { color: $thinking; }
        & > .transcript--error { color: $error; }
        & > .transcript--tool { color: $route; }
        & > .transcript--thinking { color: $thinking; }
        & > .transcript--label { text-style: italic; }
        & > .transcript--heading { color: $primary; text-style: bold; }
        & > .transcript--h1 { text-style: bold underline; }
        & > .transcript--strong { text-style: bold; }
        & > .transcript--em { text-style: italic; }
        & > .transcript--strike { text-style: strike; }
        & > .transcript--literal { color: $code-string; background: $code-background; }
        & > .transcript--link { color: $primary; text-style: underline; }
        & > .transcript--quote { color: $header; }
        & > .transcript--bullet { color: $accent; }
        & > .transcript--rule { color: $rule; }
        & > .transcript--code { background: $code-background; }
        & > .transcript--keyword { color: $code-keyword; }
        & > .transcript--string { color: $code-string; }
        & > .transcript--comment { color: $code-comment; }
        & > .transcript--number { color: $code-number; }
        & > .transcript--name { color: $code-name; }
        & > .transcript--position { color: $header; }
        & > .transcript--badge { color: $background; background: $accent; text-style: bold; }
        & > .transcript--selection { background: $screen-selection-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Page up", id="transcript.page_up", show=False),
        Binding("pagedown", "page_down", "Page down", id="transcript.page_down", show=False),
        Binding("home", "to_start", "Start", id="transcript.start", show=False),
        Binding("end", "to_end", "End", id="transcript.end", show=False),
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

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self._pile = Pile(monotonic)
        self._viewport = Viewport(self._pile.view)
        self._pace = Pace(self._wake)
        self._painter: Painter | None = None
        self._shown: list[tuple[Place, Line]] = []
        self._marks: list[str] = []
        self._badge_y = -1
        self._arranged = Size(0, 0)
        """The size that `_shown` was made for."""
        self._told = True, False

    @property
    def is_following(self) -> bool:
        """Whether the newest row stays in sight."""
        return self._viewport.is_following

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns as they are shown."""
        return tuple(self._pile.turns)

    def load(self, turns: Sequence[Turn]) -> None:
        """Shows these turns, from the end. Only those in sight are laid out."""
        self._pile.load(turns)
        self._viewport.count = len(self._pile.turns)
        self._viewport.to_end()
        self.has_new_below = False
        self._redraw()

    def clear(self) -> None:
        """Shows nothing."""
        self.load(())

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """Takes a turn's newest state; it is drawn with the next frame. The event itself needs no look: the turn holds what it did."""
        self._pile.put(turn)
        self._viewport.count = len(self._pile.turns)
        if not self._viewport.is_following:
            self.has_new_below = True
        if self.is_mounted:
            self._pace.request()

    def flush(self) -> None:
        """Draws at once what waits for the next frame."""
        self._redraw()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The cells of some rows. Strips are whole rows without border or padding, kept from frame to frame."""
        began = perf_counter()
        if self._arranged != self.size:
            self._arrange()
        painter = self._painter_now()
        strips = [self._strip(painter, y) for y in crop.line_range]
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
        strip = self._strip(self._painter_now(), y)
        return strip.apply_offsets(0, _row_number(self._shown[y][0])) if y < len(self._shown) else strip

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text as it stood in the source: rows that only the width had broken are whole again, without indents and bars."""
        if not self._pile.turns:
            return None
        first = _place_of(selection.start) if selection.start else Place(0, 0)
        last = _place_of(selection.end) if selection.end else Place(len(self._pile.turns) - 1, _TURN_STRIDE)
        text = ""
        for turn in range(first.turn, min(last.turn + 1, len(self._pile.turns))):
            for row, line in enumerate(self._pile.view(turn).rows):
                place = Place(turn, row)
                if first <= place <= last and (span := selection.get_span(_row_number(place))):
                    text += (line.joint if text else "") + _selected_text(line, *_characters(line, span))
        return text, "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def notify_style_update(self) -> None:
        """Another theme: all strips are painted anew."""
        super().notify_style_update()
        self._painter = None

    def on_unmount(self) -> None:
        self._pace.stop()

    def on_resize(self, event: events.Resize) -> None:
        self._tell()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(-WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self._scroll(WHEEL_ROWS)

    def action_page_up(self) -> None:
        """One screen back, with two rows of what was there."""
        self._scroll(-max(1, self.size.height - 2))

    def action_page_down(self) -> None:
        self._scroll(max(1, self.size.height - 2))

    def action_line_up(self) -> None:
        self._scroll(-1)

    def action_line_down(self) -> None:
        self._scroll(1)

    def action_to_start(self) -> None:
        """To the first row of the session."""
        self._viewport.to(Place(0, 0))
        self._redraw()

    def action_to_end(self) -> None:
        """To the newest row, and follow it."""
        self._viewport.to_end()
        self._redraw()

    def action_turn_up(self) -> None:
        """To the turn before the one at the top, or to that one's beginning."""
        turn, row = self._viewport.top
        self._viewport.to(Place(turn if row else max(0, turn - 1), 0))
        self._redraw()

    def action_turn_down(self) -> None:
        """To the next turn's beginning."""
        self._viewport.to(Place(self._viewport.top.turn + 1, 0))
        self._redraw()

    def _scroll(self, rows: int) -> None:
        if self._viewport.scroll(rows):
            self._redraw()

    def _wake(self) -> None:
        self.call_next(self._draw_frame)

    def _draw_frame(self) -> None:
        began = perf_counter()
        self._redraw()
        self._pace.spent(perf_counter() - began)
        self.call_after_refresh(self._pace.ended)

    def _redraw(self) -> None:
        """Compares the rows that should be on the screen with those that are, and has the changed ones painted."""
        if not self.size:
            return
        changed = self._arrange()
        if len(changed) == self.size.height:
            self.refresh()
        elif changed:
            self.refresh(*[Region(0, y, self.size.width, 1) for y in changed])
        self._tell()

    def _arrange(self) -> list[int]:
        """Brings views and rows up to date; which screen rows look different now."""
        width, height = self.size
        self._keep_place(max(1, width - MARGIN - GUTTER), height)
        rows = self._viewport.rows()
        if self._paint_code({place.turn for place, _ in rows}):
            rows = self._viewport.rows()
        if self._viewport.is_following:
            self.has_new_below = False
        marks = self._position_marks(height)
        badge_y = height - 1 if self.has_new_below else -1
        changed = self._differing(rows, marks, badge_y) if self._arranged == self.size else list(range(height))
        self._shown, self._marks, self._badge_y, self._arranged = rows, marks, badge_y, self.size
        return changed

    def _keep_place(self, width: int, height: int) -> None:
        """Takes over size and news without moving the uppermost row, unless it follows."""
        viewport = self._viewport
        is_same_width = width == self._pile.width
        is_resized = not is_same_width or height != viewport.height
        top = viewport.top if not viewport.is_following else None
        view = self._pile.peek(top.turn) if top is not None else None
        place = view.place(top.row) if top is not None and view is not None else None
        self._pile.width, viewport.height = width, height
        if top is None:
            return
        if top.turn >= len(self._pile.turns):
            viewport.to_end()
        elif place is not None:
            held = Place(top.turn, self._pile.view(top.turn).row_at(place, is_same_width=is_same_width))
            if is_resized:
                viewport.to(held)
            else:
                viewport.hold(held)

    def _paint_code(self, turns: set[int]) -> bool:
        """Spends a little time on the colours of long code in sight; whether any were put on."""
        views = [view for turn in turns if (view := self._pile.peek(turn)) and view.has_paint_left]
        for view in views[:1]:
            view.paint(PAINT_BUDGET_S)
            self._pace.request()
        return bool(views)

    def _position_marks(self, height: int) -> list[str]:
        """What stands in the last column: where the screen is in the session, while it does not follow."""
        if self._viewport.is_following:
            return []
        start, size = self._viewport.portion()
        first = min(height - 1, int(start * height))
        last = min(height, first + max(1, round(size * height)))
        return [" "] * first + ["▐"] * (last - first) + [" "] * (height - last)

    def _differing(self, rows: list[tuple[Place, Line]], marks: list[str], badge_y: int) -> list[int]:
        """Screen rows to paint. A line that looks as before stays the same object, so that its strip is found again."""
        changed = {self._badge_y, badge_y} - {-1} if badge_y != self._badge_y else set()
        for y in range(max(len(rows), len(self._shown))):
            if y >= len(rows) or y >= len(self._shown):
                changed.add(y)
            elif rows[y][1] is not self._shown[y][1]:
                if rows[y][1].looks_like(self._shown[y][1]):
                    rows[y] = rows[y][0], self._shown[y][1]
                else:
                    changed.add(y)
        if marks != self._marks:
            pairs = zip_longest(marks, self._marks, fillvalue=" ")
            changed.update(y for y, (new, old) in enumerate(pairs) if new != old)
        return sorted(changed)

    def _painter_now(self) -> Painter:
        if self._painter is None or self._painter.width != self.size.width:
            self._painter = Painter(self.size.width, self.rich_style, self._style_of)
        return self._painter

    def _style_of(self, word: str) -> Style:
        return self.get_component_rich_style(_PREFIX + word, partial=True)

    def _strip(self, painter: Painter, y: int) -> Strip:
        if y >= len(self._shown):
            mark = self._marks[y] if y < len(self._marks) else " "
            return painter.strip(BLANK, mark) if mark != " " else painter.blank
        place, line = self._shown[y]
        mark = self._marks[y] if y < len(self._marks) else " "
        selection = self.text_selection
        span = selection.get_span(_row_number(place)) if selection else None
        strip = painter.paint(line, mark, _characters(line, span)) if span else painter.strip(line, mark)
        return painter.badge(strip, words.NEW_BELOW) if y == self._badge_y else strip

    def _tell(self) -> None:
        """Tells who listens when following began or ended or something new came below."""
        state = self.is_following, self.has_new_below
        if state != self._told:
            self._told = state
            self.post_message(self.FollowChanged(self))


def _row_number(place: Place) -> int:
    return place.turn * _TURN_STRIDE + place.row


def _place_of(offset: Offset) -> Place:
    return Place(*divmod(offset.y, _TURN_STRIDE))


def _characters(line: Line, span: tuple[int, int]) -> tuple[int, int]:
    """The characters of a line that a selected span of its strip means."""
    start, end = span
    size = len(line.text)
    return max(0, start - MARGIN), size if end < 0 else min(size, max(0, end - MARGIN))


def _selected_text(line: Line, start: int, end: int) -> str:
    """Those characters, without what is mere ornament before them."""
    ornament = line.text[: line.lead]
    if not ornament.strip(" ▌▎┊"):
        start = max(start, line.lead)
    return line.text[start:end]
