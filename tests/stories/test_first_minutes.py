"""The first five minutes without a key: each of the three ways that the first screen names leads to an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.servers.locked import LockedServer
from tests.servers.ollama import OllamaServer
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

KEY = "moth-key-0123456789abcdef"
CONFIG = """
[providers.lab]
protocol = "openai-chat"
base_url = "{url}/v1"
api_key = "env:LAB_API_KEY"
"""


def ask(terminal: Terminal, prompt: str, *expected: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.key("enter")
    terminal.wait_for(*expected)


def sessions() -> list[object]:
    """The saved sessions of the real store."""
    command = (sys.executable, "-m", "hawkmoth_tui", "sessions", "list", "--json")
    listed = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert isinstance(listed, list)
    return listed


def test_a_pasted_key_gives_its_models_at_once_and_is_gone_afterwards(home: Path) -> None:
    with LockedServer(KEY, ("moth-small", "moth-large"), "from the lab") as server:
        (home / "config.toml").write_text(CONFIG.format(url=server.url))
        with Terminal() as terminal:
            terminal.wait_for("No model can be reached yet", "Ctrl+X k")
            terminal.key("ctrl+x", "k")
            terminal.wait_for("A key for", "lab")
            terminal.type("lab\r")
            terminal.wait_for("Key for lab", "It is used for this run")
            terminal.paste(f"wrong-{KEY}")
            terminal.key("enter")
            terminal.wait_for("✗ lab refused it (Incorrect API key provided", "asks again")

            terminal.type("/keys set lab\r")
            terminal.wait_for("Key for lab")
            terminal.paste(f"{KEY}\n")
            terminal.key("enter")
            terminal.wait_for("lab has 2 models for this key", "Ready: lab")
            terminal.key("f2")
            terminal.wait_for("Enter pins", "lab/moth-large")
            terminal.type("large\r")
            terminal.wait_for("pinned: lab/moth-large")
            ask(terminal, "who are you?", "from the lab", "ready")
            terminal.type("/keys\r")
            terminal.wait_for("lab: typed in, for this run")
            terminal.key("ctrl+q")
            assert terminal.wait_exit() == 0
            assert KEY.encode() not in terminal.raw

        assert not [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
        with Terminal(columns=80, rows=24) as terminal:
            terminal.wait_for("no model", "Ctrl+X k")


def test_a_server_that_is_started_now_is_found_by_its_key() -> None:
    with OllamaServer() as ollama:
        pass
    with Terminal(env={"OLLAMA_HOST": ollama.address}, columns=80, rows=24) as terminal:
        terminal.wait_for("ollama serve", "F2", "lists the models that a server here offers")
        with OllamaServer("Here I am.", ollama.port):
            terminal.key("f2")
            terminal.wait_for("ollama/qwen3:8b", "Enter pins")
            terminal.type("ollama\r")
            terminal.wait_for("pinned: ollama/qwen3:8b")
            ask(terminal, "is anybody there?", "Here I am.")


def test_the_demo_takes_over_this_window_and_leaves_the_real_store_alone() -> None:
    with Terminal(columns=80, rows=24) as terminal:
        terminal.wait_for("No model can be reached yet", "Ctrl+X h")
        terminal.type("half a thought")
        terminal.wait_for("half a thought")
        terminal.key("ctrl+x", "h")
        screen = terminal.wait_for("SIMULATED", "Everything here is simulated", "ready")
        assert "half a thought" not in screen
        assert {"1049", "2004"} <= terminal.modes
        ask(terminal, "hello tokens=20 rate=0", "Simulated answer", "demo/")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0
        assert not {"1049", "2004"} & terminal.modes

    assert sessions() == []
    with Terminal(columns=80, rows=24) as terminal:
        terminal.wait_for("half a thought")
