"""However a screen changes, the terminal shows what painting all of it anew would show, styles included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.ui.cells.screen import ScreenModel
from tests.ui.cells.screens import (
    COLOURS,
    COLUMNS,
    ROWS,
    WILD_WORDS,
    WORDS,
    Drawing,
    Forget,
    Frames,
    Resize,
    Stories,
    cells_of,
    fresh,
    show,
)

if TYPE_CHECKING:
    from rich.color import ColorSystem


def check(story: Frames, colours: ColorSystem, *, erases_in_colour: bool = True) -> None:
    model = ScreenModel(colours, erases_in_colour=erases_in_colour)
    model.resize(COLUMNS, ROWS)
    whole = ScreenModel(colours, erases_in_colour=erases_in_colour)
    whole.resize(COLUMNS, ROWS)
    terminal = fresh(COLUMNS, ROWS)
    drawing = Drawing()
    for number, steps in enumerate(story):
        for step in steps:
            drawing.take(step)
            if isinstance(step, Forget):
                terminal.feed(b"\x1b[2;3H\x1b[0;1;35;44mforeign words")
                model.forget()
            if isinstance(step, Resize):
                model.resize(step.columns, step.rows)
                model.forget()
                whole.resize(step.columns, step.rows)
                terminal = fresh(step.columns, step.rows)
                terminal.feed(b"\x1b[33mleft over\r\nfrom before")
        cursor = number % drawing.size[0], number % drawing.size[1]
        text = show(model, drawing.laid, cursor)
        terminal.feed(text.encode())
        whole.forget()
        painted = fresh(*drawing.size)
        painted.feed(show(whole, drawing.laid, cursor).encode())
        drawing.laid.clear()

        assert [
            (y, x, shown, right)
            for y, rows in enumerate(zip(cells_of(terminal), cells_of(painted), strict=True))
            for x, (shown, right) in enumerate(zip(*rows, strict=True))
            if shown != right
        ] == [], repr(text)
        assert terminal.cursor == cursor


seeds = st.integers(0, 2**32)


@given(seeds, st.sampled_from(COLOURS), st.booleans())
def test_what_changed_is_enough(seed: int, colours: ColorSystem, erases_in_colour: bool) -> None:
    check(Stories(seed, WORDS, resizes=True).frames(6), colours, erases_in_colour=erases_in_colour)


@given(seeds, st.sampled_from(COLOURS))
def test_text_of_doubtful_width_moves_nothing_else(seed: int, colours: ColorSystem) -> None:
    check(Stories(seed, (*WORDS, *WILD_WORDS)).frames(6), colours)
