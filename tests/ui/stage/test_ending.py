"""The workstation itself, in mid-answer, when its terminal or the system takes it away: nothing that arrived is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench.prose import Shape
from tests.bench.server import MODEL, Wish
from tests.bench.subjects import CONFIG, Bench
from tests.terminal.driver import Terminal
from tests.ui.stage.conftest import CHECKOUT, SHELL_MODES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE = 50
"""Tokens a second."""


class Desk:
    """A home, a server that answers slowly, and the command line to look at what was kept."""

    def __init__(self, home: Path, bench: Bench) -> None:
        self._home = home
        self._bench = bench
        self.env = {"HAWKMOTH_HOME": str(home), "BENCH_KEY": "sk-bench", "PYTHONPATH": str(CHECKOUT)}

    def configure(self, extra: str = "") -> None:
        (self._home / "config.toml").write_text(CONFIG.format(url=self._bench.url, model=MODEL) + extra)

    def open(self) -> Terminal:
        return Terminal("--model", f"bench/{MODEL}", env=self.env, cwd=CHECKOUT)

    def kept(self) -> tuple[str, str]:
        """State and text of the only turn in the store."""
        sessions = json.loads(self._run("sessions", "list", "--json"))
        shown = json.loads(self._run("sessions", "show", sessions[0]["id"], "--json"))
        (turn,) = shown["turns"]
        return turn["state"], turn["text"]

    def _run(self, *arguments: str) -> str:
        program = [sys.executable, "-m", "hawkmoth_tui", *arguments]
        return subprocess.run(
            program, env={**os.environ, **self.env}, capture_output=True, text=True, check=True
        ).stdout


@pytest.fixture
def desk(home: Path, tmp_path: Path) -> Iterator[Desk]:
    with Bench(tmp_path / "bench") as bench:
        yield Desk(home, bench)


def ask(terminal: Terminal, tokens: int) -> None:
    """Asks for so many tokens and waits for the first."""
    terminal.wait_for("Ready")
    terminal.type(str(Wish(tokens, RATE, Shape.MIXED, "a")))
    terminal.key("enter")
    terminal.wait_for("FIRST-a")


def test_a_dropped_line_does_not_cost_the_answer(desk: Desk) -> None:
    desk.configure()
    with desk.open() as terminal:
        ask(terminal, tokens=2 * RATE)
        terminal.hang_up()

        assert terminal.wait_exit() == 129
    state, text = desk.kept()
    assert state == "done"
    assert text.endswith("LAST-a")


def test_without_grace_a_dropped_line_keeps_what_arrived_and_ends(desk: Desk) -> None:
    desk.configure("\n[session]\nfinish_after_hangup_s = 0\n")
    with desk.open() as terminal:
        ask(terminal, tokens=600 * RATE)
        terminal.hang_up()

        assert terminal.wait_exit() == 129
    state, text = desk.kept()
    assert state == "cancelled"
    assert text.startswith("FIRST-a")


def test_termination_keeps_what_arrived_and_gives_the_terminal_back(desk: Desk) -> None:
    desk.configure()
    with desk.open() as terminal:
        ask(terminal, tokens=600 * RATE)
        terminal.send_signal(signal.SIGTERM)

        assert terminal.wait_exit() == 143
        assert terminal.modes <= SHELL_MODES | {"25"}
    state, text = desk.kept()
    assert state == "cancelled"
    assert text.startswith("FIRST-a")
