"""The blocks of an answer: a flat row of leaves, each with the boxes (quotes and list items) that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from hawkmoth_tui.ui.transcript.lines import Span

QUOTE_BAR = "▎ "
BULLETS = "•◦▪"
"""Markers of nested bullet lists, by depth; the last one stays."""


class Box:
    """A container: a quote or a list item."""

    __slots__ = ("first", "indent", "is_sibling", "kind", "marker", "number")

    def __init__(
        self,
        kind: str,
        *,
        indent: int = 0,
        marker: str = QUOTE_BAR,
        number: int = 0,
        first: int = 0,
        is_sibling: bool = False,
    ) -> None:
        self.kind = kind
        """`>` for a quote; for an item the character that makes its list: `-`, `+`, `*`, `.` or `)`."""
        self.indent = indent
        """Columns that a line must be indented to belong to the item; 0 for a quote."""
        self.marker = marker
        """What stands before the first line of the first leaf: bar, bullet or number."""
        self.number = number
        self.first = first
        """Number of the first leaf in the box."""
        self.is_sibling = is_sibling
        """Whether the item follows another of the same list."""

    @property
    def is_item(self) -> bool:
        return self.kind != ">"

    @property
    def looks(self) -> tuple[str, int]:
        """What its rows depend on."""
        return self.marker, self.first


class Leaf:
    """A block that holds text. Once closed it never changes."""

    __slots__ = ("boxes", "lines", "number", "shared", "wants_gap")

    def __init__(self, number: int, boxes: tuple[Box, ...], lines: list[str]) -> None:
        self.number = number
        """Counted from 0 in its answer."""
        self.boxes = boxes
        self.lines = lines
        """Source lines without the containers' marks; the last one may still grow while the leaf is open."""
        self.shared = 0
        """How many boxes it shares with the leaf before."""
        self.wants_gap = False
        """Whether an empty row stands before it."""

    def copy(self) -> Self:
        """Another leaf with its own list of lines."""
        twin = type(self)(self.number, self.boxes, self.lines.copy())
        twin.shared = self.shared
        twin.wants_gap = self.wants_gap
        return twin

    @property
    def looks(self) -> tuple[object, ...]:
        """What its rows depend on besides its lines."""
        return type(self), self.number, self.shared, self.wants_gap, tuple(box.looks for box in self.boxes)

    @property
    def source(self) -> str:
        """The text to copy."""
        return "\n".join(self.lines)


class Paragraph(Leaf):
    """Running text."""

    __slots__ = ()


class Heading(Leaf):
    """A heading of one or more lines."""

    __slots__ = ("level",)
    level: int
    """1 to 6."""

    @property
    def looks(self) -> tuple[object, ...]:
        return *super().looks, self.level

    @property
    def source(self) -> str:
        return f"{'#' * self.level} {' '.join(self.lines)}"


class Rule(Leaf):
    """A line across."""

    __slots__ = ()

    @property
    def source(self) -> str:
        return "---"


class Table(Leaf):
    """Rows of cells; the first line holds the column names."""

    __slots__ = ("aligns",)
    aligns: tuple[str, ...]
    """`<`, `^` or `>` for every column."""

    @property
    def looks(self) -> tuple[object, ...]:
        return *super().looks, self.aligns

    @property
    def source(self) -> str:
        marks = {"<": "---", "^": ":---:", ">": "---:"}
        delimiters = f"| {' | '.join(marks[align] for align in self.aligns)} |"
        return "\n".join([self.lines[0], delimiters, *self.lines[1:]])

    def copy(self) -> Self:
        twin = super().copy()
        twin.aligns = self.aligns
        return twin


class Code(Leaf):
    """Fenced or indented code."""

    __slots__ = ("fence", "indent", "is_closed", "language", "painted")

    def __init__(self, number: int, boxes: tuple[Box, ...], lines: list[str]) -> None:
        super().__init__(number, boxes, lines)
        self.fence = ""
        """The opening run of ``` or ~~~; empty for indented code."""
        self.indent = 0
        """Columns before the fence, taken off every line."""
        self.language = ""
        self.is_closed = False
        """Whether no more lines come."""
        self.painted: list[list[Span]] | None = None
        """The lines with their syntax colours; None until they were highlighted."""

    @property
    def looks(self) -> tuple[object, ...]:
        return *super().looks, self.language

    def copy(self) -> Self:
        twin = super().copy()
        twin.fence, twin.indent, twin.language, twin.is_closed = self.fence, self.indent, self.language, self.is_closed
        return twin
