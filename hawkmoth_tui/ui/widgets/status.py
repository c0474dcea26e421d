"""The status line at the foot of the screen: what this session is, how it is routed, what it is doing, and a few keys."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from textual.widget import Widget

from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words

if TYPE_CHECKING:
    from textual.content import Content


class Activity(Enum):
    """What the session on the screen is doing: a mark, a word, a colour."""

    OPENING = ("○", "opening", MUTED)
    READY = ("○", "ready", "$success")
    MODELLESS = ("!", "no model", "$warning")
    WAITING = ("◌", "waiting", "$route")
    ANSWERING = ("●", "answering", "$route")
    LEAVING = ("●", "finishing, then quits", "$warning")


class Status(NamedTuple):
    """Everything on the line."""

    activity: Activity = Activity.OPENING
    title: str = ""
    """Empty for a session without a prompt."""
    routing: str = "auto · balanced"
    """Policy, or the pinned model."""
    others: int = 0
    """Other sessions that are being answered."""
    is_simulated: bool = False
    hints: tuple[tuple[str, str], ...] = ()
    """(key, word), most useful first."""


class StatusLine(Widget):
    """One line; what does not fit is left out, hints first."""

    def __init__(self) -> None:
        super().__init__()
        self.status = Status()

    def show(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self.refresh()

    def render(self) -> Content:
        return status_line(self.status, max(1, self.content_size.width))


def status_line(status: Status, width: int) -> Content:
    """The line in `width` cells."""
    mark, word, style = status.activity.value
    left = words((f"{mark} {word}", style))
    if status.is_simulated:
        left = words((" SIMULATED ", "bold reverse $warning"), ("  ", "")) + left
    if status.others:
        left += words((f" +{status.others} in background", "$route"))
    left += words(("  ", ""), (status.routing, "$foreground"))
    if status.title and (room := width - left.cell_length - 2) > 8:
        left += words(("  ", "")) + cut(words((status.title, MUTED)), min(room, 28))
    left = cut(left, width)
    hints = _hints(status.hints, width - left.cell_length - 3)
    return left + words((" " * (width - left.cell_length - hints.cell_length), "")) + hints


def _hints(hints: tuple[tuple[str, str], ...], width: int) -> Content:
    """As many hints as fit."""
    line = EMPTY
    for key, word in hints:
        longer = line + words(("  " if line else "", ""), (key, "$header"), (f" {word}", MUTED))
        if longer.cell_length > width:
            break
        line = longer
    return line
