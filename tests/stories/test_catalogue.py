"""The catalogue, as the command prints it and as F2 shows it: lanes, prices with source and date, and ? for what nobody knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

LAB = """
[providers.lab]
protocol = "openai-chat"
base_url = "http://127.0.0.1:9/v1"
api_key = "none"

[[providers.lab.models]]
id = "small-model"
lane = "economy"
context_tokens = 32768
max_output_tokens = 4096
capabilities = ["tools"]
input_usd_per_mtok = "0.10"
output_usd_per_mtok = "0.40"

[[providers.lab.models]]
id = "mystery"
"""
KEY = {"ANTHROPIC_API_KEY": "sk-ant-test-0000000000000000"}


@pytest.fixture(autouse=True)
def lab(home: Path) -> None:
    (home / "config.toml").write_text(LAB)


def row(screen: str, model: str) -> list[str]:
    return next(line for line in screen.splitlines() if model in line).split()


@pytest.mark.parametrize("columns", [80, 120])
def test_the_command_says_what_each_costs_who_says_so_and_what_nobody_knows(columns: int) -> None:
    with Terminal("models", columns=columns, rows=70, env=KEY) as terminal:
        assert terminal.wait_exit() == 0
        screen = terminal.screen_text()

    priced, unknown = row(screen, "lab/small-model"), row(screen, "lab/mystery")
    vendor, keyless = row(screen, "anthropic/claude-opus-5-5"), row(screen, "groq/llama-3.1-8b-instant")
    assert priced[1:3] == ["economy", "33k"]
    assert {"0.10", "0.40", "ok"} <= set(priced)
    assert unknown[1:5] == ["standard", "?", "?", "?"]
    assert vendor[1:3] == ["premium", "1M"]
    assert vendor[-1] == "ok"
    assert keyless[-2:] == ["no", "key"]
    assert row(screen, "local/facts")[1] == "local"
    assert re.search(r"from: .*genai-prices 0\.2\.3 2026-\d\d-\d\d", screen)
    assert "? is unknown, which is not free" in screen
    if columns == 120:
        assert priced[1:7] == ["economy", "33k", "4.1k", "0.10", "0.40", "1"]
        assert "t use tools" in screen


def test_the_picker_shows_the_same_and_tells_who_says_so() -> None:
    with Terminal(env=KEY) as terminal:
        terminal.wait_for("Ready: ")
        terminal.key("f2")
        terminal.wait_for("lab/small-model", "economy", "$0.10", "$0.40", "lab/mystery", "Enter pins")
        terminal.type("mystery")
        terminal.wait_gone("lab/small-model")
        screen = terminal.wait_for("? in, ? out")
        assert row(screen, "lab/mystery").count("?") >= 3
        terminal.key(*["backspace"] * len("mystery"))
        terminal.wait_for("lab/small-model")
        terminal.type("opus-5-5")
        terminal.wait_for("anthropic/claude-opus-5-5", "premium", "$4.00", "$20.00", "1M", "writes 128k")
        terminal.wait_for("price from genai-prices 0.2.3")
        terminal.key("esc", "esc")
        terminal.wait_gone("Enter pins")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0
