"""Several sessions in a real terminal, and one session in two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.servers.held import Held
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def test_sessions_open_in_tabs_and_are_found_previewed_and_renamed(tmp_path: Path) -> None:
    held = Held(50, tmp_path / "held")
    with Terminal(program=held.program) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("Hello! What do moths eat? rate=0 tokens=40\r")
        terminal.wait_for("actual    $", "ready  auto · balanced  ctx", "What do moths eat?")
        terminal.key("ctrl+x", "n")
        terminal.wait_gone("Simulated answer")
        terminal.type("hawks tokens=200 rate=100\r")
        terminal.wait_for(" What do moths eat?", " hawks tokens=200", "answering")
        terminal.key("ctrl+pageup")
        terminal.wait_for("Hello! What do moths eat?", "● ", "+1 in background")
        held.let_go()
        terminal.wait_for("✓ ", "done in the background: hawks")

        terminal.key("f3")
        terminal.wait_for("Ctrl+T renames", "› ● What do moths eat?", "› Hello! What do moths eat?")
        terminal.type("moth")
        terminal.wait_for("1 of 2", "› ● What do moths eat?", "› Hello! What do moths eat?")
        terminal.key("ctrl+t")
        terminal.wait_for("Enter keeps this title")
        terminal.type(" At night\r")
        terminal.wait_for("Ctrl+T renames", "At night")
        terminal.key("enter")

        terminal.wait_gone("Ctrl+T renames")
        terminal.wait_for("At night")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_a_session_that_begins_with_a_file_is_called_by_it(tmp_path: Path) -> None:
    (tmp_path / "moths.csv").write_text("kind,seen\nhawkmoth,4\n")
    with Terminal("demo", cwd=tmp_path) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("/attach moths.csv\r")
        terminal.wait_for("moths.csv", "Ask anything")
        terminal.key("enter")
        terminal.wait_for("actual    $", "ready")
        terminal.key("f3")
        terminal.wait_for("● moths.csv")


def test_a_session_that_another_terminal_answers_is_shown_live_and_read_only() -> None:
    with Terminal("demo", columns=160, rows=30) as answering:
        answering.wait_for("SIMULATED", "ready")
        answering.type("tokens=3000 rate=40\r")
        answering.wait_for("answering")
        with Terminal("demo", "-c", columns=160, rows=30) as watching:
            watching.wait_for(f"process {answering.pid}", "read-only", "Simulated answer")
            watching.type("let me in\r")
            watching.wait_for("or /new", "let me in")

            answering.key("esc")
            answering.wait_for("stopped")

            watching.wait_for("you can go on", "stopped")
            watching.key("ctrl+q")
            assert watching.wait_exit() == 0
