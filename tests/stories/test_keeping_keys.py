"""A key typed into the workstation ends in the keyring of a real login, and the next start has it without a word."""

from __future__ import annotations

import asyncio
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.servers.scripted import ScriptedServer
from tests.terminal.driver import Terminal
from tests.ui.test_keeping_keys import ELSEWHERE
from tests.ui.test_pasted_key import KEY, answer, files_with

if TYPE_CHECKING:
    from pathlib import Path

LOGIN = "printf '%s' testpass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
HAWKMOTH = f"{sys.executable} -m hawkmoth_tui"
SESSION = (
    "dbus-run-session",
    "--",
    "sh",
    "-c",
    f"unset PYTHON_KEYRING_BACKEND; {LOGIN}; {HAWKMOTH}; {HAWKMOTH} ask hello",
)


def keep_it(home: Path) -> None:
    env = {"XDG_RUNTIME_DIR": str(home), "HOME": str(home)}
    with Terminal(program=SESSION, env=env, columns=100, rows=30) as terminal:
        terminal.wait_for("No model can be reached yet")
        terminal.type("/keys set lab")
        terminal.wait_for("/keys set lab")
        terminal.key("enter")
        terminal.wait_for("Key for lab")
        terminal.type(KEY)
        terminal.key("enter")
        terminal.wait_for("Keep the key of lab?", "in the keyring   for models.example alone")
        terminal.key("enter")
        terminal.wait_for("the key of lab is kept in the keyring")
        terminal.key("ctrl+q")
        terminal.wait_for("from the lab")
        assert terminal.wait_exit() == 0
        assert KEY.encode() not in terminal.raw


async def test_it_goes_into_the_keyring_of_this_login(home: Path) -> None:
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    models = '[[providers.lab.models]]\nid = "moth-small"\n'

    async with ScriptedServer(answer=answer) as server:
        (home / "config.toml").write_text(ELSEWHERE.format(url=server.url) + models)
        await asyncio.to_thread(keep_it, home)

    assert not files_with(KEY, home)
