"""Breaking spans into rows by cell width: words at spaces, East Asian text between characters, long words where the row ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import split_graphemes

from hawkmoth_tui.ui.transcript.lines import cells, plain, slice_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hawkmoth_tui.ui.transcript.lines import Span

Row: TypeAlias = tuple[int, int, str]
"""Start and end of a row in its text, and the joint before it (see `Line.joint`)."""

_CJK = "\u2e80-\u303e\u3041-\u31ff\u3220-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003fffd"
_CLOSERS = "、。，．：；！？）」』】〉》〕｝］…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_PIECE = re.compile(f"[ \\t]+|[{_CJK}][{_CLOSERS}]*|[^ \\t{_CJK}]+[{_CLOSERS}]*")
"""Spaces, one East Asian character with the closing marks that may not begin a row, or a word."""


def wrap(spans: Sequence[Span], width: int) -> list[tuple[list[Span], str]]:
    """The spans as rows of at most `width` cells, each with its joint. A newline in a span begins a new row."""
    text = plain(spans)
    rows = word_rows(text, max(1, width))
    if len(rows) == 1 and rows[0][:2] == (0, len(text)):
        return [(list(spans), rows[0][2])]
    return [(slice_spans(spans, start, end), joint) for start, end, joint in rows]


def word_rows(text: str, width: int) -> list[Row]:
    """Where the rows of a text with newlines begin and end, broken at words."""
    rows: list[Row] = []
    start = 0
    for line in text.split("\n"):
        rows.extend(_broken(text, start, start + len(line), width))
        start += len(line) + 1
    return rows


def cell_rows(text: str, width: int) -> list[Row]:
    """Where the rows of one line of code begin and end: every space kept, broken where the row is full."""
    if len(text) <= width and text.isascii():
        return [(0, len(text), "\n")]
    pieces = list(_pieces(text, 0, len(text), max(1, width), 0))
    return [(start, end, "" if row else "\n") for row, (start, end) in enumerate(pieces)] or [(0, 0, "\n")]


def _broken(text: str, start: int, end: int, width: int) -> Iterator[Row]:
    """The rows of one line of the text."""
    if end - start <= width and (text.isascii() or cells(text[start:end]) <= width):
        yield start, end, "\n"
        return
    joint = "\n"
    row_start = row_end = start
    used = gap = 0
    for piece in _PIECE.finditer(text, start, end):
        word = piece.group()
        size = len(word) if word.isascii() else cells(word)
        if word[0] in " \t":
            gap = size
            continue
        if used + gap + size <= width:
            row_end = piece.end()
            used += gap + size
            gap = 0
            continue
        if row_end > row_start:
            yield row_start, row_end, joint
            joint = " " if gap else ""
        row_start, row_end, used, gap = piece.start(), piece.end(), size, 0
        if size > width:
            *full, (row_start, row_end) = _pieces(text, row_start, row_end, width, 0)
            for first, last in full:
                yield first, last, joint
                joint = ""
            used = cells(text[row_start:row_end])
    yield row_start, row_end, joint


def _pieces(text: str, start: int, end: int, width: int, used: int) -> Iterator[tuple[int, int]]:
    """Cuts without regard to words, never inside a grapheme; a grapheme wider than the row stands alone."""
    if text.isascii():
        for first in range(start, end, width):
            yield first, min(end, first + width)
        return
    first = start
    for left, _right, size in split_graphemes(text[start:end])[0]:
        if used + size > width and start + left > first:
            yield first, start + left
            first = start + left
            used = 0
        used += size
    yield first, end
