"""Lines as strips of cells, with the theme's styles looked up once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from textual.cache import LRUCache
from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style

    from hawkmoth_tui.ui.transcript.lines import Line

Range: TypeAlias = tuple[int, int, str]
"""First and last-but-one character of a line, and a style word for what is between."""

STRIPS = 1_000
"""Strips that are kept: about twenty screens."""
MARGIN = 1
"""Empty cells on the left."""
GUTTER = 2
"""Cells on the right: an empty one and the one of the position mark."""


class Painter:
    """Paints lines at one width in one theme; a new one is made when either changes."""

    def __init__(self, width: int, base: Style, style_of: Callable[[str], Style]) -> None:
        self.width = width
        self._base = base
        self._style_of = style_of
        """The style of one style word."""
        self._styles: dict[str, Style] = {"": base}
        self._strips: LRUCache[tuple[Line, str, str], Strip] = LRUCache(STRIPS)
        self.blank = Strip([Segment(" " * width, base)], width)

    def style(self, words: str) -> Style:
        """The style of several style words, later over earlier ones."""
        style = self._styles.get(words)
        if style is None:
            style = self._base
            for word in words.split(" "):
                style += self._style_of(word)
            self._styles[words] = style
        return style

    def strip(self, line: Line, mark: str = " ", edge: str = " ") -> Strip:
        """The line as cells over the whole width; `edge` stands in the first one, `mark` in the last."""
        key = line, mark, edge
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self.paint(line, mark, edge)
        return strip

    def paint(self, line: Line, mark: str = " ", edge: str = " ", over: Sequence[Range] = ()) -> Strip:
        """The line's cells, some of its characters with further style words."""
        room = max(0, self.width - MARGIN - GUTTER)
        segments = [Segment(edge, self.style("" if edge == " " else "marker"))]
        position = 0
        for text, words in line.spans:
            size = cell_len(text)
            if size > room:
                text, size = _cut(text, room)
            room -= size
            for piece, word in _pieces(text, position, over):
                style = self.style(words)
                segments.append(Segment(piece, style + self._style_of(word) if word else style))
            position += len(text)
        segments.append(Segment(" " * (room + 1), self.style(line.fill)))
        segments.append(Segment(mark, self.style("" if mark == " " else "position")))
        return Strip(segments, self.width)

    def badge(self, strip: Strip, text: str) -> Strip:
        """The strip with a short text laid over its right end."""
        size = cell_len(text)
        if size + MARGIN + GUTTER > self.width:
            return strip
        start = self.width - size - 1
        return Strip([*strip.crop(0, start), Segment(text, self.style("badge")), *strip.crop(start + size)], self.width)


def _cut(text: str, room: int) -> tuple[str, int]:
    """As many whole graphemes as fit, and their size."""
    used = 0
    for start, _end, size in split_graphemes(text)[0]:
        if used + size > room:
            return text[:start], cell_len(text[:start])
        used += size
    return text, cell_len(text)


def _pieces(text: str, position: int, over: Sequence[Range]) -> list[tuple[str, str]]:
    """The text in pieces, each with the style word of the last range over it; `position` is where it begins in its line."""
    if not over:
        return [(text, "")] if text else []
    bounds = {0, len(text)}
    for start, end, _ in over:
        bounds |= {min(max(0, start - position), len(text)), min(max(0, end - position), len(text))}
    cuts = sorted(bounds)
    pieces: list[tuple[str, str]] = []
    for first, last in pairwise(cuts):
        word = next((word for start, end, word in reversed(over) if start <= first + position < end), "")
        pieces.append((text[first:last], word))
    return pieces
