"""A workstation for one command: settings read, log opened, store opened, everything let go of at the end."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hawkmoth_tui.headless.streams import tell

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.settings.load import Loaded


def configuration(flags: Mapping[str, str] | None = None) -> Loaded:
    """The user's configuration, and the log opened where it says. Raises ConfigError."""
    from hawkmoth_tui.settings.load import load
    from hawkmoth_tui.settings.log import open_log

    loaded = load(os.environ, flags or {})
    open_log(loaded.paths)
    return loaded


@asynccontextmanager
async def workstation(*, is_about_the_store: bool = False, starts: bool = True) -> AsyncIterator[Workstation]:
    """The workstation, started; its warnings are said on stderr. Raises HawkmothError.

    `is_about_the_store`: raise StoreError instead of going on from memory. `starts`: make it ready for turns.
    """
    from hawkmoth_tui.engine.opening import open_workstation

    loaded = configuration()
    opened = await asyncio.to_thread(
        open_workstation, loaded.settings, loaded.paths, os.environ, is_about_the_store=is_about_the_store
    )
    said = Warnings(opened)
    said.tell()
    try:
        if starts:
            await opened.start(discover=False)
        yield opened
    finally:
        said.tell()
        await opened.aclose()
        said.tell()


class Warnings:
    """What a workstation has to say about this run, each thing once."""

    def __init__(self, source: Workstation) -> None:
        self._source = source
        self._told: set[str] = set()

    def tell(self) -> None:
        """Say on stderr what is new."""
        for warning in self._source.warnings:
            if warning not in self._told:
                self._told.add(warning)
                tell(f"hawkmoth: {warning}")
