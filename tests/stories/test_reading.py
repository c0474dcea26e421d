"""Reading an answer from the keyboard: move, fold, find, copy, open links, and never lose one's place."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Text, Thinking, user
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from hawkmoth_tui.ui.clipboard import LONGEST_COPY
from tests.servers.held import Held
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

CTRL_END = "\x1b[1;5F"
ANSWER = """\
See [https://moths.example](https://night.example/lamp?from=moths) first.

```python
for moth in moths:
    moth.fly()
    moth.rest()
    moth.fly()
```

The last words.
"""


def copied(raw: bytes) -> list[str]:
    """What the terminal was asked to put on its clipboard."""
    return [base64.b64decode(found).decode() for found in re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", raw)]


def through_screen(text: str) -> bytes:
    """The beginning of what GNU screen is to pass on."""
    return b"\x1bP\x1b]52;c;" + base64.b64encode(text.encode())[:20]


def store_answers(home: Path, *answers: str) -> None:
    """One session with these answers, as an earlier run left it; each was thought about."""

    async def write(store: Store) -> None:
        await store.create_session(Session("s1", "moths", 1000, 1000))
        for number, answer in enumerate(answers):
            parent = f"t{number - 1}" if number else None
            turn = Turn(f"t{number}", "s1", parent, TurnKind.PROMPT, user(f"question {number}"), 1000 + number)
            await store.start_turn(turn)
            parts = (Thinking("a deep thought"), Text(answer))
            ended = Turn(
                turn.id,
                "s1",
                parent,
                turn.kind,
                turn.prompt,
                turn.created_at_ms,
                TurnState.DONE,
                parts,
                ended_at_ms=2000,
            )
            await store.finish_turn(ended)

    store = Store.open(home / "hawkmoth.db", owner=this_process(), clock_ms=lambda: 1000)
    try:
        asyncio.run(write(store))
    finally:
        store.close()


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

        row, column = place(terminal.screen_text(), "say hello in two sentences")
        terminal.type(f"\x1b[<0;{column};{row}M\x1b[<32;{column + 8};{row}M\x1b[<0;{column + 8};{row}m")
        terminal.key("ctrl+c")
        terminal.wait_raw(base64.b64encode(b"say hello") + b"\x07")


def top(screen: str) -> list[str]:
    """The uppermost rows without the scroll bar."""
    return [row.rstrip("▐ ") for row in screen.splitlines()[:8]]


def test_reasoning_folds_to_a_line_and_news_wait_below_without_moving_the_page(tmp_path: Path) -> None:
    held = Held(10, tmp_path / "held")
    with Terminal("--model", "demo/deep", columns=80, rows=24, program=held.program) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("how do moths fly? tokens=800 rate=0\r")
        terminal.wait_until(lambda seen: re.search(r"reasoning (\d+ s )?· \d", seen) is not None, "the reasoning")
        held.let(90)
        terminal.wait_until(lambda seen: re.search(r"▸ thought (\d+ s|under 1 s) · \d", seen) is not None, "its time")
        held.let(350)
        terminal.wait_gone("▌ how do moths fly?")
        terminal.key("pageup", "pageup", "pageup")
        terminal.wait_for("▌ how do moths fly?")
        held.let(400)
        page = top(terminal.wait_for("new below"))
        held.let_go()
        terminal.wait_until(lambda seen: re.search(r"[3-9]\d\+ new below", seen) is not None, "many more lines")
        assert top(terminal.screen_text()) == page

        terminal.type(CTRL_END)
        terminal.wait_gone("new below")
        terminal.wait_gone("▌ how do moths fly?")


def test_links_and_copies_say_what_they_are(home: Path) -> None:
    store_answers(home, "x" * (LONGEST_COPY + 1), ANSWER)
    with Terminal("-c", columns=110, rows=30, env={"TMUX": "", "STY": "1.screen"}) as terminal:
        terminal.wait_for("▸ thought · 14 characters", "The last words.")

        terminal.key("ctrl+x", "v")
        terminal.wait_for("Reading")
        terminal.key("k", "space")
        terminal.wait_for("more rows")
        terminal.key("space")
        terminal.wait_gone("more rows")
        terminal.key("k", "k", "space")
        terminal.wait_for("a deep thought")
        terminal.key("o")
        terminal.wait_for("Open this link?", "goes to night.example", "https://night.example/lamp?from=moths")
        terminal.wait_for("the text shows another address than the one it goes to")
        terminal.key("esc")
        terminal.wait_gone("Open this link?")

        terminal.key("K", "K", "Y")
        terminal.wait_for("nothing was copied, s saves them to a file")
        terminal.key("s")
        terminal.wait_for("saved to")
        terminal.key("G", "Y")
        terminal.wait_raw(through_screen(ANSWER))

    (saved,) = (home / "copies").iterdir()
    assert saved.stat().st_size == LONGEST_COPY + 1


def place(screen: str, text: str) -> tuple[int, int]:
    """Row and column of the text, from 1."""
    rows = screen.splitlines()
    row = next(number for number, line in enumerate(rows) if text in line)
    return row + 1, rows[row].index(text) + 1
