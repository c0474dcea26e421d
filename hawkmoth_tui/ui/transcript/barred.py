"""Rows behind a bar at the left edge: questions, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.flows import MEASURE
from hawkmoth_tui.ui.transcript.lines import Line
from hawkmoth_tui.ui.transcript.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.ui.transcript.lines import Span

_BAR = "▌ "


def barred(spans: Sequence[Span], style: str, width: int, *, block: int = -1, ornament: int = 0) -> list[Line]:
    """The spans wrapped behind bars of this style; so many characters after the first bar are ornament, too."""
    rows = wrap(spans, max(1, min(width, MEASURE) - len(_BAR)))
    bar = (_BAR, f"{style} bar")
    return [
        Line([bar, *row], block=block, joint=joint, lead=len(_BAR) + (0 if number else ornament))
        for number, (row, joint) in enumerate(rows)
    ]
