"""Blocks from Markdown that arrives in pieces, line by line, so that the cost of more text is the cost of that text.

The block rules are CommonMark's with GFM tables (spec 0.31 §4-5 and its appendix on parsing, which reads line by line as we do). A parser
library reads whole texts: parsing a long list or fence again at every token is quadratic. Three things differ on purpose: HTML is ordinary
text, reference definitions stay visible as they were written, and a list's spacing follows its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hawkmoth_tui.ui.transcript.blocks import BULLETS, Box, Code, Heading, Leaf, Paragraph, Rule, Table
from hawkmoth_tui.ui.transcript.marks import (
    CODE_INDENT,
    FENCE,
    ITEM,
    QUOTE,
    RULE,
    UNDERLINE,
    alignment,
    heading,
    indent,
    is_blank,
    is_delimiter_row,
    table_cells,
)

if TYPE_CHECKING:
    import re

TAB_STOP = 4
MAX_DEPTH = 12
"""Boxes inside each other; what would open more is text."""
MAX_COLUMNS = 32
"""Columns of a table; what has more is text."""

_LeafKind = TypeVar("_LeafKind", bound=Leaf)


class Parser:
    """Takes lines, gives leaves. `leaf` is the one that may still grow; `take()` hands out those that are closed."""

    __slots__ = ("_boxes", "_closed", "_count", "_is_after_blank", "_matched", "_previous", "leaf")

    def __init__(self) -> None:
        self.leaf: Leaf | None = None
        """Always stands in exactly the open boxes."""
        self._boxes: list[Box] = []
        self._closed: list[Leaf] = []
        self._count = 0
        self._matched = 0
        """How many of the open boxes the current line continues."""
        self._is_after_blank = False
        self._previous: tuple[Box, ...] | None = None
        """The boxes of the last leaf; None before the first."""

    def fork(self) -> Parser:
        """A parser in the same state, to try a line that is not yet whole; what it is told does not reach this one."""
        twin = Parser()
        twin.leaf = self.leaf.copy() if self.leaf is not None else None
        twin._boxes = self._boxes.copy()
        twin._count = self._count
        twin._is_after_blank = self._is_after_blank
        twin._previous = self._previous
        return twin

    def take(self) -> list[Leaf]:
        """The leaves closed since the last call."""
        closed, self._closed = self._closed, []
        return closed

    def close(self) -> None:
        """The text is over."""
        self._close_boxes(0)
        self._close_leaf()

    def feed(self, line: str) -> None:
        """One whole line, without its newline."""
        rest = self._continue_boxes(line.expandtabs(TAB_STOP))
        leaf = self.leaf
        if self._is_whole and isinstance(leaf, Code) and leaf.fence:
            self._feed_fence(leaf, rest)
        elif is_blank(rest):
            self._feed_blank(rest)
        elif (text := self._open_blocks(rest)) is not None:
            self._feed_text(text.strip(" "))

    @property
    def _is_whole(self) -> bool:
        """Whether the line continues every open box."""
        return self._matched == len(self._boxes)

    def _continue_boxes(self, rest: str) -> str:
        """Takes the marks of the open boxes off the line and counts how many it continues."""
        self._matched = 0
        for box in self._boxes:
            if not box.is_item:
                quote = QUOTE.match(rest)
                if quote is None:
                    break
                rest = rest[quote.end() :]
            elif is_blank(rest):
                if box is self._boxes[-1] and box.first == self._count:
                    break
                rest = rest[box.indent :]
            elif indent(rest) >= box.indent:
                rest = rest[box.indent :]
            else:
                break
            self._matched += 1
        return rest

    def _feed_fence(self, leaf: Code, rest: str) -> None:
        end = rest.strip(" ")
        if end.startswith(leaf.fence) and not end.strip(leaf.fence[0]) and indent(rest) < CODE_INDENT:
            self._close_leaf()
        else:
            leaf.lines.append(rest[min(leaf.indent, indent(rest)) :])

    def _feed_blank(self, rest: str) -> None:
        self._close_boxes(self._matched)
        if isinstance(self.leaf, Code):
            self.leaf.lines.append(rest[CODE_INDENT:])
        else:
            self._close_leaf()
        self._is_after_blank = True

    def _feed_text(self, text: str) -> None:
        """A line that begins no block: it goes on with a paragraph, also lazily, or with a table, or begins a paragraph."""
        if isinstance(self.leaf, Paragraph):
            self.leaf.lines.append(text)
            return
        self._close_boxes(self._matched)
        if isinstance(self.leaf, Table):
            self.leaf.lines.append(text)
        else:
            self._add(Paragraph, [text])

    def _open_blocks(self, rest: str) -> str | None:
        """Opens what the line begins and gives the text that is left and begins nothing; None when nothing is left."""
        while True:
            if indent(rest) >= CODE_INDENT:
                return None if self._open_indented(rest) else rest
            is_shallow = self._matched < MAX_DEPTH
            if is_shallow and (quote := QUOTE.match(rest)):
                self._push(Box(">"))
                rest = rest[quote.end() :]
            elif self._open_leaf(rest):
                return None
            elif is_shallow and (item := ITEM.match(rest)) and not self._is_mere_text(item, rest):
                rest = self._push_item(item, rest)
            else:
                return None if is_blank(rest) else rest

    def _open_indented(self, rest: str) -> bool:
        if isinstance(self.leaf, Paragraph):
            return False
        if isinstance(self.leaf, Code) and self._is_whole:
            self.leaf.lines.append(rest[CODE_INDENT:])
        elif not is_blank(rest):
            self._add(Code, [rest[CODE_INDENT:]])
        return True

    def _open_leaf(self, rest: str) -> bool:
        """Headings, fences, rules and tables."""
        above = self.leaf if self._is_whole and isinstance(self.leaf, Paragraph) else None
        if head := heading(rest):
            level, text = head
            self._add(Heading, [text]).level = level
            self._close_leaf()
        elif fence := FENCE.match(rest):
            code = self._add(Code, [])
            code.indent, code.fence = len(fence[1]), fence[2]
            code.language = fence[3].strip(" ").partition(" ")[0]
        elif above and is_delimiter_row(rest) and self._open_table(above, rest):
            pass
        elif above and (underline := UNDERLINE.match(rest)):
            self._replace(above, Heading, above.lines).level = 1 if underline[1][0] == "=" else 2
            self._close_leaf()
        elif RULE.match(rest):
            self._add(Rule, [])
            self._close_leaf()
        else:
            return False
        return True

    def _open_table(self, above: Paragraph, rest: str) -> bool:
        """Makes the paragraph's last line the head of a table when the delimiter row below it has as many columns."""
        head = above.lines[-1]
        delimiters = table_cells(rest)
        if "|" not in head or len(delimiters) > MAX_COLUMNS or len(table_cells(head)) != len(delimiters):
            return False
        if len(above.lines) > 1:
            above.lines.pop()
            table = self._add(Table, [head])
        else:
            table = self._replace(above, Table, [head])
        table.aligns = tuple(alignment(cell) for cell in delimiters)
        return True

    def _is_mere_text(self, item: re.Match[str], rest: str) -> bool:
        """Whether what looks like an item may not interrupt the paragraph above it: an empty one, or a number other than 1."""
        if not (isinstance(self.leaf, Paragraph) and self._is_whole):
            return False
        return is_blank(rest[item.end() :]) or (item[2] is not None and int(item[2]) != 1)

    def _push_item(self, item: re.Match[str], rest: str) -> str:
        """Opens a list item and gives the line after its marker."""
        kind = item[3] or item[1]
        above = None if self._is_whole else self._boxes[self._matched]
        is_sibling = above is not None and above.kind == kind
        number = int(item[2] or 0) if above is None or not is_sibling else above.number + 1
        depth = sum(box.kind in "-+*" for box in self._boxes[: self._matched])
        content = rest[item.end() :]
        spaces = 1 if is_blank(content) or indent(content) > CODE_INDENT else indent(content)
        self._push(
            Box(
                kind,
                indent=item.end() + spaces,
                marker=f"{number}{kind} " if item[2] else f"{BULLETS[min(depth, len(BULLETS) - 1)]} ",
                number=number,
                is_sibling=is_sibling,
            )
        )
        return content[spaces:]

    def _push(self, box: Box) -> None:
        self._close_boxes(self._matched)
        self._close_leaf()
        box.first = self._count
        self._boxes.append(box)
        self._matched += 1

    def _add(self, kind: type[_LeafKind], lines: list[str]) -> _LeafKind:
        """A new leaf in the boxes that the line continues."""
        self._close_boxes(self._matched)
        self._close_leaf()
        leaf = kind(self._count, tuple(self._boxes), lines)
        leaf.shared, leaf.wants_gap = self._spacing(leaf.boxes)
        self._count += 1
        self._previous = leaf.boxes
        self._is_after_blank = False
        self.leaf = leaf
        return leaf

    def _replace(self, old: Leaf, kind: type[_LeafKind], lines: list[str]) -> _LeafKind:
        """The same place, another kind of block: what looked like a paragraph was a heading or a table."""
        leaf = kind(old.number, old.boxes, lines)
        leaf.shared, leaf.wants_gap = old.shared, old.wants_gap
        self.leaf = leaf
        return leaf

    def _spacing(self, boxes: tuple[Box, ...]) -> tuple[int, bool]:
        """How many boxes a new leaf shares with the one before, and whether an empty row stands between them.

        Inside a list the source decides; elsewhere there always is one.
        """
        if self._previous is None:
            return 0, False
        shared = 0
        for ours, theirs in zip(boxes, self._previous, strict=False):
            if ours is not theirs:
                break
            shared += 1
        is_in_list = any(box.is_item for box in boxes[:shared]) or (shared < len(boxes) and boxes[shared].is_sibling)
        return shared, self._is_after_blank or not is_in_list

    def _close_leaf(self) -> None:
        if self.leaf is not None:
            if isinstance(self.leaf, Code):
                self.leaf.is_closed = True
            self._closed.append(self.leaf)
            self.leaf = None

    def _close_boxes(self, keep: int) -> None:
        """Closes the boxes after the first `keep`; one that stayed empty gets an empty paragraph to show its mark."""
        if keep >= len(self._boxes):
            return
        self._close_leaf()
        if self._boxes[-1].first == self._count:
            matched, self._matched = self._matched, len(self._boxes)
            self._add(Paragraph, [""])
            self._close_leaf()
            self._matched = matched
        del self._boxes[keep:]
