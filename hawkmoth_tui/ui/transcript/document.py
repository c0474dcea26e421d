"""One answer's Markdown as rows: text goes in as it arrives, and only what is open is parsed and laid out again."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.blocks import Code, Leaf
from hawkmoth_tui.ui.transcript.flows import Flow, flow_of, is_unpainted
from hawkmoth_tui.ui.transcript.highlight import highlighted
from hawkmoth_tui.ui.transcript.lines import Line, Span, clean, keep_same
from hawkmoth_tui.ui.transcript.markdown import Parser

if TYPE_CHECKING:
    from collections.abc import Iterator

HIGHLIGHT_LIMIT = 200_000
"""Characters of code above which a block stays without colours."""


class Document:
    """The rows of a text that may still grow. The rows depend on the text alone, never on how it was cut into pieces."""

    def __init__(self, width: int) -> None:
        self.rows: list[Line] = []
        """What to show; as of the last `settle`."""
        self.length = 0
        """Characters written so far."""
        self.leaves: list[Leaf] = []
        """The closed blocks."""
        self._width = width
        self._parser = Parser()
        self._pending: list[str] = []
        self._partial = ""
        self._fixed = 0
        """Rows of the closed blocks."""
        self._flow: tuple[tuple[object, ...], Flow] | None = None
        """The flow of the open block, and what the block looked like."""
        self.is_finished = False
        self._unpainted: list[tuple[Code, int]] = []
        """Finished code without colours yet, and where its rows begin."""
        self._painting: Iterator[list[Span]] | None = None
        self._painted: list[list[Span]] = []

    def write(self, text: str) -> None:
        """Takes more text; nothing is laid out before `settle`."""
        self.length += len(text)
        self._pending.append(text)

    def finish(self) -> None:
        """The text is whole."""
        self.is_finished = True

    def settle(self) -> None:
        """Brings `rows` up to date with what was written. Rows that stay the same stay the same objects."""
        before, first = self.rows, self._fixed
        self.rows = before[:first]
        *lines, self._partial = (self._partial + "".join(self._pending)).split("\n")
        self._pending.clear()
        for line in lines:
            self._feed(self._parser, line)
        if self.is_finished:
            if self._partial:
                self._feed(self._parser, self._partial)
                self._partial = ""
            self._parser.close()
        for leaf in self._parser.take():
            self._append(leaf)
        self._show_open()
        keep_same(before, self.rows, first)

    def resize(self, width: int) -> None:
        """Lays everything out again for another width."""
        if width == self._width:
            return
        self._width = width
        leaves, self.leaves = self.leaves, []
        self.rows = []
        self._fixed = 0
        self._flow = None
        self._unpainted.clear()
        self._painting = None
        for leaf in leaves:
            self._append(leaf)
        self._show_open()

    def source(self, number: int) -> str:
        """The Markdown of a block, closed or still open; empty when there is none of that number."""
        if 0 <= number < len(self.leaves):
            return self.leaves[number].source
        leaf = self._parser.leaf
        return leaf.source if leaf is not None and leaf.number == number else ""

    @property
    def has_paint_left(self) -> bool:
        """Whether finished code waits for its colours."""
        return bool(self._unpainted)

    def paint(self, budget_s: float) -> None:
        """Highlights finished code for about so long. Rows get their colours when their block is done; none moves."""
        deadline = perf_counter() + budget_s
        while self._unpainted:
            leaf, start = self._unpainted[0]
            if self._painting is None:
                self._painting, self._painted = highlighted(leaf.lines, leaf.language), []
            for row in self._painting:
                self._painted.append(row)
                if perf_counter() >= deadline:
                    return
            leaf.painted = self._painted
            rows = flow_of(leaf, self._width).rows(leaf)
            self.rows[start : start + len(rows)] = rows
            self._painting = None
            del self._unpainted[0]

    def _feed(self, parser: Parser, line: str) -> None:
        for piece in clean(line.removesuffix("\r")).split("\n"):
            parser.feed(piece)

    def _append(self, leaf: Leaf) -> None:
        """Lays out a closed block, with the flow that knew it while it was open."""
        rows = self._flow_of(leaf).rows(leaf)
        self._flow = None
        if isinstance(leaf, Code) and is_unpainted(leaf) and 0 < sum(map(len, leaf.lines)) <= HIGHLIGHT_LIMIT:
            self._unpainted.append((leaf, self._fixed))
        self.rows += rows
        self._fixed = len(self.rows)
        self.leaves.append(leaf)

    def _show_open(self) -> None:
        """Adds the rows of what is open: the parser is asked on a copy what the unfinished line would be."""
        parser = self._parser
        if self._partial and not self._is_mark_in_code():
            parser = parser.fork()
            self._feed(parser, self._partial)
        leaves = parser.take() if parser is not self._parser else []
        if parser.leaf is not None:
            leaves.append(parser.leaf)
        for leaf in leaves:
            self.rows += self._flow_of(leaf, is_kept=leaf is leaves[-1]).rows(leaf)

    def _is_mark_in_code(self) -> bool:
        """Whether the unfinished line may become the end of an open fence: it is not shown as code meanwhile."""
        leaf = self._parser.leaf
        return isinstance(leaf, Code) and bool(leaf.fence) and not self._partial.strip(" >").strip(leaf.fence[0])

    def _flow_of(self, leaf: Leaf, *, is_kept: bool = False) -> Flow:
        looks = leaf.looks
        if self._flow is not None and self._flow[0] == looks:
            return self._flow[1]
        flow = flow_of(leaf, self._width)
        if is_kept:
            self._flow = looks, flow
        return flow
