"""Answers of the simulated models that get no further than a test lets them: what it waits for stays, however slow the machine is.

`python -m tests.servers.held FILE ARGUMENT …` is the workstation whose answers wait at the number of tokens in FILE.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.providers import demo

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.providers.demo_wire import Reply

ALL = sys.maxsize
LOOK_S = 0.01

WRITE_PACED = demo._write_paced


class Held:
    """Each answer waits at `tokens` until more are let out; with a file it is `program` whose answers wait."""

    def __init__(self, tokens: int, file: Path | None = None) -> None:
        self._file = file
        self.let(tokens)

    @property
    def program(self) -> tuple[str, ...]:
        """The simulated workstation that looks into the file."""
        return (sys.executable, "-m", "tests.servers.held", str(self._file), "demo")

    def let(self, tokens: int) -> None:
        """From now on answers go on up to so many tokens."""
        self.tokens = tokens
        if self._file is not None:
            new = self._file.with_suffix(".new")
            new.write_text(str(tokens))
            new.replace(self._file)

    def let_go(self) -> None:
        """From now on answers go on to their end."""
        self.let(ALL)

    async def write(self, writer: asyncio.StreamWriter, reply: Reply, deltas: list[dict[str, str]], rate: int) -> None:
        """In place of the demo server's own."""
        await _write(lambda: self.tokens, writer, reply, deltas, rate)


async def _write(
    allowed: Callable[[], int],
    writer: asyncio.StreamWriter,
    reply: Reply,
    deltas: list[dict[str, str]],
    rate: int,
) -> None:
    written = 0
    while written < len(deltas):
        due = min(allowed(), len(deltas))
        if due > written:
            await WRITE_PACED(writer, reply, deltas[written:due], rate)
            written = due
        else:
            await asyncio.sleep(LOOK_S)


def main() -> int:
    """The workstation, with its simulated answers held."""
    from functools import partial

    from hawkmoth_tui.cli import main as hawkmoth

    file = Path(sys.argv[1])
    demo._write_paced = partial(_write, lambda: int(file.read_text()))
    return hawkmoth(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
