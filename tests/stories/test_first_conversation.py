"""The first conversation, as a new user has it: a real terminal, the real program, the demo server on loopback."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

SIZES = [(120, 40), (80, 24)]


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.key("enter")


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_open_ask_see_answer_route_and_cost_then_quit_and_find_it_again(columns: int, rows: int) -> None:
    with Terminal("demo", columns=columns, rows=rows) as terminal:
        terminal.wait_for("SIMULATED")
        ask(terminal, "say hello in two sentences")
        screen = terminal.wait_for("demo/", "ready")
        terminal.wait_until(lambda seen: re.search(r"\$0\.0*[1-9]", seen) is not None, "the cost of the turn")
        screen = terminal.screen_text()
        assert "say hello in two sentences" in screen
        assert "simulated" in screen.lower()
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0
        assert "1049" not in terminal.modes

    with Terminal("demo", "-c", columns=columns, rows=rows) as terminal:
        terminal.wait_for("say hello in two sentences", "demo/")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_esc_stops_the_answer_and_its_text_is_kept() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED")
        ask(terminal, "tokens=2000 rate=20")
        terminal.wait_for("answering")
        terminal.wait_until(lambda seen: "tok/s" in seen and "~" in seen, "a live speed")
        terminal.key("esc")
        terminal.wait_for("stopped")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    with Terminal("demo", "-c") as terminal:
        terminal.wait_for("tokens=2000 rate=20", "stopped")


def test_a_second_prompt_gets_an_answer_of_its_own() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED")
        ask(terminal, "first question")
        terminal.wait_for("actual    $")
        ask(terminal, "second question")
        terminal.wait_until(lambda seen: seen.count("· $0.") >= 2, "two answers with their cost")


def test_the_draft_survives_a_restart() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED")
        terminal.type("half a thought")
        terminal.wait_for("half a thought")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    with Terminal("demo") as terminal:
        terminal.wait_for("half a thought")


def test_without_a_key_the_first_screen_says_what_to_do_in_three_lines() -> None:
    with Terminal() as terminal:
        terminal.wait_for("export TOGETHER_API_KEY", "ollama serve", "hawkmoth demo")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_a_prompt_without_a_provider_is_not_lost() -> None:
    with Terminal() as terminal:
        terminal.wait_for("hawkmoth demo")
        terminal.type("keep these words")
        terminal.key("enter")
        terminal.wait_for("keep these words")
        terminal.wait_until(lambda seen: "no provider can be used" in seen, "the reason")


def test_a_terminal_that_is_too_small_waits(home: Path) -> None:
    with Terminal("demo", columns=20, rows=5) as terminal:
        terminal.wait_until(lambda seen: seen.strip() != "", "a notice")
        terminal.resize(100, 30)
        terminal.wait_for("SIMULATED")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0
