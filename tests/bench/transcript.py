"""The transcript alone beside Textual's own Markdown stream: CPU of showing a streamed answer in a real pseudo-terminal.

    python -m tests.bench.transcript [--rounds 3] [--rate 100] [--count 2000]

No server and no network: both apps are fed by a clock, so that the figures are those of the screen. Each run is a process of its own; it
reports its CPU time (user and system) from the first token until the last one is on the screen.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Attempt, Turn, TurnKind, TurnState, advance
from hawkmoth_tui.ui.theming import load_theme
from hawkmoth_tui.ui.transcript import Transcript
from tests.bench.prose import Shape, tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from textual.app import ComposeResult

ROWS, COLUMNS = 40, 120
THEMES = Path(__file__).parents[2] / "themes"


class Stage(App[None]):
    """An input, a side pane, and the answer above; subclasses say how it is shown."""

    CSS = "#side { width: 40; } Input { dock: bottom; } VerticalScroll { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, shape: Shape, count: int, rate: float, report: Path) -> None:
        self._theme = load_theme("hawkmoth", [THEMES])
        super().__init__()
        self._tokens = list(tokens(shape, count, "bench"))
        self._rate = rate
        self._report = report
        self.register_theme(self._theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return self._theme.variables

    def on_mount(self) -> None:
        self.theme = "hawkmoth"
        self.query_one(Input).focus()
        self.run_worker(self._run())

    async def _run(self) -> None:
        await asyncio.sleep(0.5)
        began, cpu = time.perf_counter(), _cpu()
        await self.stream()
        for _ in iter(self.is_shown, True):
            await asyncio.sleep(0.01)
        self._report.write_text(f"{_cpu() - cpu} {time.perf_counter() - began}", encoding="utf-8")
        self.exit()

    async def paced(self) -> AsyncIterator[str]:
        """The tokens at the rate, late ones in a burst as a socket would give them; without a rate as fast as they are taken."""
        began = time.perf_counter()
        for number, token in enumerate(self._tokens):
            if self._rate:
                await asyncio.sleep(max(0.0, began + number / self._rate - time.perf_counter()))
            elif number % 20 == 0:
                await asyncio.sleep(0)
            yield token

    async def stream(self) -> None:
        """Shows the answer."""
        raise NotImplementedError

    def is_shown(self) -> bool:
        """Whether the last token is on the screen."""
        return any("LAST-bench" in strip.text for strip in self.screen._compositor.render_strips())


class Floor(Stage):
    """Textual's Markdown stream."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield VerticalScroll()
            yield Static("side", id="side")
        yield Input()

    async def stream(self) -> None:
        from textual.widgets import Markdown

        scroll = self.query_one(VerticalScroll)
        scroll.anchor()
        answer = Markdown()
        await scroll.mount(answer)
        stream = Markdown.get_stream(answer)
        async for token in self.paced():
            await stream.write(token)
        await stream.stop()


class Ours(Stage):
    """The transcript, given events and folded turns as the bridge gives them."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Transcript()
            yield Static("side", id="side")
        yield Input()

    async def stream(self) -> None:
        transcript = self.query_one(Transcript)
        model = ModelRef("bench", "model")
        turn = Turn("turn", "session", None, TurnKind.PROMPT, user("Write."), 0)
        for event in (ev.AttemptStarted(Attempt("attempt", model, 0)), ev.FirstToken(5)):
            turn = advance(turn, event)
            transcript.show(event, turn)
        async for token in self.paced():
            delta = ev.TextDelta(token)
            turn = advance(turn, delta)
            transcript.show(delta, turn)
        ended = ev.TurnEnded(TurnState.DONE, 0)
        transcript.show(ended, advance(turn, ended))


APPS = {"floor": Floor, "ours": Ours}


def measure(app: str, shape: Shape, count: int, rate: float) -> tuple[float, float, int]:
    """CPU seconds, wall seconds and bytes of one run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        master, slave = os.openpty()
        os.set_inheritable(slave, True)
        subprocess.run(["stty", "rows", str(ROWS), "cols", str(COLUMNS)], stdin=slave, check=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.transcript", "--child", app, shape, str(count), str(rate), str(report)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(slave)
        size = sum(_drained(master, process))
        os.close(master)
        cpu, wall = map(float, report.read_text(encoding="utf-8").split())
    return cpu, wall, size


def _drained(master: int, process: subprocess.Popen[bytes]) -> Iterator[int]:
    """Reads what the program writes until it is gone; the sizes read."""
    while True:
        if select.select([master], [], [], 0.2)[0]:
            try:
                yield len(os.read(master, 65536))
            except OSError:
                break
        elif process.poll() is not None:
            break
    process.wait()


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Prints ours beside the floor, and the ratio."""
    if sys.argv[1:2] == ["--child"]:
        app, shape, count, rate, report = sys.argv[2:]
        APPS[app](Shape(shape), int(count), float(rate), Path(report)).run()
        return
    parser = argparse.ArgumentParser(prog="python -m tests.bench.transcript")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=100.0)
    arguments = parser.parse_args()
    cases = [
        (Shape.MIXED, arguments.count, arguments.rate),
        (Shape.FENCE, arguments.count, arguments.rate),
        (Shape.MIXED, 5000, 0.0),
    ]
    floor_cpu = 0.0
    for shape, count, rate in cases:
        pace = f"at {rate:.0f}/s" if rate else "at full speed"
        for app in APPS if shape is Shape.MIXED else ["ours"]:
            runs = [measure(app, shape, count, rate) for _ in range(arguments.rounds)]
            cpu, wall, size = (statistics.median(values) for values in zip(*runs, strict=True))
            floor_cpu = cpu if app == "floor" else floor_cpu
            figures = f"{cpu:6.2f} s CPU {wall:6.2f} s {size / count:6.0f} B/token {cpu / floor_cpu:5.2f} F"
            line = f"{shape:6} {count} tokens {pace:14} {app:6} {figures}"
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
