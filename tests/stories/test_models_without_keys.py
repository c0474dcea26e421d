"""No key anywhere: a server on this machine is found and answers for nothing, and what needs no model gets none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.servers.ollama import OllamaServer
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def ask(terminal: Terminal, prompt: str, *expected: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.key("enter")
    terminal.wait_for(*expected)


def run(address: str, *arguments: str) -> str:
    """The command line beside the same server; what it printed."""
    done = subprocess.run(
        (sys.executable, "-m", "hawkmoth_tui", *arguments),
        env={**os.environ, "OLLAMA_HOST": address},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_a_server_here_is_found_and_answers_for_nothing_and_sums_need_no_model() -> None:
    with OllamaServer() as ollama, Terminal(env={"OLLAMA_HOST": ollama.address}) as terminal:
        terminal.wait_for("Ready: ollama")

        ask(
            terminal,
            "tell me about hawkmoths",
            "Hawkmoths hover like hummingbirds.",
            "ollama/qwen3:8b",
            "$0.00",
            "ready",
        )
        assert [chat["model"] for chat in ollama.chats] == ["qwen3:8b"]
        assert ollama.chats[0]["options"] == {"num_ctx": 16_384}

        ask(terminal, "what is 17 * 23?", "391", "local/facts")
        ask(terminal, "what day of the week was 1969-07-20?", "Sunday")
        assert len(ollama.chats) == 1

        ollama.says = "That was a trap."
        ask(terminal, "what is 2+2 in binary search", "That was a trap.")
        ollama.says = "And so was this."
        ask(terminal, "how much is too much?", "And so was this.")
        assert len(ollama.chats) == 3

        terminal.type("/policy private\r")
        terminal.wait_for("private")
        ollama.says = "Nobody else heard this."
        ask(terminal, "keep this between us", "Nobody else heard this.")
        assert {chat["model"] for chat in ollama.chats} == {"qwen3:8b"}

        terminal.key("f2")
        terminal.wait_for("ollama/qwen3:8b", "free", "gpt-oss:120b-cloud", "Enter pins")
        terminal.key("esc", "ctrl+q")
        assert terminal.wait_exit() == 0


def test_a_server_that_is_started_later_is_used_by_the_next_prompt() -> None:
    with OllamaServer() as ollama:
        pass
    with Terminal(env={"OLLAMA_HOST": ollama.address}, columns=80, rows=24) as terminal:
        terminal.wait_for("No model can be reached yet")
        ask(terminal, "what is 2 + 2?", "2 + 2 = 4", "local/facts", "no model")

        with OllamaServer("Here I am.", ollama.port):
            ask(terminal, "is anybody there?", "Here I am.", "ollama/qwen3:8b", "tok/s", "ready")
            assert "! no model" not in terminal.screen_text()


def test_the_command_line_lists_it_private_and_free_and_the_cloud_model_neither(home: Path) -> None:
    with OllamaServer() as ollama:
        listed = {row["model"]: row for row in json.loads(run(ollama.address, "models", "--json"))}
        answered = json.loads(run(ollama.address, "ask", "--json", "--policy", "private", "hello"))
        summed = json.loads(run(ollama.address, "ask", "--json", "3 miles in km"))

    here, cloud, own = (listed[name] for name in ("ollama/qwen3:8b", "ollama/gpt-oss:120b-cloud", "local/facts"))
    assert (here["lane"], here["is_local"], here["input_usd_per_mtok"], here["context_tokens"]) == (
        "local",
        True,
        "0",
        40_960,
    )
    assert here["sources"]["context_tokens"]["source"] == "ollama server"
    assert (cloud["lane"], cloud["is_local"], cloud["input_usd_per_mtok"]) == ("standard", False, None)
    assert (own["lane"], own["input_usd_per_mtok"], own["is_usable"]) == ("local", "0", True)
    assert "ollama/nomic-embed-text" not in listed
    assert (answered["model"], answered["cost_usd"]) == ("ollama/qwen3:8b", "0")
    assert (summed["model"], summed["text"]) == ("local/facts", "3 mi = **4.828032 km**")
