"""What happens to a conversation on a bad line: keys in bursts, a killed program, a stop from the shell."""

from __future__ import annotations

import signal

from tests.terminal.driver import Terminal


def test_typing_after_tab_and_alt_enter_all_arrive_in_the_composer() -> None:
    with Terminal("demo", columns=80, rows=24) as terminal:
        terminal.wait_for("SIMULATED")
        terminal.type("hello tokens=5 rate=0")
        terminal.wait_for("hello tokens=5 rate=0")
        terminal.key("enter")
        terminal.wait_for("demo/swift", "ready")
        terminal.key("tab")
        terminal.type("typed at once, after a Tab")
        terminal.key("alt+enter")
        terminal.type("second line")
        screen = terminal.wait_for("typed at once, after a Tab", "second line")

        rows = [row for row in screen.splitlines() if row.startswith("▌")]
        assert [row[1:].strip() for row in rows] == ["typed at once, after a Tab", "second line"]


def test_a_killed_program_loses_nothing_and_says_what_was_cut() -> None:
    with Terminal("demo", columns=80, rows=24) as terminal:
        terminal.wait_for("SIMULATED")
        terminal.type("tokens=2000 rate=40")
        terminal.wait_for("tokens=2000 rate=40")
        terminal.key("enter")
        terminal.wait_until(lambda seen: "tok/s" in seen and "answering" in seen, "an answer")
        terminal.send_signal(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL

    with Terminal("demo", "-c", columns=80, rows=24) as terminal:
        screen = terminal.wait_for("interrupted", "Ctrl+X c continue", "1 answer was cut off")
        assert "Simulated answer" in screen
        assert "≥ $0.00 + 1 unknown" in screen
        terminal.key("ctrl+x")
        terminal.wait_for("c continue", "n new")
        terminal.key("c")
        terminal.wait_for("continued", "ready")
