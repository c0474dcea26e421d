"""The output stage paints what Textual would, and nothing in a strip can do more than show characters in its own cells."""

from __future__ import annotations

import re
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, InlineUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from hawkmoth_tui.core.charmap import hostile
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.ui import frames
from hawkmoth_tui.ui.frames import Frame, Piece, frame_of, require_known_shape
from hawkmoth_tui.ui.output import OutputStage, is_harmless, made_harmless
from tests.ui.cells.screens import cells_of, fresh

COLUMNS, ROWS = 24, 6
SIZE = COLUMNS, ROWS
OWN_SEQUENCES = re.compile(r"\x1b\[[0-9;]*[HmGCDKXABr]|\x1b\]8;[^\x1b]*\x1b\\")

hostile_characters = [chr(code) for code in range(sys.maxunicode + 1) if hostile().match(chr(code))]
words = st.text(st.sampled_from("abc é漢字🙂─⣿\t\n\x1b\x07\u202e\u200b\u2028\ud800\xad\x9b"), max_size=12)
styles = st.sampled_from(
    [None, Style(), Style(bold=True, color="red"), Style(bgcolor="#102030"), Style(link="https://example.org/a")]
)


def stage(*, is_differential: bool = True) -> OutputStage:
    console = Console(color_system="truecolor", force_terminal=True, _environ={})
    return OutputStage(console, is_differential=is_differential)


def rendered(strip: Strip, *, is_differential: bool = False) -> str:
    return stage(is_differential=is_differential).render(Frame((Piece(0, 0, strip),), (0, 0), (120, 1)))


def plain_text(output: str) -> str:
    return OWN_SEQUENCES.sub("", output)


def screen_of(output: str) -> tuple[list[str], list[list[tuple[object, ...]]]]:
    emulator = fresh(COLUMNS, ROWS)
    emulator.feed(output.encode("utf-8", "replace"))
    return emulator.lines(), cells_of(emulator)


def filled(text: str, style: Style | None, width: int) -> Strip:
    return Strip([Segment(text, style)]).adjust_cell_length(width)


@pytest.mark.parametrize("character", hostile_characters[:300], ids=lambda character: f"U+{ord(character):04X}")
def test_no_hostile_character_leaves_the_stage_and_no_cell_moves(character: str) -> None:
    strip = Strip([Segment(f"a{character}b", Style(bold=True)), Segment(character)])
    output = rendered(strip)

    assert not hostile().search(plain_text(output))
    assert cell_len(plain_text(output)) == cell_len(f"a{character}b{character}")


@pytest.mark.parametrize("character", hostile_characters[:300], ids=lambda character: f"U+{ord(character):04X}")
def test_no_hostile_character_leaves_the_model_of_the_terminal(character: str) -> None:
    strip = Strip([Segment(f"a{character}b", Style(bold=True)), Segment(character)])

    assert not hostile().search(plain_text(rendered(strip, is_differential=True)))


@given(st.text(max_size=40))
def test_any_text_keeps_its_cells_and_loses_its_power(text: str) -> None:
    harmless = made_harmless(Strip([Segment(text)])).text

    assert not hostile().search(harmless)
    assert not set("\t\n") & set(harmless)
    assert sum(map(cell_len, harmless)) == sum(map(cell_len, text))


@pytest.mark.parametrize("character", ["\n", "\t", "\r", "\u2028", "\x85"])
def test_nothing_in_a_strip_moves_the_cursor(character: str) -> None:
    assert plain_text(rendered(Strip([Segment(f"a{character}b")]))) == "ab"


def test_every_hostile_character_is_unprintable_so_that_the_quick_check_holds() -> None:
    assert [character for character in hostile_characters if character.isprintable()] == []


@pytest.mark.parametrize(
    "text",
    [
        "plain ASCII [/] text",
        "─│┌ boxes",
        "漢字 wide",
        "family 👩‍👩‍👧 emoji",
        "e\u0301 combining",
        "nbsp\xa0here",
        "עברית",
    ],
)
def test_harmless_text_is_the_same_object_all_the_way(text: str) -> None:
    strip = Strip([Segment(text, Style(italic=True))])

    assert is_harmless(strip)
    assert text in rendered(strip)


def test_a_link_with_a_sequence_in_it_is_no_link() -> None:
    evil = Style(link="https://example.org/\x1b\\\x1b]52;c;cHduZWQ=\x07")

    assert "]8;" not in rendered(Strip([Segment("text", evil)]))
    assert "]52" not in rendered(Strip([Segment("text", evil)]))


def test_an_ordinary_link_stays_a_link() -> None:
    assert "https://example.org/a" in rendered(Strip([Segment("text", Style(link="https://example.org/a"))]))


def test_a_control_segment_in_a_strip_is_dropped() -> None:
    strip = Strip([Segment("a"), Control.clear().segment, Segment("b")])

    assert plain_text(rendered(strip)) == "ab"


def test_a_strip_is_rendered_once() -> None:
    strip = Strip([Segment("a\x1bb")])
    first = rendered(strip)
    strip._segments = [Segment("changed")]

    assert rendered(strip) == first


def test_a_frame_is_synchronised_when_the_terminal_knows_how() -> None:
    output = stage()
    output.is_synchronised = True

    text = output.render(Frame((Piece(0, 0, Strip([Segment("a")])),), (3, 2), SIZE))

    assert text.startswith("\x1b[?2026h")
    assert text.endswith("\x1b[3;4H\x1b[?2026l")


@st.composite
def layouts(draw: st.DrawFn) -> LayoutUpdate:
    rows = []
    for _ in range(ROWS):
        cut = draw(st.integers(1, COLUMNS - 1))
        rows.append([filled(draw(words), draw(styles), cut), filled(draw(words), draw(styles), COLUMNS - cut)])
    return LayoutUpdate(list(rows), Region(0, 0, COLUMNS, ROWS))


@st.composite
def chops(draw: st.DrawFn) -> ChopsUpdate:
    lines: list[dict[int, Strip | None]] = []
    ends = []
    for _ in range(ROWS):
        cuts = sorted({0, *draw(st.lists(st.integers(1, COLUMNS - 1), max_size=3)), COLUMNS})
        line: dict[int, Strip | None] = {}
        for start, end in pairwise(cuts):
            line[start] = draw(st.one_of(st.none(), st.builds(filled, words, styles, st.just(end - start))))
        lines.append(line)
        ends.append(cuts[1:])
    spans = [
        (row, start, draw(st.integers(start + 1, COLUMNS)))
        for row in sorted(draw(st.sets(st.integers(0, ROWS - 1), min_size=1)))
        for start in [draw(st.integers(0, COLUMNS - 1))]
    ]
    return ChopsUpdate(lines, spans, ends)


@given(st.one_of(layouts(), chops()), st.booleans())
def test_a_frame_looks_as_textual_would_have_painted_it(update: CompositorUpdate, is_differential: bool) -> None:
    ours = stage(is_differential=is_differential).render(frame_of(update, (0, 0)))
    for strip in _strips(update):
        harmless = made_harmless(strip)
        strip._segments, strip._render_cache = harmless._segments, None
        strip._crop_cache.clear()
    theirs = update.render_segments(Console(color_system="truecolor", force_terminal=True, _environ={}))

    assert screen_of(ours) == screen_of(theirs + "\x1b[H")


def test_an_update_of_an_unknown_kind_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(TypeError, match="InlineUpdate"):
        frame_of(InlineUpdate([]), (0, 0))


def test_the_installed_textual_has_the_known_shape() -> None:
    require_known_shape()


def test_a_textual_that_moved_the_seam_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_SHAPES", ((LayoutUpdate, ("self", "strips", "where")),))

    with pytest.raises(UserError, match=r"LayoutUpdate.*textual==8"):
        require_known_shape()


def _strips(update: CompositorUpdate) -> list[Strip]:
    if isinstance(update, LayoutUpdate):
        return [strip for line in update.strips for strip in line]
    assert isinstance(update, ChopsUpdate)
    return [strip for line in update.chops for strip in line.values() if strip is not None]
