"""A terminal's cells as a picture, and many pictures as a sheet."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from pyte.screens import Char

    from tests.terminal.emulator import Emulator

FONTS = ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf", "NotoSansMono-Regular.ttf")
BOLD_FONTS = ("DejaVuSansMono-Bold.ttf", "LiberationMono-Bold.ttf", "NotoSansMono-Bold.ttf")
FONT_SIZE = 15
GAP = 16
BESIDE = "#808080"
NAMED = {
    "black": "000000",
    "red": "cd0000",
    "green": "00cd00",
    "brown": "cdcd00",
    "blue": "0000ee",
    "magenta": "cd00cd",
    "cyan": "00cdcd",
    "white": "e5e5e5",
    "brightblack": "7f7f7f",
    "brightred": "ff0000",
    "brightgreen": "00ff00",
    "brightbrown": "ffff00",
    "brightyellow": "ffff00",
    "brightblue": "5c5cff",
    "brightmagenta": "ff00ff",
    "bfightmagenta": "ff00ff",
    "brightcyan": "00ffff",
    "brightwhite": "ffffff",
    "default": "",
}
"""The sixteen colours as xterm has them, by pyte's names."""


def painted(emulator: Emulator) -> Image.Image:
    """The cells as a picture."""
    columns, rows = emulator.screen.columns, emulator.screen.lines
    width, height = round(_font(FONTS).getlength("M")), FONT_SIZE + 4
    picture = Image.new("RGB", (columns * width, rows * height), "#000000")
    pen = ImageDraw.Draw(picture)
    for y in range(rows):
        for x in range(columns):
            cell = emulator.screen.buffer[y][x]
            words, ground = colours(cell)
            left, top = x * width, y * height
            pen.rectangle((left, top, left + width - 1, top + height - 1), fill=ground)
            if cell.data.strip():
                pen.text((left, top), cell.data, font=_font(BOLD_FONTS if cell.bold else FONTS), fill=words)
            if cell.underscore:
                pen.line((left, top + height - 2, left + width - 1, top + height - 2), fill=words)
    return picture


def sheet(rows: list[list[Image.Image]], scale: float = 0.5) -> Image.Image:
    """Pictures side by side, smaller."""
    small = [
        [
            picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
            for picture in row
        ]
        for row in rows
    ]
    width = max(sum(picture.width + GAP for picture in row) for row in small) + GAP
    height = sum(max(picture.height for picture in row) + GAP for row in small) + GAP
    whole = Image.new("RGB", (width, height), BESIDE)
    top = GAP
    for row in small:
        left = GAP
        for picture in row:
            whole.paste(picture, (left, top))
            left += picture.width + GAP
        top += max(picture.height for picture in row) + GAP
    return whole


def above(top: Image.Image, bottom: Image.Image) -> Image.Image:
    """Two pictures, one above the other."""
    whole = Image.new("RGB", (max(top.width, bottom.width), top.height + 2 * GAP + bottom.height), BESIDE)
    whole.paste(top, (0, 0))
    whole.paste(bottom, (0, top.height + 2 * GAP))
    return whole


def colours(cell: Char) -> tuple[str, str]:
    """Words and ground as they are seen."""
    words = "#" + (NAMED.get(cell.fg, cell.fg) or NAMED["white"])
    ground = "#" + (NAMED.get(cell.bg, cell.bg) or NAMED["black"])
    return (ground, words) if cell.reverse else (words, ground)


@cache
def _font(names: tuple[str, ...]) -> ImageFont.FreeTypeFont:
    for name in names:
        try:
            return ImageFont.truetype(name, FONT_SIZE)
        except OSError:
            continue
    sys.exit(f"none of these fonts is here: {', '.join(names)}")
