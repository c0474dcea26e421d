"""A workstation in which nothing depends on the hour, on chance or on the speed of the machine, for pictures and snapshots.

`python -m tests.pictures.world ARGUMENTS` runs the real program with its clocks stopped; `furnish` fills its home beforehand with
conversations that the demo's models have had there.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Text, Thinking
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine import opening
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.settings.load import load
from hawkmoth_tui.store import db, ledger
from hawkmoth_tui.store.rows import LedgerRow, Measured

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hawkmoth_tui.core.turn import Attempt, Turn

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
DAY_MS = 86_400_000
FIRST_MS, PER_TOKEN_MS = 312, 9
"""How long answers are said to have taken."""

PRICED = (("swift", "economy", 1), ("steady", "standard", 3), ("deep", "premium", 9))
"""Models of the demo, their lanes, and whole USD per million tokens."""
TASKS = ("coding", "writing", "question", "translation")

ANSWER = """\
Two traps are enough to begin with; what differs is **how they treat the moths**. A light trap calls everything that flies within a \
hundred metres, a rope with sugar only those that are hungry, and a sheet with a lamp only what you are there to see.

| Trap | Light | Cost | Harm |
|---|---|---:|---|
| Heath, 6 W actinic | short UV | $145 | none |
| Skinner, 20 W | short UV | $210 | none |
| Sugar rope | none | $4 | a few *drunk* guests |

1. Hang it **before dusk**, out of the wind.
2. Count at dawn, then let everything go:
   - cool moths leave late, give them shade
   - note the temperature

```python
from collections import Counter


def tally(night: list[str]) -> Counter[str]:
    # every species once, whatever its spelling
    return Counter(name.strip().lower() for name in night)
```

> A white sheet and a lamp work as well, see [the field guide](https://moths.example/traps) or \
[moths.example](http://traps.test/login).
"""
"""An answer with every kind of block."""
THOUGHTS = (
    "The traps differ in what they cost the moths.\n\nA table first, then the steps, then the code that was asked for."
)


def furnish(home: Path) -> None:
    """Sessions of three days in the demo's store below `home`; the last one is continued by `-c`."""
    asyncio.run(furnished(home))


def spend(home: Path) -> None:
    """A month of turns in the ledger of a furnished home, whose sessions are long gone: something for charts to show."""
    database = db.open_database(home / "cache" / "demo.db")
    with database.writing as connection:
        for number in range(160):
            ledger.append(connection, _spent(number))
    database.close()


def _spent(number: int) -> LedgerRow:
    """Some models, tasks and amounts; on some days a cold cache made the turns dearer than the baseline."""
    model, lane, usd_per_mtok = PRICED[number * 7 % 5 % 3]
    days_ago, tokens = 29 - number * 13 % 29, 900 + number * 7919 % 9000
    took_ms = 900 + number * 104_729 % 6000
    is_poor = days_ago in (6, 15, 21)
    amount = tokens * usd_per_mtok * 10**6
    return LedgerRow(
        attempt_id=f"spent-{number}",
        at_ms=int(NOW.timestamp() * 1000) - days_ago * DAY_MS - number * 60_000,
        session_id=None,
        turn_id=f"spent-{number}",
        model=ModelRef("demo", model),
        lane=lane,
        usage=Usage(tokens, tokens // 9),
        prices=None,
        amount_pico=amount,
        baseline="demo/deep",
        baseline_pico=amount // 2 if is_poor else tokens * 9 * 10**6,
        measured=Measured(
            TASKS[number * 5 % 4],
            "ok" if number % 19 else "failed",
            None if number % 19 else "Overloaded",
            ttft_ms=150 + took_ms // 5,
            duration_ms=took_ms,
            route_us=700,
        ),
    )


def main() -> int:
    """The program, its clocks stopped."""
    from types import SimpleNamespace

    from hawkmoth_tui import cli
    from hawkmoth_tui.engine import models
    from hawkmoth_tui.ui import picking
    from hawkmoth_tui.ui.panes import routing
    from hawkmoth_tui.ui.transcript import page
    from hawkmoth_tui.ui.widgets import folded

    swaps: tuple[tuple[object, str, object], ...] = (
        (opening, "Clocks", _stopped),
        (models, "LOCAL_SERVERS", ()),
        (picking, "time", SimpleNamespace(time=NOW.timestamp)),
        *((module, "monotonic", lambda: 0.0) for module in (routing, page, folded)),
    )
    for module, name, value in swaps:
        setattr(module, name, value)
    return cli.main(sys.argv[1:])


async def furnished(home: Path) -> None:
    """The same, in a loop that runs already."""
    await _talk(home, 9, "Translate this letter about lepidoptera into plain English")
    await _talk(home, 1, "Why do hawkmoths hover? fail once")
    asked = "Compare them in a table, and count the moths in Python"
    await _talk(home, 0, "Which light traps do moths no harm?", asked, retouch=_written)


def _stopped(days_ago: int = 0) -> Clocks:
    """Clocks that stand still, so many days ago."""
    count = itertools.count(1)
    now_ms = int(NOW.timestamp() * 1000) - days_ago * DAY_MS
    return Clocks(lambda: now_ms, lambda: 0.0, lambda: 0.5, lambda bits: next(count))


async def _talk(home: Path, days_ago: int, *prompts: str, retouch: Callable[[Turn], Turn] = lambda turn: turn) -> None:
    """One session; `retouch` has its way with the last turn."""
    loaded = load({"HAWKMOTH_HOME": str(home)})
    station = opening.open_workstation(loaded.settings, loaded.paths, {}, is_demo=True, clocks=_stopped(days_ago))
    assert station._demo is not None
    station._demo._is_paced = False
    await station.start(discover=False)
    try:
        session = await station.sessions.create()
        for prompt in prompts:
            async with aclosing(station.send(session.id, prompt)) as events:
                async for _ in events:
                    pass
            turn = station.sessions.branch(session.id)[-1]
            timed = replace(turn, attempts=tuple(_timed(attempt) for attempt in turn.attempts))
            await station._keeper.save_turn(retouch(timed) if prompt is prompts[-1] else timed)
    finally:
        await station.aclose()


def _written(turn: Turn) -> Turn:
    return replace(turn, answer=(Thinking(THOUGHTS, origin="openai-chat"), Text(ANSWER)))


def _timed(attempt: Attempt) -> Attempt:
    """An attempt that was answered, with times."""
    if attempt.ttft_ms is None or attempt.usage is None:
        return attempt
    return replace(attempt, ttft_ms=FIRST_MS, duration_ms=FIRST_MS + PER_TOKEN_MS * attempt.usage.output_tokens)


if __name__ == "__main__":
    sys.exit(main())
