"""Changing the model in a real terminal, as xterm, tmux and screen send the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ["lane", "in", "out", "window", "tok/s", "health", "last used", "uses"]
SLOTS = '[routing]\nslots = ["demo/deep", "demo/swift"]\n'


def test_a_model_is_picked_for_the_session_and_another_for_one_turn() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.key("f2")
        terminal.wait_for("demo/deep", "window", "Enter pins")
        terminal.type("swft")
        terminal.wait_gone("demo/steady")
        terminal.key("enter")
        terminal.wait_for("pinned: demo/swift")
        terminal.key("f2")
        terminal.wait_for("Enter pins")
        terminal.type("deep")
        terminal.key("alt+enter")
        terminal.wait_for("one turn: demo/deep")

        terminal.type("hello tokens=20 rate=0")
        terminal.key("enter")

        terminal.wait_for("pinned: demo/swift", "pinned by you", "ctx ", "ready")
        terminal.key("f2")
        screen = terminal.wait_for("Enter pins", "last used")
        lines = screen.splitlines()
        assert any(all(name in line for name in COLUMNS) for line in lines)
        assert any("demo/deep" in line and "premium" in line and " 1 │" in line for line in lines), "uses of demo/deep"
        terminal.key("ctrl+t")
        terminal.wait_for("Model of this session · effort low")
        terminal.key("f1")
        terminal.wait_for("Keys here", "take the model for the next turn only")
        terminal.key("esc")
        terminal.wait_gone("Keys here")
        terminal.key("f2")
        terminal.wait_gone("Enter pins")
        terminal.key("ctrl+x", "m")
        terminal.wait_for("pinned: demo/deep")
        terminal.key("ctrl+x", "m")
        terminal.wait_for("auto · balanced")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_alt_with_a_digit_takes_a_slot_and_types_nothing(home: Path) -> None:
    (home / "config.toml").write_text(SLOTS)
    with Terminal("demo", columns=80, rows=24) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        assert {"1036", "1039"} <= terminal.modes, "a bare xterm was not asked to send Alt as Escape"
        terminal.key("alt+1")
        terminal.wait_for("pinned: demo/deep")
        terminal.key("ctrl+x", "2")
        terminal.wait_for("pinned: demo/swift")
        assert "¡" not in terminal.screen_text()
        terminal.key("ctrl+x", "e")
        terminal.wait_for("effort low")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.modes.isdisjoint({"1036", "1039"})


def test_a_change_of_model_says_what_must_be_read_again() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("/once demo/swift\r")
        terminal.wait_for("one turn: demo/swift")
        terminal.type("word " * 300 + "tokens=1000 rate=0\r")
        terminal.wait_for("ctx ", "ready")
        terminal.type("/model demo/deep\r")
        terminal.wait_for("pinned to demo/deep; it re-reads ~", "~$0.0")


def test_a_window_that_fills_up_is_told_at_60_80_and_90_per_cent() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("/model demo/swift\r")
        terminal.wait_for("pinned: demo/swift")
        for words, asked, share in (
            (16_500, "tokens=5", "63% !"),
            (5_000, "tokens=5", "82% !!"),
            (0, "tokens=3200", "9"),
        ):
            if words:
                terminal.paste("word " * words)
                terminal.wait_for("pasted text")
            terminal.type(f"{asked} rate=0\r")
            terminal.wait_for("the window of demo/swift is", "full: ", f"/33k {share}", "ready")
        terminal.wait_for("% !!!", "the oldest turns")

        terminal.type("and now tokens=5 rate=0\r")
        terminal.wait_gone("full: ")
