"""Several sessions in a real terminal, and one session in two of them."""

from __future__ import annotations

from tests.terminal.driver import Terminal


def test_sessions_open_in_tabs_and_are_found_and_renamed() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("moths rate=0\r")
        terminal.wait_for("actual    $", "ready")
        terminal.key("ctrl+x", "n")
        terminal.wait_gone("Simulated answer")
        terminal.type("hawks rate=0\r")
        terminal.wait_for(" moths rate=0", " hawks rate=0", "actual    $", "ready")

        terminal.key("f3")
        terminal.wait_for("Ctrl+T renames", "hawks rate=0")
        terminal.type("moth")
        terminal.wait_for("1 of 2", "› moths rate=0")
        terminal.key("ctrl+t")
        terminal.wait_for("Enter keeps this title")
        terminal.type(" at night\r")
        terminal.wait_for("Ctrl+T renames", "at night")
        terminal.key("enter")

        terminal.wait_gone("Ctrl+T renames")
        terminal.wait_for("at night")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


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
