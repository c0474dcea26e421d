"""What waits above the composer: queued prompts, and chips for what goes beside the text. Reached with Alt+Up, left by typing on."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.engine.tray import EMPTY_TRAY
from hawkmoth_tui.ui.lines import MUTED, cut, words
from hawkmoth_tui.ui.panes.pane import Pane
from hawkmoth_tui.ui.sizes import size_words

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.content import Content

    from hawkmoth_tui.engine.attachments import Attached
    from hawkmoth_tui.engine.tray import Parcel, Tray

MOST_QUEUED = 3
"""Queued prompts shown at a time."""
MOST_NAME = 40
"""Characters of a chip's name."""


class Use(Enum):
    """What the user wants of the tray."""

    OPEN = auto()
    """The thing at the place: edit a queued prompt, unfold a paste, look at a file."""
    REMOVE = auto()
    LEAVE = auto()
    """Back to the text."""


class TrayPane(Pane, can_focus=True):
    """Takes no room while nothing waits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left", "move(-1)", show=False),
        Binding("down,right", "move(1)", show=False),
        Binding("enter", "use('OPEN')", show=False),
        Binding("delete,backspace", "use('REMOVE')", show=False),
    ]

    class Used(Message):
        """A key on the thing at `place`, counted as in `Tray.count`."""

        def __init__(self, use: Use, place: int) -> None:
            super().__init__()
            self.use = use
            self.place = place

    def __init__(self) -> None:
        super().__init__()
        self.id = "tray"
        self.tray: Tray = EMPTY_TRAY
        self.place = 0
        self.display = False

    def show(self, tray: Tray) -> None:
        """Show what waits now."""
        self.tray = tray
        self.place = max(0, min(self.place, tray.count - 1))
        self.display = tray.count > 0
        self.refresh(layout=True)

    def on_focus(self) -> None:
        self.place = max(0, self.tray.count - 1)
        self.refresh(layout=True)

    def on_blur(self) -> None:
        self.refresh(layout=True)

    def action_move(self, step: int) -> None:
        """Past the last thing comes the text again."""
        if self.place + step >= self.tray.count:
            self.action_use("LEAVE")
        else:
            self.place = max(0, self.place + step)
            self.redraw()

    def action_use(self, name: str) -> None:
        self.post_message(self.Used(Use[name], self.place))

    def lines(self, width: int) -> list[Content]:
        queue = self.tray.queue
        rows: list[Content] = []
        here = self.place if self.has_focus else -1
        first = max(0, min(here - 1, len(queue) - MOST_QUEUED))
        for place, parcel in enumerate(queue[first : first + MOST_QUEUED], first):
            rows.append(_queued(parcel, place, place == here, width))
        if len(queue) > MOST_QUEUED:
            rows.append(words((f"  {len(queue)} prompts are queued", MUTED)))
        rows += _rows([_chip(one, len(queue) + n == here) for n, one in enumerate(self.tray.attached)], width)
        if self.has_focus:
            rows.append(words(("  Enter opens · Del removes · Esc back to the text", MUTED)))
        return rows


def _queued(parcel: Parcel, place: int, is_here: bool, width: int) -> Content:
    beside = f" +{len(parcel.attached)} attached" if parcel.attached else ""
    mark = words(("› " if is_here else "  ", "bold $route"), ("next   " if place == 0 else "then   ", "$route"))
    text = words((one_line(parcel.text, 300), "bold $foreground" if is_here else "$user"))
    tail = words((beside, MUTED))
    return mark + cut(text, width - mark.cell_length - tail.cell_length) + tail


def _chip(one: Attached, is_here: bool) -> Content:
    kind = "picture " if isinstance(one.part, Image) else ""
    name = one_line(one.name, MOST_NAME)
    return words(
        ("›[" if is_here else " [", "bold $route"),
        (name, "bold $foreground" if is_here else "$foreground"),
        (f" {kind}{size_words(one.size_bytes)}", MUTED),
        ("]", "bold $route"),
    )


def _rows(chips: list[Content], width: int) -> list[Content]:
    """The chips side by side, in as many rows as they need."""
    rows: list[Content] = []
    for chip in chips:
        if rows and rows[-1].cell_length + chip.cell_length <= width:
            rows[-1] += chip
        else:
            rows.append(words((" ", "")) + chip)
    return rows
