"""What hands and eyes wait for: a key typed while an answer streams, a giant paste, a long session, its pages, its 150th turn."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from tests.bench.prose import Shape
from tests.bench.server import Wish
from tests.bench.stored import SESSION, store_session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.bench.recorder import Recorder
    from tests.bench.subjects import Bench, Subject

READY_S = 30.0
QUIET_S = 1.5
TYPED = "the quick brown moth flies round the lamp at night"
BETWEEN_KEYS_S = 0.17
"""Not in step with the frames."""
PASTED_LINE = "all moths fly at night\n"
LONG_SESSION = 2_000
EARLY_TURNS, MIDDLE_TURNS, LATE_TURNS = range(2, 12), range(46, 56), range(146, 156)
"""The turns that are compared, counted from 1: ten each, for one alone is noise."""
PAGES = 40
"""How far a long session is paged back; no page was shown before."""
TURN_TOKENS = 60

_tags = (f"i{number}" for number in count(1))


def keys(bench: Bench, subject: Subject, columns: int, rows: int) -> Mapping[str, float | None]:
    """From a typed key to the screen that shows it, while 100 tokens a second arrive."""
    recorder = _opened(bench, subject, columns, rows)
    tag = next(_tags)
    recorder.press(str(Wish(1_500, 100, Shape.MIXED, tag)) + "\r")
    bench.happened(tag, "request")
    recorder.wait(lambda: f"FIRST-{tag}" in recorder.paint(), READY_S)
    pressed = []
    for character in TYPED:
        pressed.append(recorder.press(character))
        time.sleep(BETWEEN_KEYS_S)
    recorder.wait(lambda: recorder.chunks[-1].at > pressed[-1] + 1, READY_S)
    late_ms = []
    for number, at in enumerate(pressed, 1):
        seen = recorder.seen(TYPED[:number].rstrip(), at)
        if seen is None:
            return {"key p50 ms": None, "key p95 ms": None}
        late_ms.append((seen.at - at) * 1000)
    recorder.close()
    return {"key p50 ms": statistics.median(late_ms), "key p95 ms": sorted(late_ms)[round(0.95 * (len(late_ms) - 1))]}


def paste(bench: Bench, subject: Subject, columns: int, rows: int) -> Mapping[str, float | None]:
    """From the first byte of a paste to the screen that shows it and the key that was typed after it."""
    recorder = _opened(bench, subject, columns, rows)
    figures = {
        "1 MB ms": _paste_ms(recorder, 1_000_000, "1.0 MB", "usable"),
        "10 MB ms": _paste_ms(recorder, 10_000_000, "10.0 MB", "quick"),
        "MB after": recorder.memory_mb(),
    }
    recorder.close()
    return figures


def long(bench: Bench, subject: Subject, columns: int, rows: int) -> Mapping[str, float | None]:
    """A session of 2,000 turns beside an empty one: at the start with -c, and opened while the program runs."""
    store = _stored(bench, LONG_SESSION)
    few = _stored(bench, 1)
    going_on = replace(subject, program=(*subject.program, "-c"))
    start_ms, memory_mb = _start(bench, going_on, columns, rows, store)
    short_ms, short_mb = _start(bench, going_on, columns, rows, few)
    recorder = _opened(bench, subject, columns, rows, store)
    recorder.press(f"/sessions {SESSION}")
    recorder.wait(lambda: f"/sessions {SESSION[:8]}" in recorder.paint(), READY_S)
    recorder.wait_quiet(QUIET_S, READY_S)
    entered = recorder.press("\r")
    opened = _when(recorder, "LAST-stored", entered)
    recorder.close()
    return {
        "open ms": opened and (opened - entered) * 1000,
        "-c more ms": start_ms and short_ms and start_ms - short_ms,
        "-c more MB": memory_mb - short_mb,
    }


def turns(bench: Bench, subject: Subject, columns: int, rows: int) -> Mapping[str, float | None]:
    """CPU of the 50th and of the 150th turn beside the second, in one run: ten turns around each."""
    recorder = _opened(bench, subject, columns, rows)
    spent_s = []
    for _ in range(LATE_TURNS.stop - 1):
        tag = next(_tags)
        before = recorder.cpu_s()
        recorder.press(str(Wish(TURN_TOKENS, 0, Shape.MIXED, tag)) + "\r")
        if not recorder.wait(lambda tag=tag: f"LAST-{tag}" in recorder.paint(), READY_S):  # type: ignore[misc]
            break
        recorder.wait_quiet(0.3, READY_S)
        spent_s.append(recorder.cpu_s() - before)
    recorder.close()
    if len(spent_s) < LATE_TURNS.stop - 1:
        return dict.fromkeys(("2nd CPU ms", "150th CPU ms", "50th beside 2nd", "150th beside 2nd"))
    early, middle, late = (
        statistics.fmean(spent_s[turn - 1] for turn in those) for those in (EARLY_TURNS, MIDDLE_TURNS, LATE_TURNS)
    )
    return {
        "2nd CPU ms": early * 1000,
        "150th CPU ms": late * 1000,
        "50th beside 2nd": middle / early,
        "150th beside 2nd": late / early,
    }


def pages(bench: Bench, subject: Subject, columns: int, rows: int) -> Mapping[str, float | None]:
    """From PageUp in a session of 2,000 turns to the end of the frame that shows the page, and what it takes of the processor."""
    going_on = replace(subject, program=(*subject.program, "-c"))
    recorder = _opened(bench, going_on, columns, rows, _stored(bench, LONG_SESSION))
    shown_ms, used_s = [], recorder.cpu_s()
    for _ in range(PAGES):
        already, pressed = len(recorder.chunks), recorder.press("\x1b[5~")
        if not recorder.wait(lambda already=already: len(recorder.chunks) > already, READY_S):  # type: ignore[misc]
            return {"page ms": None, "page p95 ms": None, "page CPU ms": None}
        recorder.wait_quiet(BETWEEN_KEYS_S, READY_S)
        shown_ms.append((recorder.chunks[-1].at - pressed) * 1000)
    used_s = recorder.cpu_s() - used_s
    recorder.close()
    return {
        "page ms": statistics.median(shown_ms),
        "page p95 ms": sorted(shown_ms)[round(0.95 * (PAGES - 1))],
        "page CPU ms": used_s / PAGES * 1000,
    }


def _opened(bench: Bench, subject: Subject, columns: int, rows: int, store: Path | None = None) -> Recorder:
    recorder = bench.start(subject, columns, rows, store=store)
    recorder.wait(lambda: recorder.byte_count > 500, READY_S)
    recorder.wait(lambda: "ready" in recorder.paint(), READY_S)
    recorder.wait_quiet(QUIET_S, READY_S)
    return recorder


def _start(bench: Bench, subject: Subject, columns: int, rows: int, store: Path) -> tuple[float | None, float]:
    """Milliseconds until the last stored answer is on the screen, and megabytes when all is quiet."""
    recorder = bench.start(subject, columns, rows, store=store)
    shown = _when(recorder, "LAST-stored", recorder.began)
    recorder.wait_quiet(QUIET_S * 2, READY_S)
    memory_mb = recorder.memory_mb()
    recorder.close()
    return shown and (shown - recorder.began) * 1000, memory_mb


def _paste_ms(recorder: Recorder, size: int, chip: str, typed: str) -> float | None:
    text = (PASTED_LINE * (size // len(PASTED_LINE) + 1))[:size]
    began = recorder.press(f"\x1b[200~{text}\x1b[201~{typed}")
    shown = _when(recorder, chip, began)
    usable = _when(recorder, typed, began)
    recorder.wait_quiet(QUIET_S, READY_S)
    return (max(shown, usable) - began) * 1000 if shown and usable else None


def _when(recorder: Recorder, text: str, since: float) -> float | None:
    """When the text was first seen."""
    found: list[float] = []

    def is_seen() -> bool:
        seen = recorder.seen(text, since)
        if seen is not None:
            found.append(seen.at)
        elif text in recorder.paint():
            found.append(recorder.chunks[-1].at)
        return bool(found)

    recorder.wait(is_seen, READY_S)
    return found[0] if found else None


def _stored(bench: Bench, turns: int) -> Path:
    """A database with one session of so many turns, made once a run."""
    path = bench.folder / f"stored-{turns}" / "hawkmoth.db"
    if not path.exists():
        store_session(path, turns)
    return path
