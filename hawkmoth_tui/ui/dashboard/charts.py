"""Charts of text: plotext draws, the theme colours.

Bars stand on whole cells, so that all of them are as wide as each other; a bar's height is told in half cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from textual_plotext.plot import Plot

from hawkmoth_tui.ui.lines import MUTED, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.content import Content

T = TypeVar("T")

LEAST_ROWS = 5
"""Of a chart; with less room there is none."""
WIDEST_BAR = 8
WIDEST_NAME = 9
"""Cells for an amount at the axis."""
HALVES = 2
"""Steps in a cell, across and up, of the blocks that bars are drawn with."""
_PIECE = re.compile(r"\x1b\[38;5;(\d+)m(.*?)\x1b\[0m|\x1b\[0m|([^\x1b]+)")
_STYLES = {"1": "$error", "2": "$success", "3": "$cost", "4": "$route", "5": "$foreground", "6": MUTED}
"""What plotext's numbers of colours mean here."""
ERROR, SUCCESS, COST, ROUTE, HERE, MUTE = map(int, _STYLES)
SHADES = (("█", ROUTE), ("▒", COST), ("░", MUTE))
"""Of the parts of a stack, the lowest first."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar, or one place of a line."""

    label: str
    """Below the axis, where there is room for it."""
    value: float


def bars(
    marks: Sequence[Mark],
    width: int,
    height: int,
    name: Callable[[float], str],
    *,
    here: int | None,
    colours: tuple[int, int, int],
) -> list[Content]:
    """One bar for each mark, the last ones where not all fit; `here` is the highlighted one. `colours`: above and below nought, and its."""
    shown = _fitting(marks, width)
    low, high = _limits([mark.value for mark in shown])
    ticks = [low, 0.0, high] if low and high else [low, (low + high) / 2, high]
    names = [name(tick) for tick in ticks]
    gutter = max(map(len, names))
    cells = width - gutter - 1
    step = max(1, min(WIDEST_BAR, cells // max(1, len(shown))))
    plot = _plot(width, height)
    for place, mark in enumerate(shown):
        first, last = place * step * HALVES, (place * step + max(1, step - 1)) * HALVES - 1
        is_here = here is not None and place == here - (len(marks) - len(shown))
        colour = colours[2] if is_here else colours[mark.value < 0]
        if mark.value:
            _box(plot, (first, last), mark.value, "hd", colour)
    plot.xlim(0, cells * HALVES - 1)
    plot.ylim(low, high)
    plot.yticks(ticks, [each.rjust(gutter) for each in names])
    places = _label_places([mark.label for mark in shown], step)
    plot.xticks(
        [(place * step + max(1, step - 1) / 2) * HALVES for place in places], [shown[place].label for place in places]
    )
    return _content(plot)


def stacks(
    marks: Sequence[tuple[str, Sequence[float]]],
    width: int,
    height: int,
    name: Callable[[float], str],
    *,
    here: int | None,
) -> list[Content]:
    """For each label a bar whose parts end at growing values, told apart by their shade also where there is no colour."""
    shown = _fitting(marks, width)
    high = max((value for _, values in shown for value in values), default=0.0) or 1.0
    ticks = [0.0, high / 2, high]
    names = [name(tick) for tick in ticks]
    gutter = max(map(len, names))
    cells = width - gutter - 1
    step = max(1, min(WIDEST_BAR, cells // max(1, len(shown))))
    plot = _plot(width, height)
    for place, (_, values) in enumerate(shown):
        ends = (place * step, place * step + max(1, step - 1) - 1)
        for value, (shade, colour) in reversed(tuple(zip(values, SHADES, strict=True))):
            if value > 0:
                _box(plot, ends, value, shade, colour)
    plot.xlim(0, cells - 1)
    plot.ylim(0, high)
    plot.yticks(ticks, [each.rjust(gutter) for each in names])
    places = _label_places([label for label, _ in shown], step)
    plot.xticks([place * step + (max(1, step - 1) - 1) / 2 for place in places], [shown[place][0] for place in places])
    return _content(plot)


def gauge(share: float, width: int) -> str:
    """`████▌░░░░░`: how much of the whole, in half cells; more than all of it is all of it."""
    halves = max(0, min(width * HALVES, round(share * width * HALVES)))
    if share > 0:
        halves = max(1, halves)
    whole, half = divmod(halves, HALVES)
    return ("█" * whole + "▌" * half).ljust(width, "░")


def bar(share: float, width: int) -> str:
    """`████▌`: the same without the rest."""
    return gauge(share, width).rstrip("░").ljust(width)


def _plot(width: int, height: int) -> Plot:
    plot = Plot()
    plot.theme("clear")
    plot.frame(False)
    plot.xaxes(True, False)
    plot.yaxes(True, False)
    plot.plotsize(width, height)
    plot._set_size(width, height)  # as the library's own widget does: plotsize alone does not resize
    return plot


def _fitting(marks: Sequence[T], width: int) -> Sequence[T]:
    """The last ones that have two cells each beside the names of the axis."""
    return marks[-max(1, (width - WIDEST_NAME - 1) // 2) :]


def _box(plot: Plot, ends: tuple[int, int], value: float, marker: str, colour: int) -> None:
    """From nought to the value. The library annotates one number where it takes both ends."""
    across, up = list(ends), [0, value]
    plot.rectangle(across, up, marker=marker, fill=True, lines=True, color=colour)  # type: ignore[arg-type]  # see above


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """The axis holds nought and every value; of nothing at all it is one high."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    return (low, high) if high > low else (0.0, 1.0)


def _label_places(labels: Sequence[str], step: int) -> list[int]:
    """Which labels are shown, so that none touches the next; the first one is."""
    longest = max(map(len, labels), default=0)
    every = -(-(longest + 2) // step)
    return list(range(0, len(labels), every))


def _content(plot: Plot) -> list[Content]:
    """What was drawn, in the colours of the theme."""
    found = []
    for row in plot.build().rstrip("\n").split("\n"):
        pieces = [
            (coloured or plain, _STYLES.get(number, "$foreground") if number else MUTED)
            for number, coloured, plain in _PIECE.findall(row)
            if coloured or plain
        ]
        found.append(words(*pieces).rstrip())
    return found
