"""Over a line of 2 Mbit/s and 200 ms: few bytes, keys shown while an answer streams, and a screen that is what it should be."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.servers.held import ALL, Held
from tests.terminal.driver import PROJECT, Terminal

BITS_PER_S, ROUND_TRIP_S = 2_000_000, 0.2
TOKENS = 400
LAYOUT_BYTES = 8_000
"""What it takes beside the text to lay out a first turn with its panes."""


def on_the_line(held: Held, *arguments: str, env: dict[str, str] | None = None) -> Terminal:
    hawkmoth = (*held.program, *arguments)
    program = (sys.executable, "-m", "tests.terminal.line", str(BITS_PER_S), str(ROUND_TRIP_S), *hawkmoth)
    return Terminal(program=program, env=env, cwd=Path(PROJECT))


def is_right(terminal: Terminal) -> bool:
    """Whether painting everything anew changes nothing; something may just have changed by itself."""
    begin, shown = len(terminal.raw), terminal.wait_for("ready")
    terminal.key("ctrl+l")
    terminal.wait_raw(b"\x1b[r", start=begin)
    return terminal.wait_for("ready") == shown


@pytest.mark.parametrize(("profile", "bytes_per_token"), [("full", 75), ("ssh", 30)])
def test_an_answer_takes_few_bytes_and_keys_come_through(profile: str, bytes_per_token: int, tmp_path: Path) -> None:
    held = Held(TOKENS // 2, tmp_path / "held")
    with on_the_line(held, "--profile", profile) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        first = len(terminal.raw)
        terminal.type(f"tokens={TOKENS} rate=150")
        terminal.wait_for(f"tokens={TOKENS} rate=150")
        before = len(terminal.raw)
        terminal.key("enter")
        terminal.wait_for("answering")
        terminal.type("typed meanwhile")
        assert "answering" in terminal.wait_for("typed meanwhile")
        held.let_go()
        terminal.wait_gone("answering")
        terminal.wait_for("ready")
        used = len(terminal.raw) - before
        assert any(is_right(terminal) for _ in range(5))
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    assert first < 14_000
    assert used < LAYOUT_BYTES + TOKENS * bytes_per_token


def test_an_ssh_connection_is_noticed(tmp_path: Path) -> None:
    with on_the_line(Held(ALL, tmp_path / "held"), env={"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        raw = terminal.raw

    assert b"38;5;" in raw
    assert not re.search(rb"[34]8;2;", raw)
