"""Every cell of the main screens can be read in every theme: 4.5:1 between its words and its ground."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.ui.conftest import Sitting
from tests.ui.test_theming import NAMES, PALETTES, contrast

if TYPE_CHECKING:
    from rich.color import Color

SitDown: TypeAlias = Callable[..., AbstractAsyncContextManager[Sitting]]

DRAWN = frozenset(chr(code) for code in range(0x2500, 0x25A0))
"""Lines and blocks: they carry no words."""


def unreadable(sitting: Sitting, palette: str) -> set[tuple[str, str, str]]:
    """Words whose colours are too near to each other."""
    found = set()
    for strip in sitting.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            words = text.strip()
            if not words or style is None or set(words) <= DRAWN or style.color is None or style.bgcolor is None:
                continue
            if style.color.is_default or style.bgcolor.is_default:
                found.add((words[:30], "the terminal's default", "may be anything"))
                continue
            one, other = shade(style.color, palette), shade(style.bgcolor, palette)
            if contrast(one, other) < 4.5:
                found.add((words[:30], one, other))
    return found


def shade(colour: Color, palette: str) -> str:
    if colour.triplet is not None:
        return colour.triplet.hex
    assert colour.number is not None
    return f"#{PALETTES[palette].split()[colour.number]}"


@pytest.mark.parametrize("theme", NAMES)
async def test_every_screen_can_be_read(sit_down: SitDown, theme: str) -> None:
    palettes = PALETTES if theme == "ansi" else ("xterm",)
    poor: set[tuple[str, str, str]] = set()
    async with sit_down(config=f'[ui]\ntheme = "{theme}"') as sitting:

        def look() -> None:
            poor.update(*(unreadable(sitting, palette) for palette in palettes))

        look()
        await sitting.ask("Write a function that counts words, with a table.")
        look()
        for key in ("f1", "f2", "f3", "f4", "f5", "f8"):
            await sitting.press(key)
            await sitting.until(lambda: len(sitting.app.screen_stack) > 1)
            await sitting.pilot.pause()
            look()
            await sitting.press("escape")
            await sitting.until(lambda: len(sitting.app.screen_stack) == 1)

    assert poor == set()
