"""Work over ssh, in tmux and without: keys, sizes, the clipboard, a line that breaks in the middle of an answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.engine.absence import SCOPE
from tests.patience import PATIENCE_S
from tests.servers.held import Held
from tests.terminal.driver import Terminal
from tests.terminal.ssh import Gate, NoGate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HANDED_ON = ("HOME", "HAWKMOTH_HOME", "PYTHONPATH", "PYTHON_KEYRING_BACKEND", "TMPDIR")


@pytest.fixture
def gate() -> Iterator[Gate]:
    """An sshd of this test's own."""
    try:
        with Gate() as opened:
            yield opened
    except NoGate as reason:
        pytest.skip(str(reason))


def login(gate: Gate, *command: str, columns: int = 120, rows: int = 40) -> Terminal:
    env = {name: os.environ[name] for name in HANDED_ON} | {"LANG": "C.UTF-8"}
    return Terminal(program=gate.login(command, env), columns=columns, rows=rows)


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.key("enter")


def test_a_session_in_tmux_outlives_the_line_and_every_key_arrives(gate: Gate, home: Path) -> None:
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed")
    (home / "config.toml").write_text('[routing]\nslots = ["demo/deep"]\n')
    (gate.folder / "tmux.conf").write_text("set -g set-clipboard on\nset -sg escape-time 10\n")
    server = (tmux, "-S", str(gate.folder / "tmux"), "-f", str(gate.folder / "tmux.conf"))
    held = Held(20, gate.folder / "held")
    try:
        with login(gate, *server, "new-session", *held.program) as far:
            far.wait_for("SIMULATED", "ready", "Routing", "F8 commands")
            far.key("alt+1")
            far.wait_for("pinned: demo/deep")
            far.key("f2")
            far.wait_for("Enter pins")
            far.key("esc", "esc", "esc")
            far.wait_gone("Enter pins")
            far.type("/model auto\r")
            far.wait_for("the router chooses the model")
            far.type("two lines")
            far.key("alt+enter")
            far.type("tokens=120 rate=90")
            far.wait_for("▌ two lines", "▌ tokens=120 rate=90")
            far.key("enter")
            far.wait_for("answering", "Simulated answer")
            far.hang_up()

        with login(gate, *server, "attach", columns=80, rows=24) as near:
            near.wait_for("Simulated answer", "answering")
            held.let_go()
            near.wait_for("Simulated answer", "F4", "ready", "ctx ")
            assert "│ Routing" not in near.screen_text()
            near.key("ctrl+x", "y")
            near.wait_for("through tmux")
            near.wait_raw(b"\x1b]52;")
            near.resize(120, 40)
            near.wait_for("│ Routing", "actual    $")
            near.key("ctrl+q")
            assert near.wait_exit() == 0
            assert "1049" not in near.modes
    finally:
        subprocess.run([*server, "kill-server"], capture_output=True, check=False)


def wait_until_it_is_noted_that_nobody_looks(home: Path) -> None:
    """The workstation has noticed that its line is gone."""
    deadline = time.monotonic() + PATIENCE_S
    with closing(apsw.Connection(str(home / "cache" / "demo.db"), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        while not list(connection.execute("SELECT text FROM draft WHERE scope = ?", (SCOPE,))):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_an_answer_goes_on_without_the_line_and_the_next_start_says_so(gate: Gate, home: Path) -> None:
    flock = shutil.which("flock")
    if flock is None:
        pytest.skip("flock is not installed")
    held = Held(20, gate.folder / "held")
    one_at_a_time = (flock, "--no-fork", str(gate.folder / "lock"), *held.program)

    with login(gate, *one_at_a_time, columns=80, rows=24) as far:
        far.wait_for("SIMULATED", "ready")
        ask(far, "count the moths tokens=40 rate=90")
        far.wait_for("answering", "Simulated answer")
        assert re.search(rb"\x1b\[[0-9;]*38;5;", far.raw)
        assert not re.search(rb"\x1b\[[0-9;]*38;2;", far.raw)
        far.hang_up()
        wait_until_it_is_noted_that_nobody_looks(home)
        held.let_go()

    with login(gate, *one_at_a_time, "-c", columns=80, rows=24) as near:
        near.wait_for("count the moths", "the last answer here finished while you were away")
        near.key("ctrl+q")
        assert near.wait_exit() == 0
