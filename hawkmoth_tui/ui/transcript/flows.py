"""Blocks as rows, at the cost of what is new.

A flow lays out one leaf at one width and may be asked again as the leaf grows. It relies on this: all but the last line of a leaf stay
as they are, and the last one changes only at its end. Asked once with the whole leaf, it gives the same rows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from hawkmoth_tui.ui.transcript.blocks import Code, Heading, Leaf, Rule, Table
from hawkmoth_tui.ui.transcript.frame import Frame
from hawkmoth_tui.ui.transcript.highlight import can_highlight, highlighted
from hawkmoth_tui.ui.transcript.inline import inline
from hawkmoth_tui.ui.transcript.lines import Line, Span, clip, join_styles, slice_spans
from hawkmoth_tui.ui.transcript.wrap import cell_rows, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL_CODE = 2_000
"""Characters of code that are highlighted while the block is open; finished lines after them wait until it closes."""
MEASURE = 100
"""Widest prose, in cells: longer lines are hard to read."""

_CODE_PAD = "  "
_SEGMENT = 1_500
"""Characters after which a paragraph is cut at the next place where no markup is open, so that only its end is parsed again."""
_SEGMENT_LIMIT = 3_000
"""Characters after which it is cut at any space."""
_SEAM = re.compile(r"(?<=[.!?:;,。]) |\n")
_MARKS = ("`", "*", "_", "~")


class Flow(Protocol):
    """Lays out one leaf."""

    def rows(self, leaf: Leaf) -> list[Line]:
        """All rows of the leaf as it is now, its gap included. The list belongs to the caller."""


def flow_of(leaf: Leaf, width: int) -> Flow:
    """A flow for the leaf at a width of so many cells."""
    match leaf:
        case Code():
            return CodeFlow(leaf, width)
        case Table():
            from hawkmoth_tui.ui.transcript.tables import TableFlow

            return TableFlow(leaf, width)
        case Rule():
            return RuleFlow(leaf, width)
        case Heading():
            return TextFlow(leaf, width, "heading h1" if leaf.level == 1 else "heading")
        case _:
            return TextFlow(leaf, width)


class RuleFlow:
    """A line across."""

    def __init__(self, leaf: Rule, width: int) -> None:
        self._frame = Frame(leaf, min(width, MEASURE))

    def rows(self, leaf: Leaf) -> list[Line]:
        return [*self._frame.gap(), self._frame.line([("─" * self._frame.width, "rule")], is_first=True)]


class TextFlow:
    """Paragraphs and headings: parsed again from the last seam, wrapped again from the row that the seam stands in."""

    def __init__(self, leaf: Leaf, width: int, style: str = "") -> None:
        self._frame = Frame(leaf, min(width, MEASURE))
        self._style = style
        self._rows = self._frame.gap()
        """Rows that can no longer change."""
        self._is_first = True
        self._cut = 0
        self._carry: list[Span] = []
        self._joint = "\n"

    def rows(self, leaf: Leaf) -> list[Line]:
        text = "\n".join(leaf.lines)
        while end := _seam(text, self._cut):
            *done, (self._carry, self._joint) = self._wrapped(text[self._cut : end])
            self._rows += self._frame.lines(done, is_first=self._is_first)
            self._is_first = self._is_first and not done
            self._cut = end
        return self._rows + self._frame.lines(self._wrapped(text[self._cut :]), is_first=self._is_first)

    def _wrapped(self, text: str) -> list[tuple[list[Span], str]]:
        spans = [(piece, join_styles(self._style, style)) for piece, style in inline(text)]
        rows = wrap([*self._carry, *spans], self._frame.width)
        return [(rows[0][0], self._joint), *rows[1:]]


class CodeFlow:
    """Code: finished lines stay as rows; small blocks and the beginning of large ones are highlighted as their lines finish."""

    def __init__(self, leaf: Code, width: int) -> None:
        self._frame = Frame(leaf, width)
        self._width = max(1, self._frame.width - 2 * len(_CODE_PAD) + 1)
        self._rows: list[Line] = []
        self._done = -1
        """Lines in `_rows`; -1: not even the label."""
        self._head = 0
        """Lines at the beginning that are highlighted while the block is open."""
        self._head_size = 0

    def rows(self, leaf: Leaf) -> list[Line]:
        if not isinstance(leaf, Code):
            raise TypeError(leaf)
        if leaf.painted is not None:
            return self._label(leaf) + self._painted(leaf.painted)
        lines = _without_blank_end(leaf)
        final = len(lines) if leaf.is_closed else len(lines) - 1
        if self._grow_head(leaf, lines, final):
            painted = [*highlighted(lines[: self._head], leaf.language)]
            self._rows = self._label(leaf) + self._painted(painted)
            self._done = self._head
            if leaf.is_closed and self._head == len(lines):
                leaf.painted = painted
        elif self._done < 0:
            self._rows = self._label(leaf)
            self._done = 0
        for line in lines[self._done : max(0, final)]:
            self._rows += self._code_line([(line, "code")])
            self._done += 1
        rows = self._rows.copy()
        for line in lines[self._done :]:
            rows += self._code_line([(line, "code")])
        return rows if lines or leaf.language else [*rows, *self._code_line([])]

    def _grow_head(self, leaf: Code, lines: Sequence[str], final: int) -> bool:
        """Counts the finished lines that still are the small beginning; whether there are more of them than before."""
        if self._head < self._done or not can_highlight(leaf.language):
            return False
        before = self._head
        while self._head < final and self._head_size + len(lines[self._head]) <= SMALL_CODE:
            self._head_size += len(lines[self._head]) + 1
            self._head += 1
        return self._head > before

    def _label(self, leaf: Code) -> list[Line]:
        rows = self._frame.gap()
        if leaf.language:
            words = _CODE_PAD + clip(leaf.language, self._width)
            label = self._frame.line([(words, "code label")], is_first=True, fill="code", joint="", ornament=len(words))
            rows.append(label)
        return rows

    def _painted(self, lines: Sequence[list[Span]]) -> list[Line]:
        return [row for line in lines for row in self._code_line(line)]

    def _code_line(self, spans: Sequence[Span]) -> list[Line]:
        text = "".join(piece for piece, _ in spans)
        return [
            self._frame.line(
                [(_CODE_PAD, "code"), *slice_spans(spans, start, end)],
                is_first=False,
                fill="code",
                joint=joint,
                ornament=len(_CODE_PAD),
            )
            for start, end, joint in cell_rows(text, self._width)
        ]


def is_unpainted(leaf: Leaf) -> bool:
    """Whether the leaf is finished code that still waits for its colours: too large to get them as it came."""
    return isinstance(leaf, Code) and leaf.is_closed and leaf.painted is None and can_highlight(leaf.language)


def _without_blank_end(leaf: Code) -> list[str]:
    """The lines to show: indented code does not end with blank lines."""
    lines = leaf.lines
    if leaf.fence or not lines or lines[-1].strip(" "):
        return lines
    end = len(lines)
    while end > 1 and not lines[end - 1].strip(" "):
        end -= 1
    return lines[:end]


def _seam(text: str, start: int) -> int:
    """Where the paragraph can be cut after `start`; 0 while there is no such place. More text never moves a seam."""
    first, last = start + _SEGMENT, start + _SEGMENT_LIMIT
    if len(text) <= first + 1:
        return 0
    for seam in _SEAM.finditer(text, first, min(len(text) - 1, last)):
        if _is_balanced(text[start : seam.start()]):
            return seam.start()
    if len(text) <= last + 1:
        return 0
    space = text.find(" ", last, last + _SEGMENT)
    if space >= 0 and space + 1 < len(text):
        return space
    return last + _SEGMENT if len(text) > last + _SEGMENT else 0


def _is_balanced(text: str) -> bool:
    """Whether no markup seems to be open at the end."""
    return all(text.count(mark) % 2 == 0 for mark in _MARKS) and text.count("[") == text.count("]")
