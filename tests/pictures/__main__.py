"""Paints the workstation from the running program.

`python -m tests.pictures` makes the pictures of the docs. `python -m tests.pictures FOLDER` paints every screen in every theme and size
into a folder, and with names of tours, themes or sizes (`reading paper 80x24`) only those.

Needs a monospaced font (DejaVu Sans Mono); nothing else of the project does.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.pictures.painting import above, painted, sheet
from tests.pictures.tours import SIZES, THEMES, TOURS, settle, sitting
from tests.pictures.world import furnish
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

DOCS = Path(__file__).parents[2] / "docs"
SHOWN = (
    ((120, 40), ("conversation", "models", "palette")),
    ((80, 24), ("conversation", "sessions", "why")),
    ((40, 12), ("conversation", "help", "cost")),
)
"""What the contact sheet shows of each theme."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "furnished"
        home.mkdir(mode=0o700)
        furnish(home)
        if len(sys.argv) > 1:
            paint_all(home, Path(sys.argv[1]), set(sys.argv[2:]))
        else:
            paint_docs(home)


def paint_docs(home: Path) -> None:
    """The picture of the README, the dashboard, and one sheet of the themes and sizes."""
    answered(home.parent / "answered").save(DOCS / "workstation.png", optimize=True)
    paint_dashboard(home)
    rows = []
    for theme in THEMES:
        large, middle, small = (
            [pictures[name] for name in names]
            for size, names in SHOWN
            for pictures in [dict(views("conversation", home, theme, size))]
        )
        rows.append([*large, *map(above, middle, small)])
    sheet(rows).quantize(255, kmeans=1).save(DOCS / "screens.png", optimize=True)


def paint_dashboard(home: Path) -> None:
    """What every day has saved."""
    pages = dict(views("dashboard", home, THEMES[0], (100, 30)))
    pages["saved"].quantize(255, kmeans=1).save(DOCS / "dashboard.png", optimize=True)


def paint_all(home: Path, folder: Path, wanted: set[str]) -> None:
    """Every screen as a file; what fails is told and does not end the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for size in SIZES:
            for name in TOURS:
                facts = (theme, f"{size[0]}x{size[1]}", name)
                if any(wanted & set(group) and fact not in wanted for fact, group in zip(facts, _GROUPS, strict=True)):
                    continue
                try:
                    for scene, picture in views(name, home, theme, size):
                        picture.save(folder / f"{scene}-{theme}-{size[0]}x{size[1]}.png")
                except AssertionError as error:
                    print(*facts, error, file=sys.stderr)


_GROUPS = (THEMES, tuple(f"{columns}x{rows}" for columns, rows in SIZES), tuple(TOURS))


def views(name: str, home: Path, theme: str, size: tuple[int, int]) -> Iterator[tuple[str, Image.Image]]:
    """Name and picture of each screen of a tour."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sitting(name, home, Path(folder) / "home", theme=theme, size=size) as terminal,
    ):
        for scene in TOURS[name].tour(terminal):
            settle(terminal)
            yield scene, painted(terminal.emulator)


def answered(home: Path) -> Image.Image:
    """The demo after its first answer, at the pace of its models."""
    with Terminal("demo", env={"HAWKMOTH_HOME": str(home), "HOME": str(home.parent)}) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("Write a function that reverses a linked list, and explain it.")
        terminal.key("enter")
        terminal.wait_for("tok/s", "narrower", "ready")
        settle(terminal)
        return painted(terminal.emulator)


if __name__ == "__main__":
    main()
