"""Drives the program through a pseudo-terminal and paints its screens: docs/workstation.png and the contact sheet docs/screens.png.

Needs a monospaced font (DejaVu Sans Mono); nothing else of the project does.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyte.screens import Char

    from tests.terminal.emulator import Emulator

DOCS = Path(__file__).parents[2] / "docs"
FONTS = ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf", "NotoSansMono-Regular.ttf")
FONT_SIZE = 15
THEMES = ("hawkmoth", "paper", "ansi", "high-contrast")
SIZES = ((120, 40), (80, 24), (40, 12))
GAP = 16
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
}
"""The sixteen colours as xterm has them, by pyte's names."""


def welcome(terminal: Terminal) -> None:
    terminal.wait_for("SIMULATED", "ready")


def answer(terminal: Terminal) -> None:
    welcome(terminal)
    terminal.type("Write a function that reverses a linked list, and explain it.")
    terminal.key("enter")
    terminal.wait_until(
        lambda screen: "answering" not in screen and "ready" in screen and "narrower" in screen, "an answer"
    )


def palette(terminal: Terminal) -> None:
    welcome(terminal)
    terminal.key("f8")
    terminal.wait_for("Commands")


def models(terminal: Terminal) -> None:
    welcome(terminal)
    terminal.key("f2")
    terminal.wait_for("Model of this session")


SCENES: tuple[Callable[[Terminal], None], ...] = (welcome, answer, palette, models)


def main() -> None:
    """Paint everything. Names of scenes as arguments paint only those, beside the contact sheet."""
    with tempfile.TemporaryDirectory() as folder:
        shoot("hawkmoth", (120, 40), answer, Path(folder)).save(DOCS / "workstation.png", optimize=True)
        rows = [
            [shoot(theme, size, scene, Path(folder)) for size in SIZES for scene in (answer, palette)]
            for theme in THEMES
        ]
    sheet(rows).save(DOCS / "screens.png", optimize=True)


def shoot(theme: str, size: tuple[int, int], scene: Callable[[Terminal], None], home: Path) -> Image.Image:
    """One screen of the demo."""
    columns, rows = size
    env = {"HAWKMOTH_HOME": str(home / f"{theme}-{columns}"), "HOME": str(home)}
    with Terminal("demo", "--theme", theme, columns=columns, rows=rows, env=env) as terminal:
        scene(terminal)
        return painted(terminal.emulator, columns, rows)


def painted(emulator: Emulator, columns: int, rows: int) -> Image.Image:
    """The cells as a picture."""
    font = _font()
    width, height = round(font.getlength("M")), FONT_SIZE + 4
    picture = Image.new("RGB", (columns * width, rows * height), "#000000")
    pen = ImageDraw.Draw(picture)
    for y in range(rows):
        for x in range(columns):
            cell = emulator.screen.buffer[y][x]
            words, ground = _colours(cell)
            pen.rectangle((x * width, y * height, (x + 1) * width - 1, (y + 1) * height - 1), fill=ground)
            if cell.data.strip():
                pen.text((x * width, y * height), cell.data, font=font, fill=words)
    return picture


def sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """Every picture, a theme in a row, at half its size."""
    small = [
        [picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS) for picture in row]
        for row in rows
    ]
    width = max(sum(picture.width + GAP for picture in row) for row in small) + GAP
    height = sum(max(picture.height for picture in row) + GAP for row in small) + GAP
    whole = Image.new("RGB", (width, height), "#808080")
    top = GAP
    for row in small:
        left = GAP
        for picture in row:
            whole.paste(picture, (left, top))
            left += picture.width + GAP
        top += max(picture.height for picture in row) + GAP
    return whole.quantize(128)


def _colours(cell: Char) -> tuple[str, str]:
    words = "#" + NAMED.get(cell.fg, "e5e5e5" if cell.fg == "default" else cell.fg)
    ground = "#" + NAMED.get(cell.bg, "000000" if cell.bg == "default" else cell.bg)
    return (ground, words) if cell.reverse else (words, ground)


def _font() -> ImageFont.FreeTypeFont:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, FONT_SIZE)
        except OSError:
            continue
    sys.exit(f"none of these fonts is here: {', '.join(FONTS)}")


if __name__ == "__main__":
    main()
