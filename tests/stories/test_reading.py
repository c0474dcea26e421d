"""Reading an answer from the keyboard: move, fold, find, copy, and back to writing."""

from __future__ import annotations

import base64
import re

from tests.terminal.driver import Terminal


def copied(raw: bytes) -> list[str]:
    """What the terminal was asked to put on its clipboard."""
    return [base64.b64decode(found).decode() for found in re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", raw)]


def test_read_fold_find_copy_and_go_back_to_writing() -> None:
    with Terminal("demo", env={"TMUX": "", "STY": ""}) as terminal:
        terminal.wait_for("SIMULATED")
        terminal.type("say hello in two sentences")
        terminal.wait_for("say hello in two sentences")
        terminal.key("enter")
        terminal.wait_until(lambda seen: re.search(r"· \$0\.0*[1-9]", seen) is not None, "the cost of the turn")

        terminal.key("ctrl+x", "v")
        terminal.wait_for("Reading", "┃")
        terminal.key("K", "y")
        terminal.wait_for("sent to the terminal's clipboard")
        terminal.wait_raw(base64.b64encode(b"say hello in two sentences"))
        terminal.key("s")
        terminal.wait_for("saved to")
        terminal.key("z")
        terminal.wait_for("more rows")
        terminal.key("z")
        terminal.wait_gone("more rows")
        terminal.key("/")
        terminal.wait_for("find in this conversation")
        terminal.type("HELLO")
        terminal.wait_until(lambda seen: re.search(r"\d of \d", seen) is not None, "the number of places")
        terminal.key("enter", "esc")
        terminal.wait_gone("┃")
        terminal.type("jk are letters")
        terminal.wait_for("jk are letters")
        assert copied(terminal.raw) == ["say hello in two sentences"]
