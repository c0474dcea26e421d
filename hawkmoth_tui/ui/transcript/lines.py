"""Styled lines: what the layout makes and the painter turns into cells.

A span is a text with style words ("strong em", "code keyword"): names of the transcript's component classes without their prefix,
later words over earlier ones. No colour is known here. Only this package uses them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len as cells
from rich.cells import split_graphemes

from hawkmoth_tui.core.charmap import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "BLANK",
    "Line",
    "Span",
    "cells",
    "clean",
    "clip",
    "join_styles",
    "keep_same",
    "plain",
    "slice_spans",
    "width_of",
]

Span: TypeAlias = tuple[str, str]
"""Text without control characters or newlines, and style words; no words: the ordinary text style."""

_STRAY_JOINER = re.compile("(?<![\ufe0f\U0001f000-\U0001fbff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001fbff])")
"""A zero-width joiner that joins no emoji: width tables and terminals disagree on the letters around it."""


class Line:
    """One row of the transcript. Its identity is its cache key: a row that did not change stays the same object."""

    __slots__ = ("block", "fill", "joint", "lead", "spans")

    def __init__(
        self, spans: Sequence[Span], *, fill: str = "", block: int = -1, joint: str = "\n", lead: int = 0
    ) -> None:
        self.spans = tuple(spans)
        self.fill = fill
        """Style words of the cells from the last span to the right edge."""
        self.block = block
        """Number of the block in its answer that this row belongs to; -1 for rows of ours (prompt, header, notices)."""
        self.joint = joint
        """What stood in the source between the row above and this one: a newline, a space, nothing in a broken word."""
        self.lead = lead
        """Leading characters that are ornament: indents, bars, list markers."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.spans)

    def looks_like(self, other: Line) -> bool:
        """Whether both paint the same cells."""
        return self is other or (self.spans == other.spans and self.fill == other.fill)

    def is_same(self, other: Line) -> bool:
        """Whether both are alike in everything."""
        return self.looks_like(other) and (self.block, self.joint, self.lead) == (other.block, other.joint, other.lead)

    def __repr__(self) -> str:
        return f"Line({self.text!r})"


BLANK = Line(())
"""The empty row."""


def keep_same(before: Sequence[Line], after: list[Line], first: int = 0) -> None:
    """Puts the old objects in the place of new ones that are the same, from row `first` on."""
    for position in range(first, min(len(before), len(after))):
        if after[position] is not before[position] and after[position].is_same(before[position]):
            after[position] = before[position]


def clean(text: str) -> str:
    """Untrusted text as it may stand in a span: hostile characters mapped, stray joiners gone. Newlines and tabs stay."""
    text = visible(text)
    return _STRAY_JOINER.sub("", text) if "\u200d" in text else text


def plain(spans: Iterable[Span]) -> str:
    """The text of the spans."""
    return "".join(text for text, _ in spans)


def width_of(spans: Iterable[Span]) -> int:
    """Cells that the spans take."""
    return sum(cells(text) for text, _ in spans)


def join_styles(outer: str, inner: str) -> str:
    """The style words of something inside something."""
    return f"{outer} {inner}" if outer and inner else outer or inner


def slice_spans(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The spans' characters from `start` to `end`, counted over all of them."""
    taken: list[Span] = []
    position = 0
    for text, style in spans:
        if position >= end:
            break
        stop = position + len(text)
        if stop > start:
            piece = text[max(0, start - position) : end - position]
            if piece:
                taken.append((piece, style))
        position = stop
    return taken


def clip(text: str, width: int) -> str:
    """The text cut to `width` cells, with `…` where something is missing."""
    if cells(text) <= width:
        return text
    if width <= 1:
        return "…"[: max(0, width)]
    used = 0
    for start, _end, size in split_graphemes(text)[0]:
        if used + size > width - 1:
            return text[:start] + "…"
        used += size
    return text
