"""Terminals that come and go in the middle of an answer: not one token is missing in what is kept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.providers.demo_answers import answer, of_length
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.conftest import IS_FULL
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

TIMES, TOKENS = (100, 6000) if IS_FULL else (5, 120)
ATTACH = ("/bin/sh", "-c", 'exec "$0" "$@" attach <>"$(tty)"')
"""tmux reads and writes through its standard input."""
SIZES = ((80, 24), (120, 40), (41, 13), (200, 50))


def assert_nothing_is_missing(home: Path, prompt: str, tokens: int) -> None:
    """In the last turn of the demo's store."""
    store = Store.open(home / "cache" / "demo.db", owner=this_process(), clock_ms=lambda: 0)
    session = store.latest_session()
    assert session is not None
    (turn,) = store.branch(session.id)
    store.close()
    assert turn.model is not None
    assert (turn.state, turn.prompt.text) == (TurnState.DONE, prompt)
    assert turn.text == "".join(of_length(answer(prompt, turn.model.id), tokens))


def test_attaching_and_detaching_in_mid_stream_costs_no_token(home: Path, tmp_path: Path) -> None:
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed")
    prompt = f"count the moths tokens={TOKENS} rate=50"
    server = (tmux, "-S", str(tmp_path / "tmux"), "-f", "/dev/null")
    subprocess.run(
        [*server, "new-session", "-d", sys.executable, "-m", "hawkmoth_tui", "demo"],
        env={**os.environ, "LANG": "C.UTF-8"},
        check=True,
    )
    try:
        with Terminal(program=(*ATTACH, *server)) as terminal:
            terminal.wait_for("SIMULATED", "ready")
            terminal.type(f"{prompt}\r")
            terminal.wait_for("answering", "Simulated answer")
        for number in range(TIMES):
            columns, rows = SIZES[number % len(SIZES)]
            with Terminal(program=(*ATTACH, *server), columns=columns, rows=rows) as terminal:
                terminal.wait_until(lambda seen: "answering" in seen or "ready" in seen, "the status line")
                subprocess.run([*server, "detach-client"], check=True)
                assert terminal.wait_exit() == 0
        with Terminal(program=(*ATTACH, *server), columns=120) as terminal:
            terminal.wait_until(lambda seen: "○ ready" in seen, "the end of the answer", timeout_s=300)
            terminal.key("ctrl+q")
            terminal.wait_exit()
    finally:
        subprocess.run([*server, "kill-server"], capture_output=True, check=False)
    assert_nothing_is_missing(home, prompt, TOKENS)


def test_a_storm_of_sizes_and_a_stop_in_mid_stream_cost_no_token(home: Path) -> None:
    prompt = "count the bees tokens=100 rate=50"
    with Terminal("demo", columns=80, rows=24) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type(f"{prompt}\r")
        terminal.wait_for("answering", "Simulated answer")
        terminal.send_signal(signal.SIGTSTP)
        os.waitid(os.P_PID, terminal.pid, os.WSTOPPED | os.WNOWAIT)
        terminal.send_signal(signal.SIGCONT)
        for step in range(200):
            terminal.resize(20 + 7 * step % 150, 5 + 3 * step % 50)
        terminal.resize(100, 30)
        terminal.wait_for("○ ready", "tok/s", "actual")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0
        assert "1049" not in terminal.modes
    assert_nothing_is_missing(home, prompt, 100)
