"""The block parser against markdown-it, which reads whole texts and serves as the oracle."""

from __future__ import annotations

import re
import time
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hawkmoth_tui.ui.transcript.blocks import Code, Heading, Leaf, Rule, Table
from hawkmoth_tui.ui.transcript.markdown import Parser
from hawkmoth_tui.ui.transcript.marks import table_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

SEARCH = 400

MARKS = (
    "- ",
    "* ",
    "+ ",
    "1. ",
    "2) ",
    "10. ",
    "> ",
    "-",
    "---",
    "***",
    "=== ",
    "# ",
    "### ",
    "#",
    " ##",
    "```",
    "```py",
    "~~~",
)
TEXTS = ("a", "b c", "text", "**x**", "", "a | b", "| a | b |", "|---|:-:|", "|-|", "-|-", "| c |", "\\|", "`")
SPACES = ("  ", "   ", "    ", "      ", "\t")
PIECES = (*MARKS, *TEXTS, *SPACES)
OPENER = re.compile(r"[ >\t]*([-+*#`~]|\d+[.)])|[ >]*( {4}|\t)")
FAR_ITEM = re.compile(r"^ +([-+*]|\d+[.)]) |(^|[ >])([-+*]|\d+[.)]) {2,}\S|\d\d[.)] |[-+*.)] +([-+*]|\d+[.)]) ")
DEEP_QUOTE = re.compile(r"[ >]* {4,}>")
INDENTED = re.compile(r"[ >]* {4}")
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=4).map("".join), max_size=9)


def parsed(lines: Sequence[str]) -> list[Leaf]:
    parser = Parser()
    for line in lines:
        parser.feed(line)
    parser.close()
    return parser.take()


def described(leaves: Sequence[Leaf]) -> list[tuple[str, str, str]]:
    """Kind, boxes and content of each leaf."""
    rows = []
    for leaf in leaves:
        boxes = "".join("o" if box.kind in ".)" else "u" if box.is_item else ">" for box in leaf.boxes)
        match leaf:
            case Heading():
                rows.append((f"h{leaf.level}", boxes, "\n".join(leaf.lines)))
            case Code():
                rows.append((f"code {leaf.language}", boxes, leaf.source if leaf.fence else leaf.source.rstrip(" \n")))
            case Table():
                width = len(leaf.aligns)
                cells = [(table_cells(row) + [""] * width)[:width] for row in leaf.lines]
                rows.append(("table", boxes, str(cells)))
            case Rule():
                rows.append(("rule", boxes, ""))
            case _:
                rows.append(("text", boxes, leaf.source))
    return rows


@cache
def oracle() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("reference")


def expected(text: str) -> list[tuple[str, str, str]]:
    """The same description from markdown-it's tokens."""
    rows: list[tuple[str, str, str]] = []
    path: list[str] = []
    counts: list[int] = []
    tokens = oracle().parse(text.expandtabs(4))
    lists: list[str] = []
    for position, token in enumerate(tokens):
        boxes = "".join(path)
        match token.type:
            case "bullet_list_open":
                lists.append("u")
            case "ordered_list_open":
                lists.append("o")
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                path.append(lists[-1])
                counts.append(len(rows))
            case "blockquote_open":
                path.append(">")
                counts.append(len(rows))
            case "list_item_close" | "blockquote_close":
                if counts.pop() == len(rows):
                    rows.append(("text", boxes, ""))
                path.pop()
            case "heading_open":
                rows.append((f"h{token.tag[1]}", boxes, tidy(tokens[position + 1].content)))
            case "paragraph_open":
                rows.append(("text", boxes, tidy(tokens[position + 1].content)))
            case "fence":
                rows.append((f"code {token.info.strip().partition(' ')[0]}", boxes, token.content.removesuffix("\n")))
            case "code_block":
                rows.append(("code ", boxes, token.content.rstrip(" \n")))
            case "hr":
                rows.append(("rule", boxes, ""))
            case "table_open":
                rows.append(("table", boxes, str(table_of(tokens[position:]))))
    return rows


def table_of(tokens: Sequence[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for position, token in enumerate(tokens):
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append(tokens[position + 1].content)
    return rows


def is_disputed(lines: Sequence[str]) -> bool:
    """Whether the oracle differs from its specifications (CommonMark 0.31 §5.2 on laziness, GFM §4.10).

    It may read a fence, heading, item or indented line with a pipe as the head of a table, and takes a line indented by four columns
    for the end of an item's paragraph or for more of a quote.
    """
    for above, below in pairwise(lines):
        if "|" in above and "-" in below and OPENER.match(above):
            return True
    if any(DEEP_QUOTE.match(line.expandtabs(4)) for line in lines):
        return True
    return any(FAR_ITEM.search(line.expandtabs(4)) for line in lines) and any(
        INDENTED.match(line.expandtabs(4)) for line in lines
    )


def tidy(text: str) -> str:
    return "\n".join(line.strip(" ") for line in text.split("\n"))


@given(LINES)
@settings(max_examples=SEARCH)
def test_blocks_are_those_of_the_oracle(lines: list[str]) -> None:
    assume(not is_disputed(lines))

    assert described(parsed(lines)) == expected("".join(line + "\n" for line in lines))


@pytest.mark.parametrize(
    "line",
    [" ", "> ", "- ", "-", "* ", "# ", "#", "`", "~", "|", "|-", "---|", "=", "1. ", "\t", "a | ", "- - ", "\\|", ": "],
)
@pytest.mark.parametrize("end", ["", "x", " #", "|", "`"])
def test_a_hostile_line_takes_no_longer_than_its_length(line: str, end: str) -> None:
    began = time.process_time()

    parsed(["a | b", line * (200_000 // len(line)) + end, "| --- " + " " * 200_000 + end])

    assert time.process_time() - began < 2
