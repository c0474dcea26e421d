"""The measurements: each starts a subject, drives it, and returns named figures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from tests.bench import input as hands
from tests.bench import picker as picking
from tests.bench.prose import Shape
from tests.bench.server import Wish

if TYPE_CHECKING:
    from tests.bench.recorder import Chunk, Recorder
    from tests.bench.subjects import Bench, Subject

Figures = Mapping[str, float | None]
"""Name of the figure to its value; None when what should have been seen never was."""

PROBE = "qz"
FIRST_FRAME = "Routing"
"""A word of the first frame."""
LINE_BITS_PER_S, LINE_ROUND_TRIP_S = 2_000_000, 0.2
READY_S = 30.0
LATE_S = 60.0
"""How long after the server's last byte the last token may take to be seen."""
BLINKING_S = 3.0
"""How long quiet is waited for: the floor's blinking cursor never keeps still."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Window:
    """The size of the terminal."""

    columns: int = 120
    rows: int = 40

    def __str__(self) -> str:
        return f"{self.columns}x{self.rows}"


def open_subject(bench: Bench, subject: Subject, window: Window) -> tuple[Recorder, Figures]:
    """Starts the subject and types until it shows what was typed: then it takes input."""
    recorder = bench.start(subject, window.columns, window.rows)
    recorder.wait(lambda: recorder.byte_count > 500, READY_S)
    typed_at = recorder.press(PROBE)
    echo: Chunk | None = None

    def is_echoed() -> bool:
        nonlocal echo
        echo = echo or recorder.seen(PROBE, typed_at)
        return echo is not None

    recorder.wait(is_echoed, READY_S)
    figures = {
        "start-up CPU s": echo.cpu_s if echo else None,
        "ready ms": (echo.at - recorder.began) * 1000 if echo else None,
        "MB at ready": recorder.memory_mb() if echo else None,
    }
    recorder.press("\x7f" * len(PROBE))
    return recorder, figures


def startup(bench: Bench, subject: Subject, window: Window) -> Figures:
    """What it costs until a key is taken."""
    recorder, figures = open_subject(bench, subject, window)
    recorder.close()
    return figures


def idle(bench: Bench, subject: Subject, window: Window, seconds: float = 10.0) -> Figures:
    """What it costs to do nothing, once everything that waits for an idle moment is done."""
    recorder, _ = open_subject(bench, subject, window)
    recorder.wait_quiet(2.0, BLINKING_S)
    time.sleep(3.0)
    used_s, written = recorder.cpu_s(), recorder.byte_count
    time.sleep(seconds)
    figures = {
        "idle CPU %": (recorder.cpu_s() - used_s) / seconds * 100,
        "idle bytes": float(recorder.byte_count - written),
    }
    recorder.close()
    return figures


def turn(bench: Bench, subject: Subject, window: Window, tokens: int, rate: int, shape: Shape) -> Figures:
    """One answer from Enter to the last token on the screen and the silence after it."""
    recorder, _ = open_subject(bench, subject, window)
    recorder.wait_quiet(1.5, BLINKING_S)
    recorder.paint()
    tag = f"t{next(_numbers)}"
    wish = str(Wish(tokens, rate, shape, tag))
    recorder.press(wish)
    recorder.wait(lambda: wish in recorder.paint(), READY_S)
    recorder.wait_quiet(0.5, BLINKING_S)
    used_s, written = recorder.cpu_s(), recorder.byte_count
    entered = recorder.press("\r")
    requested = bench.happened(tag, "request")
    last_sent = bench.happened(tag, "last")
    recorder.wait_quiet(1.0, BLINKING_S)
    deadline = time.monotonic() + LATE_S
    while (seen := recorder.seen(f"LAST-{tag}", last_sent)) is None and time.monotonic() < deadline:
        recorder.wait_quiet(1.0, BLINKING_S)
    figures = {
        "Enter to wire ms": (requested - entered) * 1000,
        "CPU s": recorder.cpu_s() - used_s,
        "bytes/token": (recorder.byte_count - written) / tokens,
        "last token late ms": None if seen is None else (seen.at - last_sent) * 1000,
        "wall to last token s": None if seen is None else seen.at - requested,
        "peak MB": recorder.peak_memory_mb(),
    }
    recorder.close()
    return figures


def stream(bench: Bench, subject: Subject, window: Window) -> Figures:
    """2,000 tokens of mixed Markdown at 100 a second."""
    return turn(bench, subject, window, 2000, 100, Shape.MIXED)


def fence(bench: Bench, subject: Subject, window: Window) -> Figures:
    """2,000 tokens in one code fence that never closes, at 100 a second."""
    return turn(bench, subject, window, 2000, 100, Shape.FENCE)


def fast(bench: Bench, subject: Subject, window: Window) -> Figures:
    """5,000 tokens of mixed Markdown as fast as they go."""
    return turn(bench, subject, window, 5000, 0, Shape.MIXED)


def line(bench: Bench, subject: Subject, window: Window) -> Figures:
    """From the start to the first whole frame, over a line of 2 Mbit/s and 200 ms."""
    slow = (sys.executable, "-m", "tests.terminal.line", str(LINE_BITS_PER_S), str(LINE_ROUND_TRIP_S))
    recorder = bench.start(replace(subject, program=(*slow, *subject.program)), window.columns, window.rows)
    found: list[Chunk] = []

    def is_shown() -> bool:
        found.extend(filter(None, [recorder.seen(FIRST_FRAME, recorder.began)]))
        return bool(found)

    recorder.wait(is_shown, READY_S)
    recorder.close()
    return {"first frame ms": (found[0].at - recorder.began) * 1000 if found else None}


Measure = Callable[["Bench", "Subject", Window], Figures]


def _sized(measure: Callable[[Bench, Subject, int, int], Figures]) -> Measure:
    return lambda bench, subject, window: measure(bench, subject, window.columns, window.rows)


MEASURES: Mapping[str, Measure] = {
    "startup": startup,
    "idle": idle,
    "stream": stream,
    "fence": fence,
    "fast": fast,
    "picker": _sized(picking.picker),
    "keys": _sized(hands.keys),
    "paste": _sized(hands.paste),
    "long": _sized(hands.long),
    "turns": _sized(hands.turns),
    "pages": _sized(hands.pages),
    "line": line,
}
