"""Keys that are stored behind a passphrase: the workstation asks for it, and has them until it ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.vault import Vault
from hawkmoth_tui.settings.paths import paths_from
from hawkmoth_tui.ui.screens.key_entry import KeyScreen
from hawkmoth_tui.ui.startup import Startup

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

PASSPHRASE = "battery7"


@pytest.fixture
def locked(home: Path) -> None:
    """An encrypted key file with one key."""
    vault = Vault(paths_from(os.environ).vault_file)
    vault.unlock(Secret(PASSPHRASE))
    vault.store("openai@api.openai.com", Secret("sk-test-0123456789abcdef"))


async def unlock(sitting: Sitting, passphrase: str) -> None:
    await sitting.send("/keys unlock")
    await sitting.until(lambda: isinstance(sitting.app.screen, KeyScreen))
    await sitting.press(*passphrase)
    assert passphrase not in sitting.screen_text()
    await sitting.press("enter")


@pytest.mark.usefixtures("locked")
async def test_the_passphrase_opens_them_for_this_run(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup()) as sitting:
        await unlock(sitting, "wrong-one")
        await sitting.until(lambda: "the passphrase does not open the encrypted key file" in sitting.notices)
        await unlock(sitting, PASSPHRASE)
        await sitting.until(lambda: "it has the key of openai" in sitting.notices)
        await sitting.send("/keys")
        await sitting.until(lambda: "openai: key file" in sitting.notices)

        assert "openai" in (sitting.app.conversation.welcome.providers or ())


@pytest.mark.usefixtures("locked")
async def test_a_prompt_that_only_the_passphrase_keeps_back_asks_for_it(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup()) as sitting:
        await sitting.send("hello")
        await sitting.until(lambda: isinstance(sitting.app.screen, KeyScreen))
        await sitting.press(*PASSPHRASE, "enter")
        await sitting.until(lambda: "it has the key of openai" in sitting.notices)

        assert sitting.written == "hello"


async def test_without_such_a_file_it_is_told_how_one_is_made(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup()) as sitting:
        await sitting.send("/keys unlock")
        await sitting.until(lambda: "there is no encrypted key file" in sitting.notices)

        assert not isinstance(sitting.app.screen, KeyScreen)
