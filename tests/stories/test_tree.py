"""Versions of a turn in a real terminal: every one is kept, shown by one key, and the last step is taken back."""

from __future__ import annotations

from tests.terminal.driver import Terminal


def test_versions_are_kept_shown_and_undone() -> None:
    with Terminal("demo", columns=110, rows=40) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("first question rate=0 tokens=20\r")
        terminal.wait_for("actual    $", "ready  auto")
        terminal.type("second question rate=0 tokens=20\r")
        terminal.wait_for("▌ second question", "ready  auto")

        terminal.key("ctrl+x", "d")
        terminal.wait_for("another version of this turn")
        terminal.type(" changed\r")
        terminal.wait_for("tokens=20 changed", "edited", "2/2 · demo/", "ready  auto")
        terminal.key("ctrl+x", ",")
        terminal.wait_for("version 1/2", "1/2 · demo/")
        terminal.wait_gone("changed")
        terminal.key("ctrl+x", "u")
        terminal.wait_for("undone: moving to another version", "tokens=20 changed", "2/2 · demo/")

        terminal.key("ctrl+x", "v")
        terminal.wait_for("Reading")
        terminal.key("K", "K", "r")
        terminal.wait_for("asked again", "2/2 · demo/", "ready  auto")
        terminal.wait_gone("second question")
        terminal.key("K", "K", "h")
        terminal.wait_for("version 1/2, and the turn after it", "1/2 · demo/", "tokens=20 changed")
        terminal.key("l")
        terminal.wait_for("version 2/2")
        terminal.wait_gone("second question")
        terminal.key("esc")
        terminal.wait_gone("Reading")
        terminal.type("/undo\r")
        terminal.wait_for("undone: moving", "tokens=20 changed")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    with Terminal("demo", "-c", columns=110, rows=40) as terminal:
        terminal.wait_for("tokens=20 changed", "2/2 · demo/", "1/2 · demo/")
        terminal.type("/undo\r")
        terminal.wait_for("done again: moving")
        terminal.wait_gone("second question")
