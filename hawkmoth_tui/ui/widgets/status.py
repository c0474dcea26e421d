"""The status line at the foot of the screen: what this session is, how it is routed, what it is doing, and a few keys."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from textual.widget import Widget

from hawkmoth_tui.core.counts import short_count
from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from hawkmoth_tui.engine.outlook import Gauge
    from hawkmoth_tui.ui.widgets.preview import Preview


FULLNESS = ((0.9, (" !!!", "bold $error")), (0.8, (" !!", "$warning")), (0.6, (" !", "$warning")))
"""Shares of a window from which on it is marked, the highest first."""


GAP = 2
APART = 3
"""Cells at least between what stands at the left and the hints."""
LEAST_TITLE_CELLS = 9
ENOUGH_TITLE_CELLS = 28
"""Cells that a title may take from the hints."""


LEAST_PREVIEW_CELLS = 30
"""With less room than this the preview takes the place of what the session is doing."""


class Activity(Enum):
    """What the session on the screen is doing: a mark, a word, a colour."""

    OPENING = ("○", "opening", MUTED)
    READY = ("○", "ready", "$success")
    MODELLESS = ("!", "no model", "$warning")
    WAITING = ("◌", "waiting", "$route")
    ANSWERING = ("●", "answering", "$route")
    WATCHING = ("◉", "read-only", "$warning")
    """Another process answers this session."""
    LEAVING = ("●", "finishing, then quits", "$warning")


class Status(NamedTuple):
    """Everything on the line."""

    activity: Activity = Activity.OPENING
    title: str = ""
    """Empty for a session without a prompt."""
    routing: str = "auto · balanced"
    """Policy, or the model that is pinned, or taken for one turn."""
    others: int = 0
    """Other sessions that are being answered."""
    is_simulated: bool = False
    hints: tuple[tuple[str, str], ...] = ()
    """(key, word), most useful first."""
    effort: str = ""
    """How long reasoning models think; empty: as they do by themselves."""
    gauge: Gauge | None = None
    """How full the window of the next model is; None before the first answer."""
    unsaved: str = ""
    """What is in memory only; empty when everything is on the disk."""
    text: str = ""
    """How long the text in the composer is, in words; empty for a short one."""
    preview: Preview | None = None
    """Where the prompt being written would go; None while nothing is written."""
    pinned: str = ""
    """The model that takes the next prompt whatever the router would say; empty: the router chooses."""
    wait: str = ""
    """What the answer waits for, instead of that it waits: rate limited, 12 s."""


class StatusLine(Widget):
    """One line; what does not fit is left out, hints first, but for the first of them: it leads to the others."""

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
    left = words((f"{mark} {status.wait or word}", style))
    if status.is_simulated:
        left = words((" SIMULATED ", "bold reverse $warning"), ("  ", "")) + left
    if status.unsaved:
        left += words(("  ", ""), (f"! {status.unsaved}", "bold $warning"))
    if status.others:
        left += words((f" +{status.others} in background", "$route"))
    if status.preview is not None:
        return _with_preview(left, status, status.preview, width)
    left += _routing(status)
    for figure in _figures(status):
        longer = left + words(("  ", "")) + figure
        left = longer if longer.cell_length <= width else left
    room, beside_all = (
        width - left.cell_length - GAP - APART - _hints(hints, width).cell_length
        for hints in (status.hints[:1], status.hints)
    )
    if status.title and room >= LEAST_TITLE_CELLS:
        title = words((status.title, MUTED))
        left += words((" " * GAP, "")) + cut(title, min(room, max(ENOUGH_TITLE_CELLS, beside_all)))
    left = cut(left, width)
    hints = _hints(status.hints, width - left.cell_length - APART)
    return left + words((" " * (width - left.cell_length - hints.cell_length), "")) + hints


def _figures(status: Status) -> Iterator[Content]:
    """What is counted, the more important first."""
    if status.gauge is not None:
        yield gauge_text(status.gauge)
    if status.text:
        yield words((status.text, MUTED))


def _routing(status: Status) -> Content:
    line = words(("  ", ""), (status.routing, "$foreground"))
    return line + words((f" · effort {status.effort}", "$foreground")) if status.effort else line


def _with_preview(left: Content, status: Status, preview: Preview, width: int) -> Content:
    """While a prompt is being written, where it would go stands in place of title and hints; of the rest, what there is room for."""
    from hawkmoth_tui.ui.widgets.preview import preview_text

    whole = preview_text(preview, 2 * width)
    gap = words((" " * GAP, ""))
    figures = EMPTY.join(gap + figure for figure in _figures(status))
    text = gap + words((status.text, MUTED)) if status.text else EMPTY
    for more in (_routing(status) + figures, figures, text, EMPTY):
        if left.cell_length + more.cell_length + GAP + whole.cell_length <= width:
            return left + more + gap + whole
    room = width - left.cell_length - GAP
    if room < LEAST_PREVIEW_CELLS and not status.wait:
        left = words((" SIMULATED ", "bold reverse $warning")) if status.is_simulated else EMPTY
        room = width - left.cell_length - GAP
    return cut(left + (gap if left else EMPTY) + preview_text(preview, room), width)


def gauge_text(gauge: Gauge) -> Content:
    """`ctx 7.9k/32k 25%`, `~` before an estimate; `!` from 60 % on, `!!` from 80, `!!!` from 90."""
    share = gauge.share
    used = f"{'~' if gauge.is_estimate else ''}{short_count(gauge.used_tokens)}/{short_count(gauge.window_tokens)}"
    if share is None:
        return words((f"ctx {used}", MUTED))
    mark, style = next((look for least, look in FULLNESS if share >= least), ("", MUTED))
    return words((f"ctx {used} {share:.0%}{mark}", style))


def _hints(hints: tuple[tuple[str, str], ...], width: int) -> Content:
    """As many hints as fit."""
    line = EMPTY
    for key, word in hints:
        longer = line + words(("  " if line else "", ""), (key, "$route"), (f" {word}", MUTED))
        if longer.cell_length > width:
            break
        line = longer
    return line
