"""`python -m tests.snapshots` writes every snapshot anew; look at what `git diff` then shows before you keep it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.pictures.tours import TOURS, settle, sitting
from tests.pictures.world import furnish
from tests.snapshots.taking import THEME, snapshot
from tests.snapshots.wanted import FOLDER, WANTED, stored


def main() -> None:
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "furnished"
        home.mkdir(mode=0o700)
        furnish(home)
        for (name, size), scenes in WANTED.items():
            own = Path(folder) / f"{name}-{size[0]}"
            with sitting(name, home, own, theme=THEME, size=size) as terminal:
                for scene in TOURS[name].tour(terminal):
                    if scene in scenes:
                        settle(terminal)
                        stored(scene, size).write_text(snapshot(terminal.emulator))
                    if scene == scenes[-1]:
                        break


if __name__ == "__main__":
    main()
