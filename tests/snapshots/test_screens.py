"""The screens look as they were last reviewed. When a change is meant: `python -m tests.snapshots`, and read the difference."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest

from tests.pictures.tours import TOURS, sitting
from tests.pictures.world import furnish
from tests.snapshots.taking import THEME, snapshot
from tests.snapshots.wanted import FOLDER, WANTED, stored

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal.driver import Terminal


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with conversations of three days."""
    home = tmp_path_factory.mktemp("furnished")
    home.chmod(0o700)
    furnish(home)
    return home


@pytest.mark.parametrize(("name", "size"), WANTED, ids=[f"{name}-{size[0]}x{size[1]}" for name, size in WANTED])
def test_every_screen_looks_as_it_was_reviewed(
    name: str, size: tuple[int, int], furnished: Path, tmp_path: Path
) -> None:
    scenes = WANTED[name, size]
    with sitting(name, furnished, tmp_path / "own", theme=THEME, size=size) as terminal:
        seen = []
        for scene in TOURS[name].tour(terminal):
            if scene in scenes:
                seen.append(scene)
                compare(terminal, stored(scene, size))
            if scene == scenes[-1]:
                break

    assert tuple(seen) == scenes


def compare(terminal: Terminal, file: Path) -> None:
    """Waits for the screen to be the stored one; shows what differs when it does not become it."""
    expected = file.read_text()
    try:
        terminal.wait_until(lambda _: snapshot(terminal.emulator) == expected, file.name)
    except AssertionError:
        found = snapshot(terminal.emulator)
        difference = difflib.unified_diff(
            expected.splitlines(), found.splitlines(), "reviewed", "now", lineterm="", n=1
        )
        pytest.fail(f"{file.name} is not what was reviewed:\n" + "\n".join(difference), pytrace=False)


def test_no_snapshot_is_left_over() -> None:
    assert sorted(file.name for file in FOLDER.glob("*.txt")) == sorted(
        stored(scene, size).name for (_, size), scenes in WANTED.items() for scene in scenes
    )
