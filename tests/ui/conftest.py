"""The real workstation on the real screen, with the simulated models over loopback."""

from __future__ import annotations

import os
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.engine.opening import open_workstation
from hawkmoth_tui.providers import demo
from hawkmoth_tui.settings.load import load
from hawkmoth_tui.settings.paths import theme_dirs
from hawkmoth_tui.ui.app import HawkmothApp
from hawkmoth_tui.ui.startup import Startup
from tests.patience import PATIENCE_S
from tests.servers.held import Held

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from textual.pilot import Pilot

    from hawkmoth_tui.core.errors import HawkmothError
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.desk import Desk


class Sitting:
    """Somebody in front of the workstation."""

    def __init__(self, app: HawkmothApp, pilot: Pilot[HawkmothError]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def desk(self) -> Desk:
        assert self.app.desk is not None
        return self.app.desk

    @property
    def written(self) -> str:
        """What stands in the composer."""
        return self.app.conversation.composer.text

    @property
    def notices(self) -> str:
        return "\n".join(message for message, _ in self.app.conversation.notices.notices)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What the transcript shows."""
        transcript = self.app.conversation.transcript
        return transcript.turns if transcript is not None else ()

    def screen_text(self) -> str:
        """The cells of the whole screen."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    def routing(self, width: int = 36) -> str:
        return "\n".join(line.plain for line in self.app.conversation.panes.routing.lines(width))

    def cost(self, width: int = 36) -> str:
        return "\n".join(line.plain for line in self.app.conversation.panes.cost.lines(width))

    def status(self) -> str:
        return self.app.conversation.status.render().plain

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the app work until something holds; fails with the screen when it does not."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"{self.screen_text()}\n{self.notices}"
            await self.pilot.pause()

    async def send(self, text: str) -> None:
        """Write a prompt and press Enter."""
        self.app.conversation.composer.put(text)
        await self.press("enter")

    async def begin(self, text: str) -> None:
        """Send a prompt and wait for the first words of its answer."""
        count = len(self.turns)
        await self.send(text)
        await self.until(lambda: len(self.turns) > count and self.turns[-1].text)

    async def ask(self, text: str) -> Turn:
        """Send a prompt and wait until its answer is complete."""
        count = len(self.turns)
        await self.send(text)
        await self.until(lambda: len(self.turns) > count and not self.turns[-1].state.is_live)
        return self.turns[-1]


@pytest.fixture
def sit_down(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractAsyncContextManager[Sitting]]:
    """Opens the workstation in a headless terminal of all colours; `config` becomes its config.toml."""
    monkeypatch.setenv("COLORTERM", "truecolor")

    @asynccontextmanager
    async def open_screen(
        *,
        size: tuple[int, int] = (120, 40),
        config: str = "",
        startup: Startup | None = None,
        waits: bool = True,
    ) -> AsyncGenerator[Sitting, None]:
        (home / "config.toml").write_text(config)
        loaded = load(os.environ)
        startup = startup or Startup(is_demo=True)
        app = HawkmothApp(
            lambda: open_workstation(loaded.settings, loaded.paths, is_demo=startup.is_demo),
            loaded.settings,
            theme_dirs(loaded.paths),
            startup,
        )
        async with app.run_test(size=size) as pilot:
            sitting = Sitting(app, pilot)
            if waits:
                await app.opened()
                await sitting.until(lambda: app.conversation.transcript is not None)
            yield sitting

    return open_screen


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Every simulated answer waits after ten tokens until the test lets it go on."""
    held = Held(10)
    monkeypatch.setattr(demo, "_write_paced", held.write)
    return held
