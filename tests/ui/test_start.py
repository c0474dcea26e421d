"""The first frame is cheap: nothing heavy is imported for it, and nothing runs when nobody does anything."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.settings.schema import Profile
from hawkmoth_tui.ui.profiles import FULL, manner_of, profile_for, set_textual
from hawkmoth_tui.ui.quiet import Quiet
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

FIRST_FRAME = """
import asyncio, sys
from hawkmoth_tui.settings.load import load
from hawkmoth_tui.settings.paths import theme_dirs
from hawkmoth_tui.ui.app import HawkmothApp

async def main():
    loaded = load({"HAWKMOTH_HOME": "nowhere"})
    app = HawkmothApp(lambda: None, loaded.settings, theme_dirs(loaded.paths))
    app.opening.quiet.pause = asyncio.Event().wait
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        print(*sorted(name for name in sys.modules if name.split(".")[0] in FOREIGN or name.startswith(OURS)))

FOREIGN = {"httpx", "httpcore", "pydantic", "keyring", "tiktoken", "click", "ssl", "markdown_it", "pygments", "sqlite3"}
FOREIGN |= {"plotext", "textual_plotext"}
OURS = tuple("hawkmoth_tui." + name for name in ("engine", "store", "providers", "routing", "catalog", "secrets", "commands"))
asyncio.run(main())
"""


def test_the_first_frame_imports_nothing_heavy() -> None:
    result = subprocess.run([sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    heavy = set(result.stdout.split()) - {"ssl"}
    assert heavy == set()


async def test_an_idle_screen_has_no_running_timer(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("hello tokens=20 rate=0")
        await sitting.until(lambda: sitting.app._draft_timer is None)
        await sitting.pilot.pause(0.3)

        nodes = [sitting.app, sitting.app.screen, *sitting.app.screen.walk_children()]
        running = [timer for node in nodes for timer in node._timers if timer._active.is_set()]

        assert running == []


async def test_a_pause_comes_after_the_last_key_or_at_once_in_a_hurry() -> None:
    quiet = Quiet()
    waiting = asyncio.create_task(quiet.pause())
    await asyncio.sleep(0)
    assert not waiting.done()

    quiet.hurry()
    await waiting
    await quiet.pause()


async def test_a_pause_ends_by_itself() -> None:
    async with asyncio.timeout(PATIENCE_S):
        await Quiet().pause()


def test_ssh_is_noticed_and_asks_for_fewer_frames_and_colours() -> None:
    env = {"COLORTERM": "truecolor"}
    manner = manner_of(profile_for(Profile.AUTO, {"SSH_CONNECTION": "1 2 3 4"}))

    set_textual(manner, env)

    assert manner.rest_s > FULL.rest_s
    assert env["TEXTUAL_COLOR_SYSTEM"] == "256"
    assert "TEXTUAL_FPS" not in env, "what a key changes is shown at once"


def test_what_the_user_has_told_textual_stands() -> None:
    env = {"TEXTUAL_COLOR_SYSTEM": "truecolor"}

    set_textual(manner_of(Profile.SSH), env)

    assert env["TEXTUAL_COLOR_SYSTEM"] == "truecolor"


def test_a_chosen_profile_stands() -> None:
    assert profile_for(Profile.FULL, {"SSH_CONNECTION": "1 2 3 4"}) is Profile.FULL
    assert profile_for(Profile.AUTO, {}) is Profile.FULL


@pytest.mark.parametrize(
    ("env", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "256"),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "linux"}, None),
    ],
)
def test_over_ssh_no_terminal_gets_more_colours_than_it_has(env: dict[str, str], colours: str | None) -> None:
    set_textual(manner_of(Profile.SSH), env)

    assert env.get("TEXTUAL_COLOR_SYSTEM") == colours
