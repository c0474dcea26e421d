"""Versions of a turn in a real terminal: every one is kept, shown by one key, and the last step is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def test_versions_are_kept_shown_and_undone() -> None:
    with Terminal("demo", columns=110, rows=40) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("first question rate=0 tokens=20\r")
        terminal.wait_for("actual    $", "ready  auto")
        terminal.type("second question rate=0 tokens=20\r")
        terminal.wait_for("▌ second question", "ready  auto")

        terminal.key("ctrl+x", "d")
        terminal.wait_for("another version of this turn")
        terminal.type(" changed\r")
        terminal.wait_for("tokens=20 changed", "edited", "2/2 · demo/", "ready  auto")
        terminal.key("ctrl+x", ",")
        terminal.wait_for("version 1/2", "1/2 · demo/")
        terminal.wait_gone("changed")
        terminal.key("ctrl+x", "u")
        terminal.wait_for("undone: moving to another version", "tokens=20 changed", "2/2 · demo/")

        terminal.key("ctrl+x", "v")
        terminal.wait_for("Reading")
        terminal.key("K", "K", "r")
        terminal.wait_for("asked again", "2/2 · demo/", "ready  auto")
        terminal.wait_gone("second question")
        terminal.key("K", "K", "h")
        terminal.wait_for("version 1/2, and the turn after it", "1/2 · demo/", "tokens=20 changed")
        terminal.key("l")
        terminal.wait_for("version 2/2")
        terminal.wait_gone("second question")
        terminal.key("esc")
        terminal.wait_gone("Reading")
        terminal.type("/undo\r")
        terminal.wait_for("undone: moving", "tokens=20 changed")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    with Terminal("demo", "-c", columns=110, rows=40) as terminal:
        terminal.wait_for("tokens=20 changed", "2/2 · demo/", "1/2 · demo/")
        terminal.type("/undo\r")
        terminal.wait_for("done again: moving")
        terminal.wait_gone("second question")


def test_sessions_are_tagged_kept_first_archived_deleted_and_brought_back() -> None:
    with Terminal("demo", columns=120, rows=40) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        for words in ("moths at night", "bees by day", "wasps in autumn"):
            terminal.type(f"{words} rate=0 tokens=5\r")
            terminal.wait_for(f"▌ {words}", "actual    $", "ready  auto")
            if words == "moths at night":
                terminal.type("/tag Work, insects\r")
                terminal.wait_for("tags: work insects")
                terminal.type("/top\r")
                terminal.wait_for("stands first in the list")
            if words == "bees by day":
                terminal.key("ctrl+x", "w")
                terminal.wait_for("▌ moths at night")
            if words != "wasps in autumn":
                terminal.key("ctrl+x", "n")
                terminal.wait_gone("▌ moths at night" if words == "bees by day" else f"▌ {words}")

        terminal.key("f3")
        terminal.wait_until(
            lambda seen: (
                0 <= seen.find("↑ moths at night") < seen.find("● wasps in autumn") < seen.rfind("bees by day")
            ),
            "the one that is kept first above the others",
        )
        terminal.wait_for("#work  #insects")
        terminal.type("tag:ins")
        terminal.wait_until(
            lambda seen: "› " in seen and "bees by day rate=0 tokens" not in seen, "only what has the tag"
        )
        terminal.key("ctrl+e")
        terminal.wait_for("nothing fits", "1 in is:archived")
        terminal.type(" is:archived")
        terminal.wait_for("↑ moths at night")
        terminal.key("ctrl+z")
        terminal.wait_for("nothing fits")
        terminal.key("esc")
        terminal.wait_gone("nothing fits")

        terminal.key("f3")
        terminal.wait_for("bees by day rate=0 tok", "Ctrl+T renames")
        terminal.type("bees")
        terminal.wait_for("1 of 3")
        terminal.key("ctrl+d")
        terminal.wait_for("nothing fits")
        terminal.key("esc")
        terminal.wait_gone("Ctrl+T renames")
        terminal.key("f3")
        terminal.wait_for("Ctrl+T renames", "moths at night")
        terminal.type("is:del")
        terminal.wait_until(lambda seen: "›   bees by day" in seen, "the deleted one")
        terminal.key("enter")
        terminal.wait_for("▌ bees by day")

        terminal.type("/delete\r")
        terminal.wait_for("is deleted; /undo brings it back")
        terminal.wait_gone("▌ bees by day")
        terminal.type("/undo\r")
        terminal.wait_for("▌ bees by day", "is back")


def test_a_brief_is_made_shown_offered_and_taken_along() -> None:
    with Terminal("demo", columns=120, rows=40) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("I want a lamp for moths. Let's go with a mercury lamp. rate=0 tokens=5\r")
        terminal.wait_for("actual    $", "ready  auto")
        terminal.type("/brief\r")
        terminal.wait_for(
            "no model has read them", "- I want a lamp for moths.", "- Let's go with a mercury lamp.", "demo/steady: 1"
        )
        terminal.key("esc")
        terminal.wait_gone("no model has read them")
        terminal.type("/brief new\r")
        terminal.wait_for("a new session: models get the brief", "(co")
        terminal.type("and for bees? rate=0 tokens=5\r")
        terminal.wait_for("▌ and for bees?", "actual    $", "ready  auto")
        terminal.type("/brief off\r")
        terminal.wait_for("models do not get the brief")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    with Terminal("demo", "-c", columns=120, rows=40) as terminal:
        terminal.wait_for("▌ and for bees?", "this session has a brief: /brief on gives it to models")


def test_a_template_asks_for_its_variables_and_a_role_is_the_system_prompt(home: Path) -> None:
    prompts = home / "prompts"
    prompts.mkdir()
    (prompts / "letter.toml").write_text('text = "Write to {{name}} about {{thing}}."\n[values]\nthing = "moths"\n')
    (prompts / "gardener.role.md").write_text("You are a gardener.")
    with Terminal(columns=120, rows=40) as terminal:
        terminal.wait_for("Ask anything")
        terminal.type("/template letter\r")
        terminal.wait_for("for {{name}} in letter")
        terminal.type("Ann\r")
        terminal.wait_for("for {{thing}} in letter", "moths")
        terminal.key("enter")
        terminal.wait_for("▌ Write to Ann about moths.")
        terminal.key("ctrl+c")
        terminal.wait_for("cleared")
        terminal.type("/role gardener\r")
        terminal.wait_for("the role of this session is gardener")
        terminal.type("/system\r")
        terminal.wait_for("system prompt: You are a gardener.")
