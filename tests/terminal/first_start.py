"""The README's start command as a newcomer runs it: `python -m tests.terminal.first_start FOLDER COMMAND`.

FOLDER is a fresh copy of the project. The command installs Hawkmoth there and opens the workstation, without a key and without a model
server; its first screen must say what to do, and Ctrl+Q must end it cleanly. Run by `.ci/run`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.terminal.driver import Terminal

INSTALLING_S = 420.0


def start(folder: Path, command: str) -> None:
    """Raises AssertionError when the first screen does not come up or does not go down as it should."""
    keys = {name: "" for name in os.environ if name.endswith("_KEY")}
    env = {**keys, "PYTHONPATH": "", "PIP_QUIET": "1"}
    with Terminal(program=("bash", "-euo", "pipefail", "-c", command), cwd=folder, env=env) as terminal:
        print(terminal.wait_for("hawkmoth demo", timeout_s=INSTALLING_S))
        terminal.key("ctrl+q")
        status = terminal.wait_exit()
        assert status == 0, f"the workstation ended with status {status}:\n{terminal.screen_text()}"
        assert "1049" not in terminal.modes, "the terminal was left on the alternate screen"


if __name__ == "__main__":
    start(Path(sys.argv[1]), sys.argv[2])
