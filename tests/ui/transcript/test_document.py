"""Answers as rows, whole and in pieces."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hawkmoth_tui.ui.transcript.document import Document
from hawkmoth_tui.ui.transcript.flows import SMALL_CODE
from hawkmoth_tui.ui.transcript.lines import width_of
from hawkmoth_tui.ui.transcript.transcript import Transcript
from tests.ui.transcript.test_markdown import PIECES

SAMPLE = """\
# Title

Some **bold** and `code` with a [link](https://example.org/a) that goes on.

- one
- two with more words than fit
  - nested
    ```python
    def f(x):  # why
        return "x"
    ```
3. three

> quoted text
> goes on

| Name | Kind |
|:--|--:|
| alpha | 12 |
| beta | *x* 你好 |

---
![moth](https://example.org/moth.png)
Setext
======
~~~
open fence
"""
MARKDOWN = st.lists(
    st.sampled_from([*PIECES, "\n", "\n", "\n", "word ", "[a](b)", "你好", "👩‍👩‍👧", "&#27;", "\r"]), max_size=40
).map("".join)


def document(text: str, width: int = 40, *, is_finished: bool = True) -> Document:
    made = Document(width)
    made.write(text)
    if is_finished:
        made.finish()
    made.settle()
    while made.has_paint_left:
        made.paint(1.0)
    return made


def shown(text: str, width: int = 40) -> list[str]:
    return [row.text.rstrip() for row in document(text, width).rows]


def looks(made: Document) -> list[object]:
    return [(row.spans, row.fill, row.block, row.joint, row.lead) for row in made.rows]


def test_paragraphs_wrap_and_keep_the_breaks_of_their_source() -> None:
    assert shown("one two three four\nfive", 10) == ["one two", "three four", "five"]


def test_headings_lose_their_marks_and_blocks_stand_apart() -> None:
    assert shown("## Head ##\ntext\n\n***\nmore") == ["Head", "", "text", "", "─" * 40, "", "more"]


def test_lists_hang_and_nest() -> None:
    assert shown("- one two three\n  - four five six\n- seven", 11) == [
        "• one two",
        "  three",
        "  ◦ four",
        "    five",
        "    six",
        "• seven",
    ]


def test_a_list_with_blank_lines_stays_loose_and_one_without_stays_tight() -> None:
    assert shown("- a\n\n- b") == ["• a", "", "• b"]
    assert shown("- a\n- b") == ["• a", "• b"]


def test_numbers_count_on_from_the_first() -> None:
    assert shown("7. a\n7. b\n\n   more") == ["7. a", "8. b", "", "   more"]


def test_an_item_with_nothing_in_it_shows_its_marker() -> None:
    assert shown("- \n- b") == ["•", "• b"]


def test_quotes_have_a_bar_on_every_row() -> None:
    assert shown("> one two\n>\n> > three", 9) == ["▎ one two", "▎", "▎ ▎ three"]


def test_code_has_its_language_above_and_is_broken_at_the_edge() -> None:
    rows = document("```python\nvalue = call(argument)\n```", 20).rows

    assert [row.text for row in rows] == ["  python", "  value = call(argu", "  ment)"]
    assert {row.fill for row in rows} == {"code"}
    assert rows[2].joint == ""


def test_tabs_in_code_are_columns() -> None:
    assert shown("```\na\tb\n\tc\n```") == ["  a   b", "      c"]


def test_links_show_their_target_once() -> None:
    assert shown("[x](https://example.org/y) <https://example.org>", 60) == [
        "x (https://example.org/y) https://example.org"
    ]


def test_images_are_text() -> None:
    assert shown("![a moth](https://example.org/m.png)", 60) == ["[image: a moth → https://example.org/m.png]"]


def test_html_is_shown_as_written_but_for_line_breaks() -> None:
    assert shown("<b>x</b><br>y\n<div>\nz") == ["<b>x</b>", "y", "<div>", "z"]


def test_a_table_takes_its_natural_width() -> None:
    assert shown("| Name | N |\n|---|--:|\n| a | 1 |\n| long name | 22 |") == [
        "Name      │  N",
        "──────────┼───",
        "a         │  1",
        "long name │ 22",
    ]


def test_a_wide_table_shrinks_its_widest_column() -> None:
    assert shown("| a | b |\n|---|---|\n| x | one two three four five six |\n| y | z |", 24) == [
        "a │ b",
        "──┼─────────────────────",
        "x │ one two three four",
        "  │ five six",
        "──┼─────────────────────",
        "y │ z",
    ]


def test_a_table_without_room_becomes_records() -> None:
    table = "| Operation | Complexity | Remark |\n|---|---|---|\n| update | logarithmic | walks up |\n| query | same | down |"

    assert shown(table, 20) == [
        "Operation: update",
        "Complexity:",
        "logarithmic",
        "Remark: walks up",
        "────────",
        "Operation: query",
        "Complexity: same",
        "Remark: down",
    ]


def test_rows_with_too_few_and_too_many_cells_fit_the_head() -> None:
    assert shown("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |") == ["a │ b", "──┼──", "1 │", "1 │ 2"]


def test_wide_characters_keep_columns_straight() -> None:
    rows = document("| 名前 | n |\n|---|---|\n| 你好你好 | 1 |\n| ab | 2 |").rows

    assert len({width_of(row.spans) for row in rows}) == 1


def test_no_control_character_reaches_a_row() -> None:
    text = "a\x1b[31mb &#x1b; &#27; &#x202e;x `\x9b` \u2028 [l](https://e.org/%1b%e2%80%ae)\n```\n\x1b]52;c;x\x07\n```\n| \x00 |\n|---|\n"

    everything = "".join(shown(text, 80))

    assert not any(ord(ch) < 32 or 127 <= ord(ch) < 160 or ch in "\u202e\u2028" for ch in everything)


def test_lone_surrogates_are_harmless() -> None:
    "".join(shown("a \ud800 **b\udfff** `\ud800`")).encode()


def test_an_unfinished_fence_mark_is_not_shown_as_code() -> None:
    assert [row.text for row in document("```\na\n``", is_finished=False).rows] == ["  a"]


def test_small_code_is_coloured_while_it_is_open_and_large_code_when_it_closes() -> None:
    small = document("```python\nreturn 1\nx", is_finished=False)
    large_text = "```python\n" + "return 1  # why\n" * 400
    large = Document(40)
    large.write(large_text)
    large.settle()
    before = [row.spans for row in large.rows]
    large.write("```\n")
    large.settle()

    assert ("return", "code keyword") in small.rows[1].spans
    assert ("return", "code keyword") in before[1]
    assert ("return", "code keyword") not in before[SMALL_CODE // 16 + 2]
    waited = large.has_paint_left
    large.paint(5.0)
    assert (waited, large.has_paint_left) == (True, False)
    assert ("return", "code keyword") in large.rows[-1].spans
    assert [row.text for row in large.rows] == ["".join(text for text, _ in spans) for spans in before]


def test_painting_stops_at_its_budget() -> None:
    made = Document(40)
    made.write("```python\n" + "return 1  # why\n" * 2000 + "```\n")
    made.settle()

    made.paint(0.0)

    assert made.has_paint_left


def test_an_unknown_language_stays_plain() -> None:
    assert document("```brainstorm\nreturn\n```").rows[1].spans == (("  ", "code"), ("return", "code"))


@given(MARKDOWN, st.lists(st.integers(0, 60), max_size=8), st.sampled_from([5, 17, 60]))
@example(SAMPLE, [1, 40, 100], 40)
def test_any_split_ends_in_the_same_rows(text: str, cuts: list[int], width: int) -> None:
    pieces = Document(width)
    position = 0
    for cut in sorted(cuts):
        pieces.write(text[position:cut])
        pieces.settle()
        position = max(position, cut)
    pieces.write(text[position:])
    pieces.finish()
    pieces.settle()

    assert looks(pieces) == looks(document(text, width))


@given(MARKDOWN, st.integers(0, 60))
@example(SAMPLE, 200)
def test_what_is_shown_on_the_way_depends_on_the_text_alone(text: str, end: int) -> None:
    by_character = Document(30)
    for character in text[:end]:
        by_character.write(character)
        by_character.settle()

    assert looks(by_character) == looks(document(text[:end], 30, is_finished=False))


@given(MARKDOWN)
@example(SAMPLE)
def test_another_width_gives_the_rows_of_that_width(text: str) -> None:
    made = document(text, 60)

    made.resize(25)

    assert looks(made) == looks(document(text, 25))


@given(st.text(max_size=80) | MARKDOWN, st.integers(1, 50))
def test_no_text_breaks_the_layout(text: str, width: int) -> None:
    words = {word for row in document(text, width).rows for _, style in row.spans for word in style.split()}

    assert {f"transcript--{word}" for word in words} <= Transcript.COMPONENT_CLASSES


def test_every_style_has_a_component_class() -> None:
    words = {word for row in document(SAMPLE).rows for _, style in row.spans for word in style.split()}

    assert {"heading", "h1", "strong", "literal", "link", "dim", "bullet", "code", "keyword", "quote", "rule"} <= words
    assert {f"transcript--{word}" for word in words} <= Transcript.COMPONENT_CLASSES


@pytest.mark.parametrize(
    "unit",
    [
        "word **bold** `code` text, ",
        "x",
        "    value = call(1)\n",
        "- item **bold** text\n",
        "| a | `b` |\n",
        "> quoted\n",
        "**a *b ",
        "![",
        "# x\n",
    ],
)
def test_more_text_costs_no_more_in_a_long_answer(unit: str) -> None:
    """Sixty frames late in a long answer beside sixty in a short one; generous, for a loaded machine."""
    opening = {"    ": "```python\n", "| a ": "| a | b |\n|---|---|\n"}.get(unit[:4], "")

    def cost_after(characters: int) -> float:
        made = Document(60)
        made.write(opening + unit * (characters // len(unit)))
        made.settle()
        began = time.process_time()
        for _ in range(60):
            made.write(unit)
            made.settle()
        return time.process_time() - began

    early = max(cost_after(8_000) for _ in range(2))
    late = min(cost_after(64_000) for _ in range(2))

    assert late < 3 * early + 0.05


def test_deep_nesting_and_many_columns_are_text() -> None:
    assert len(shown("> " * 400 + "x", 40)) > 1
    assert shown("- " * 50 + "x", 200)[0].count("•") < 20
    assert len(shown("|" * 200 + "\n" + "|-" * 199 + "|", 40)) > 1
