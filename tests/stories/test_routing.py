"""A routed prompt in a real terminal: seen before it is sent, given to another model with one key, explained and questioned afterwards."""

from __future__ import annotations

from tests.terminal.driver import Terminal

APPLES = "Janet has 3 apples and buys twice as many. How many are left? rate=0 tokens=8"


def test_a_route_is_explained_with_its_records_and_questioned() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type(APPLES)
        terminal.key("enter")
        terminal.wait_for("task      math", "like      grade-school", "by its rating", "F4 shows every vote", "ctx ")

        terminal.key("f4")
        terminal.wait_for("record", "price", "about $")
        terminal.key("esc")
        terminal.wait_gone("about $")
        terminal.type("/whynot demo/deep")
        terminal.key("enter")
        terminal.wait_for("Why not demo/deep?", "Where they differ", "/once demo/deep takes it")
        terminal.key("esc")
        terminal.wait_gone("Why not")
        terminal.type("/whatif cheapest")
        terminal.key("enter")
        terminal.wait_for("What if?", "demo/swift", "Nothing was sent")
        terminal.key("esc")
        terminal.wait_gone("What if?")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_the_preview_says_who_would_answer_and_tab_takes_the_other() -> None:
    with Terminal("demo", columns=80, rows=24) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type(APPLES)
        terminal.wait_for("→ steady · ~$", "Tab for deep")
        terminal.key("tab")
        terminal.wait_for("→ deep · ~$", "Tab for steady")
        terminal.key("enter")
        terminal.wait_for("● demo/deep · pinned by you", "ctx ")

        terminal.type("and now? rate=0 tokens=8")
        terminal.wait_for("Tab for")
        terminal.key("ctrl+c")
        terminal.wait_for("auto · balanced")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0
