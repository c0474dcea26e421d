"""Every widget class of ours, fed with every payload, in a real terminal: nothing hostile comes out, nothing breaks, nothing acts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal.driver import Terminal
from tests.ui.stage.conftest import CHECKOUT
from tests.ui.stage.payloads import MARKS, PAYLOADS, hostile_bytes
from tests.ui.stage.recipes import RECIPES, our_widgets

if TYPE_CHECKING:
    from pathlib import Path


def test_every_widget_of_ours_has_a_recipe() -> None:
    assert {name for name, kind in our_widgets().items() if kind not in RECIPES} == set()


@pytest.mark.parametrize("name", sorted(our_widgets()))
def test_nothing_hostile_leaves(name: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    program = (sys.executable, "-m", "tests.ui.stage.gallery", name, str(notes))
    with Terminal(columns=100, rows=30, program=program, cwd=CHECKOUT) as terminal:
        status = terminal.wait_exit()
        raw = terminal.raw
        title = terminal.emulator.title

    assert status == 0, notes.with_suffix(".log").read_text()[-3000:]
    noted = notes.read_text().splitlines()
    assert noted[-1] == "the end"
    assert {f"shown: {payload}" for payload in PAYLOADS} <= set(noted)
    assert [note for note in noted if not note.startswith(("shown: ", "the end"))] == []
    assert hostile_bytes(raw) == []
    assert not any(b"\x1b[" + mark in raw or b"\x1b]" + mark in raw for mark in MARKS)
    assert title == ""
