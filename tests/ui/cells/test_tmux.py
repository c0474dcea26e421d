"""tmux shows the same after every change as after painting everything anew: another emulator than the one that all other tests look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui.cells.screen import ScreenModel
from tests.ui.cells.screens import COLOURS, COLUMNS, ROWS, WILD_WORDS, WORDS, Drawing, Forget, Stories, show
from tests.ui.cells.tmux import TMUX, pages

if TYPE_CHECKING:
    from pathlib import Path

STORIES = 60

JOINER = "\u200d"
"""What tmux makes of joined emoji depends on how the bytes are cut when it reads them."""

pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")


def test_tmux_shows_what_painting_everything_would_show(tmp_path: Path) -> None:
    mended, painted = zip(*(_both(seed) for seed in range(STORIES)), strict=True)

    shown = pages([*mended, *painted], COLUMNS, ROWS, tmp_path)

    for seed in range(STORIES):
        assert shown[seed] == shown[STORIES + seed], f"seed {seed}: {mended[seed]!r}"


def _both(seed: int) -> tuple[str, str]:
    """All that a terminal is sent through a story, and what paints its last screen alone."""
    colours = COLOURS[seed % len(COLOURS)]
    words = (*WORDS, *(word for word in WILD_WORDS if JOINER not in word)) if seed % 2 else WORDS
    model, whole = ScreenModel(colours, erases_in_colour=True), ScreenModel(colours, erases_in_colour=True)
    for each in (model, whole):
        each.resize(COLUMNS, ROWS)
    drawing, sent, last = Drawing(), "", ""
    for number, steps in enumerate(Stories(seed, words).frames(8)):
        for step in steps:
            drawing.take(step)
            if isinstance(step, Forget):
                sent += "\x1b[2;3H\x1b[0;1;35;44mforeign words"
                model.forget()
        cursor = number % COLUMNS, number % ROWS
        sent += show(model, drawing.laid, cursor)
        whole.forget()
        last = show(whole, drawing.laid, cursor)
        drawing.laid.clear()
    return sent, last
