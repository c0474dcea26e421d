"""Runs the tours: each in a home of its own, in a terminal of some size and theme."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tests.pictures import scenes
from tests.pictures.world import spend
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.pictures.scenes import Tour

PROGRAM = (sys.executable, "-m", "tests.pictures.world")
QUIET_S = 0.3
SIZES = ((200, 60), (120, 40), (80, 24), (40, 12))
THEMES = ("hawkmoth", "paper", "ansi", "high-contrast")


class Stop(NamedTuple):
    """One run of the program and how it is started."""

    tour: Tour
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None] = lambda _: None
    """What its home has beside what every furnished one has."""


CONTINUED, DEMO = ("demo", "-c"), ("demo",)
TOURS = {
    "conversation": Stop(scenes.conversation, CONTINUED),
    "writing": Stop(scenes.writing, CONTINUED),
    "reading": Stop(scenes.reading, CONTINUED),
    "trouble": Stop(scenes.trouble, CONTINUED),
    "dashboard": Stop(scenes.dashboard, CONTINUED, spend),
    "keyless": Stop(scenes.keyless, ()),
    "tiny": Stop(scenes.tiny, DEMO),
}


@contextmanager
def sitting(name: str, furnished: Path, home: Path, *, theme: str, size: tuple[int, int]) -> Iterator[Terminal]:
    """The program of one tour in `home`, which becomes a copy of `furnished`."""
    shutil.copytree(furnished, home)
    TOURS[name].prepare(home)
    folder = home / "field notes"
    folder.mkdir()
    (folder / "moths.csv").write_text("name,count\nhawk,3\n")
    (folder / "more.md").write_text("more\n")
    keys = {name: "" for name in os.environ if name.endswith("_KEY")}
    env = {**keys, "HAWKMOTH_HOME": str(home), "HOME": str(home), "TZ": "UTC", "NO_COLOR": "", "SSH_CONNECTION": ""}
    arguments = (*TOURS[name].arguments, "--theme", theme)
    columns, rows = size
    with Terminal(*arguments, columns=columns, rows=rows, env=env, program=PROGRAM, cwd=folder) as terminal:
        yield terminal


def settle(terminal: Terminal) -> None:
    """Waits until nothing more is written; for those who look, not for tests."""
    length = -1
    while length != len(terminal.raw):
        length = len(terminal.raw)
        time.sleep(QUIET_S)
