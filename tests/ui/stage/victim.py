"""A small staged app in a terminal of its own, made to crash, to be ended, or to lose its terminal.

python -m tests.ui.stage.victim calm|crash|worker|thread|slow|endless|stuck|flood NOTES
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import Static

from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.stage import StagedApp, run

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Key, Paste

    from hawkmoth_tui.ui.terminal import Ending

SECRET = "sk-" + "victim" * 8
ANSWER_S = 1.0


class Victim(StagedApp[None]):
    """Says what happened to it in a file of notes, one line each."""

    def __init__(self, manner: str, notes: Path) -> None:
        super().__init__()
        self.part = manner
        self.notes = notes
        self._floods = 0

    @property
    def hangup_grace_s(self) -> float:
        return 600.0 if self.part in ("slow", "endless") else 0.0

    def compose(self) -> ComposeResult:
        yield Static(plain("ready when you are"))

    def on_mount(self) -> None:
        if self.part == "flood":
            self.set_interval(0.02, self._flood)

    def _flood(self) -> None:
        self._floods += 1
        self.query_one(Static).update(plain(f"{self._floods:06d} " * 2000))
        if self._floods == 60:
            self.note("flooded")

    def note(self, words: str) -> None:
        with self.notes.open("a") as file:
            file.write(words + "\n")

    async def shutdown(self, ending: Ending) -> None:
        self.note(f"shutdown {ending.value}")
        logging.info("collects garbage: %s", gc.isenabled())
        if self.part == "slow":
            await asyncio.sleep(ANSWER_S)
            self.note("almost")
            await asyncio.sleep(ANSWER_S / 5)
            self.note("answer finished")
        elif self.part == "endless":
            await asyncio.Event().wait()
        elif self.part == "stuck":
            block()

    def on_key(self, event: Key) -> None:
        local_key = SECRET
        self.note(f"key {event.key}")
        if event.key != "b":
            return
        match self.part:
            case "crash":
                raise ValueError(f"broken [/] with {local_key} inside")
            case "worker":
                self.run_worker(self._break(local_key), exit_on_error=True)
            case "thread":
                threading.Thread(target=self._break_in_thread, args=(local_key,)).start()

    def on_paste(self, event: Paste) -> None:
        self.note(f"paste {len(event.text)}")

    async def _break(self, key: str) -> None:
        raise RuntimeError(f"worker with {key}")

    def _break_in_thread(self, key: str) -> None:
        self.note("thread breaks")
        raise RuntimeError(f"thread with {key}")


def block() -> None:
    """Stands still, as a bug could, without giving the event loop a turn."""
    time.sleep(600)


def main() -> None:
    gc.disable()
    manner, notes = sys.argv[1], Path(sys.argv[2])
    logging.basicConfig(filename=notes.with_suffix(".log"), level=logging.INFO)
    sys.exit(run(Victim(manner, notes)))


if __name__ == "__main__":
    main()
