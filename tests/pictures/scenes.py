"""The screens that are pictured and compared, each reached by the keys that a user would press.

A tour is one run of the program: it yields the name of a screen whenever one is to be looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.terminal.driver import Terminal

    Tour = Callable[[Terminal], Iterator[str]]


def conversation(terminal: Terminal) -> Iterator[str]:
    """Everything that opens over a conversation, and back."""
    terminal.wait_for("SIMULATED", "ready", "moths.example")
    yield "conversation"
    for key, name, mark in (
        ("f1", "help", "Writing"),
        ("f2", "models", "demo/deep"),
        ("f3", "sessions", "Why do hawk"),
        ("f4", "why", "Routing"),
        ("f5", "cost", "month"),
        ("f8", "palette", "/new"),
    ):
        terminal.key(key)
        terminal.wait_for(mark, "╭", "Esc closes")
        yield name
        terminal.key("esc")
        terminal.wait_gone("╭")
    yield from _over_the_conversation(terminal)


def _over_the_conversation(terminal: Terminal) -> Iterator[str]:
    terminal.key("ctrl+x")
    terminal.wait_for("never mind")
    yield "leader"
    terminal.key("l")
    terminal.wait_for("paper", "╭", "Esc goes back")
    yield "themes"
    terminal.key("esc")
    terminal.wait_gone("╭")
    terminal.key("ctrl+r")
    terminal.wait_for("Earlier prompts", "Esc closes")
    yield "earlier"
    terminal.key("esc")
    terminal.wait_gone("╭")


def writing(terminal: Terminal) -> Iterator[str]:
    """What stands around the composer."""
    terminal.wait_for("SIMULATED", "ready", "moths.example")
    terminal.type("/")
    terminal.wait_for("› /")
    yield "commands"
    terminal.key("ctrl+c")
    terminal.wait_gone("› /")
    terminal.type("look at @moths")
    terminal.wait_for("› moths.csv", "→ steady")
    yield "files"
    terminal.key("tab")
    terminal.wait_for("[moths.csv")
    terminal.paste("all moths fly at night\n" * 1000)
    terminal.wait_for("[pasted text 1", "→ steady · ~$0.008")
    yield "chips"
    terminal.key("enter")
    terminal.wait_gone("[moths.csv")
    terminal.wait_for("ready")
    terminal.type("Name the wind's own moths fail stall")
    terminal.key("enter")
    terminal.wait_for("answering")
    yield "streaming"
    terminal.type("and then write them to a file")
    terminal.key("enter")
    terminal.wait_for("next   and then")
    yield "queue"
    terminal.key("ctrl+q")
    terminal.wait_for("still streaming", "Esc stays")
    yield "leaving"
    terminal.key("esc")
    terminal.wait_gone("still streaming")
    terminal.key("ctrl+x", "n")
    terminal.wait_for("Enter ", " new")
    yield "tabs"


def reading(terminal: Terminal) -> Iterator[str]:
    """Reading, finding, links."""
    terminal.wait_for("SIMULATED", "ready", "moths.example")
    terminal.key("ctrl+x", "v")
    terminal.wait_for("Reading", "┃")
    yield "reading"
    terminal.key("o")
    terminal.wait_for("goes to", "Esc closes")
    yield "links"
    terminal.key("esc")
    terminal.wait_gone("goes to")
    terminal.key("/")
    terminal.wait_for("find in")
    terminal.type("moth")
    terminal.wait_for(" of 7")
    yield "finding"
    terminal.key("esc", "esc")
    terminal.wait_gone("┃")


def trouble(terminal: Terminal) -> Iterator[str]:
    """What went wrong, and what the user is told."""
    terminal.wait_for("SIMULATED", "ready", "moths.example")
    terminal.type("/theme moon")
    terminal.key("enter")
    terminal.wait_for("no theme moon")
    yield "notice"
    terminal.key("ctrl+c")
    terminal.wait_for("Ask anything")
    terminal.type("what flies here? fail refuse")
    terminal.key("enter")
    terminal.wait_for("retry", "ready")
    yield "failure"
    terminal.type("what flies by day? fail cut")
    terminal.key("enter")
    terminal.wait_for("interrupted", "ready")
    yield "cut"


def dashboard(terminal: Terminal) -> Iterator[str]:
    """Every page of the dashboard, the turns behind a bar, and its keys."""
    terminal.wait_for("SIMULATED", "ready", "moths.example")
    terminal.key("f5")
    for key, name, mark in (
        ("1", "now", "No budget"),
        ("2", "spend", "Fri Nov 20"),
        ("3", "by-model", "demo/deep"),
        ("4", "by-lane", "premium"),
        ("5", "by-task", "coding"),
        ("6", "by-session", "Why do hawk"),
        ("7", "saved", "actual"),
        ("8", "speed", "mean:"),
    ):
        terminal.key(key)
        terminal.wait_for(mark, "Costs")
        yield name
    terminal.key("2")
    terminal.wait_for("Fri Nov 20")
    terminal.key("enter")
    terminal.wait_for("Turns of", "Which light")
    yield "behind"


def keyless(terminal: Terminal) -> Iterator[str]:
    """The first screen without a model, and a key for one."""
    terminal.wait_for("no model", "hawkmoth demo")
    yield "keyless"
    terminal.key("ctrl+x", "k")
    terminal.wait_for("A key for", "Esc closes")
    yield "providers"
    terminal.type("together")
    terminal.key("enter")
    terminal.wait_for("Key for together")
    terminal.type("secret")
    terminal.wait_for("••••••", "Esc closes")
    yield "key"


def tiny(terminal: Terminal) -> Iterator[str]:
    """The first screen of the demo, and a terminal that became too small for it."""
    terminal.wait_for("imulated", "ready", "Enter ")
    yield "welcome"
    terminal.resize(34, 9)
    terminal.wait_for("40×12 needed", "34×9 here")
    yield "too-small"
