"""Text as glyphs, one for each cell or two, and how far a terminal can be trusted to give each the cells we think it takes.

Nobody knows how wide another program draws an emoji, a combining mark or a new character. So what is written after such a glyph is put at
its place anew, and a row with one is never mended in parts.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import split_graphemes

if TYPE_CHECKING:
    from collections.abc import Sequence

BLANK = " "
BEHIND = ""
"""The glyph of the second cell of a wide one."""
NOTHING = "\0"
"""The glyph of an empty cell whose background nobody knows."""
ANYTHING = "\0…"
"""The glyph of a cell that nobody knows: wild, so that its row is painted anew."""


class Trust(IntEnum):
    """How sure it is where the cursor stands after a glyph."""

    SURE = 0
    LINED = 1
    """Part of a drawn line: sure enough among its like, not after the last of them."""
    UNSURE = 2
    """May take one cell more in some terminals, but is drawn like any other."""
    WILD = 3
    """May take any number of cells, join its neighbours or turn the row around."""


_WIDE = (
    range(0x3041, 0x3097),
    range(0x30A1, 0x30FB),
    range(0x3001, 0x3004),
    range(0x3008, 0x3012),
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xAC00, 0xD7A4),
    range(0xFF01, 0xFF61),
)
"""Two cells in every terminal that knows wide characters at all."""
_ALPHABETS = (range(0xC0, 0x250), range(0x370, 0x530), range(0x1E00, 0x2000))
"""Latin, Greek, Cyrillic, Armenian."""
_LINES = (range(0x2500, 0x25A0), range(0x2800, 0x2900))
_LATIN_SIGNS = range(0xA0, 0xC0)


@lru_cache(4096)
def trust(glyph: str) -> Trust:
    """How sure it is where the cursor stands after it."""
    if glyph.isascii():
        return Trust.SURE
    if len(glyph) > 1:
        return Trust.WILD
    code = ord(glyph)
    if any(code in letters for letters in _ALPHABETS) and glyph.isalpha():
        return Trust.SURE
    if any(code in wide for wide in _WIDE):
        return Trust.SURE
    if any(code in lines for lines in _LINES):
        return Trust.LINED
    if code in _LATIN_SIGNS or 0x2010 <= code < 0x2500 or 0x25A0 <= code < 0x2800:
        is_wide = unicodedata.east_asian_width(glyph) == "W"
        return Trust.WILD if is_wide or not glyph.isprintable() else Trust.UNSURE
    return Trust.WILD


_tame = {BEHIND, *map(chr, range(128))}
"""Glyphs that were looked at before and are not wild."""


def has_wild(glyphs: Sequence[str]) -> bool:
    """Whether any of them is wild."""
    for glyph in set(glyphs) - _tame:
        if trust(glyph) is Trust.WILD:
            return True
        _tame.add(glyph)
    return False


@lru_cache(4096)
def glyphs_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Marks that belong to the glyph before the text, and the text's own cells."""
    cells: list[str] = []
    marks = ""
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells.append(text[start:end])
            cells += [BEHIND] * (width - 1)
        elif not cells:
            marks += text[start:end]
    return marks, tuple(cells)
