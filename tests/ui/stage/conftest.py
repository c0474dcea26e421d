"""A victim in a terminal of its own."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.patience import PATIENCE_S
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

CHECKOUT = Path(__file__).parents[3]

SHELL_MODES = frozenset({"7"})
"""Modes a shell expects to find on, at most."""


class Stage:
    """A running victim, its terminal and what it noted."""

    def __init__(self, terminal: Terminal, notes: Path) -> None:
        self.terminal = terminal
        self._notes = notes

    @property
    def notes(self) -> list[str]:
        """What the victim says happened to it."""
        return self._notes.read_text().splitlines() if self._notes.exists() else []

    @property
    def log(self) -> str:
        """The victim's log."""
        return self._notes.with_suffix(".log").read_text()

    def wait_for_note(self, words: str) -> None:
        """Waits until the victim noted these words; nothing need be painted for that."""
        self._wait(lambda: words in self.notes, f"the note {words!r}")

    def wait_for_log(self, words: str) -> None:
        """Waits until the log has these words."""
        self._wait(lambda: words in self.log, f"{words!r} in the log")

    def _wait(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < deadline, f"expected {what}; noted: {self.notes}"
            time.sleep(0.02)

    def ready(self) -> Stage:
        """Waits until the victim takes keys."""
        self.terminal.wait_for("ready when you are")
        return self


@pytest.fixture
def victim(tmp_path: Path) -> Callable[..., AbstractContextManager[Stage]]:
    """Starts `tests.ui.stage.victim` in some manner."""

    @contextmanager
    def start(manner: str, *, columns: int = 80, rows: int = 24, shell: str = "") -> Iterator[Stage]:
        notes = tmp_path / "notes"
        program: tuple[str, ...] = (sys.executable, "-m", "tests.ui.stage.victim", manner, str(notes))
        if shell:
            program = ("/bin/sh", "-c", shell, *program)
        with Terminal(columns=columns, rows=rows, program=program, cwd=CHECKOUT) as terminal:
            yield Stage(terminal, notes)

    return start
