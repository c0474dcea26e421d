"""A model that takes no request for a while: what is seen of the wait, and the keys that end it."""

from __future__ import annotations

import re

from tests.terminal.driver import Terminal

BOTH_WAYS = "[w]ait  [s]witch to demo/steady  [Esc] stop"


def countdown(screen: str) -> int:
    """The seconds on the screen; 0 when none are shown."""
    found = re.search(r"rate limited, (\d+) s", screen)
    return int(found.group(1)) if found else 0


def test_a_rate_limit_counts_down_and_letters_end_it_while_nothing_is_written() -> None:
    with Terminal("demo", "--policy", "cheapest", columns=110, rows=32) as terminal:
        terminal.wait_for("SIMULATED")
        terminal.type("fail 429 on swift wait=29 tokens=5 rate=0")
        terminal.key("enter")
        first = countdown(terminal.wait_for("◌ rate limited, ", BOTH_WAYS))
        terminal.wait_until(lambda screen: 0 < countdown(screen) < first, "a second less")

        terminal.type("so what")
        terminal.wait_for("so what", "Ctrl+X g switches to demo/steady · Esc stops")
        terminal.key("ctrl+c")
        terminal.wait_for(BOTH_WAYS)
        terminal.type("s")
        terminal.wait_for("demo/swift is rate limited, you switched", "ready")
        terminal.wait_gone("rate limited, 2")

        terminal.type("fail 429 on steady wait=29")
        terminal.key("enter")
        terminal.wait_for("[w]ait")
        terminal.type("w")
        terminal.wait_gone("[w]ait")
        terminal.wait_for("waiting for demo/steady", "Ctrl+X g switches to ")
        terminal.type("words")
        terminal.wait_for("words")
        terminal.key("esc")
        terminal.wait_for("stopped", "ready")
        assert "words" in terminal.screen_text()
