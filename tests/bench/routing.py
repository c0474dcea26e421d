"""What a preview takes of the processor, by length of the prompt and number of candidates: `python -m tests.bench.routing`."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.engine.workstation import Workstation

LENGTHS = (60, 500, 2_000, 20_000)
CANDIDATES = (3, 12, 50)
TRIES = 60
TEXT = "Please compare these two ways of parsing dates, and say which one is faster: def f(x): return x * 2 if x else None; "


def preview_ms(opened: Workstation, session: Session, length: int) -> list[float]:
    """CPU of each of many previews of texts of this length, sorted."""
    long, spent = TEXT * (length // len(TEXT) + 2), []
    for at in range(TRIES):
        text = f"{at} {long[at % 50 :]}"[:length]
        before = time.process_time()
        opened.foretaste(text, session)
        spent.append((time.process_time() - before) * 1000)
    return sorted(spent)


async def measure() -> None:
    """Print a table."""
    print(f"{'candidates':>10} {'characters':>10} {'least ms':>9} {'median':>7} {'p95':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for count in CANDIDATES:
            models = [model(f"m{at}", str(1 + at), quality=f"{0.4 + 0.01 * at:.2f}") for at in range(count)]
            async with (
                ScriptedServer(answer("hello " * 50)) as server,
                station(Path(folder) / str(count), settings(provider("lab", server.url, *models))) as opened,
            ):
                opened.learning.load()
                turn = await ask(opened, "hi")
                session = opened.sessions.get(turn.session_id)
                for length in LENGTHS:
                    spent = preview_ms(opened, session, length)
                    middle, late = spent[TRIES // 2], spent[int(TRIES * 0.95)]
                    print(f"{count:>10} {length:>10} {spent[0]:>9.2f} {middle:>7.2f} {late:>6.2f}")


if __name__ == "__main__":
    asyncio.run(measure())
