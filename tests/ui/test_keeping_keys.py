"""A key typed into the workstation is kept where the user says, for its host alone, and found again at the next start."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.vault import Vault
from hawkmoth_tui.settings.paths import paths_from
from hawkmoth_tui.ui.screens.key_entry import KeyScreen
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.startup import Startup
from tests.servers.scripted import ScriptedServer
from tests.ui.test_pasted_key import KEY, answer, files_with, give

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

PASSPHRASE = "battery7"
ELSEWHERE = """
[providers.lab]
protocol = "openai-chat"
base_url = "http://models.example/v1"
proxy = "{url}"
"""


async def type_unseen(sitting: Sitting, title: str, words: str) -> None:
    await sitting.until(lambda: isinstance(sitting.app.screen, KeyScreen) and title in sitting.screen_text())
    await sitting.press(*words, "enter")


async def test_in_the_encrypted_file_with_a_passphrase_asked_for_here(sit_down: SitDown, home: Path) -> None:
    async with (
        ScriptedServer(answer=answer) as server,
        sit_down(startup=Startup(), config=ELSEWHERE.format(url=server.url)) as sitting,
    ):
        await give(sitting, KEY)
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))
        offered = sitting.screen_text()
        await sitting.press("enter")
        await type_unseen(sitting, "New passphrase", PASSPHRASE)
        await type_unseen(sitting, "The same passphrase again", "another-one")
        await type_unseen(sitting, "New passphrase", PASSPHRASE)
        await type_unseen(sitting, "The same passphrase again", PASSPHRASE)
        await sitting.until(
            lambda: "kept in the encrypted key file, for models.example alone" in sitting.notices.replace("\n", " ")
        )
        await sitting.send("/keys")
        await sitting.until(lambda: "lab: key file" in sitting.notices)

    assert "in the encrypted key file" in offered
    assert "the keyring is switched off" in offered
    assert "for this run only" in offered
    assert not files_with(KEY, home)
    again = Vault(paths_from(os.environ).vault_file)
    again.unlock(Secret(PASSPHRASE))
    assert again.key("lab@models.example").secret == Secret(KEY)
    assert again.key("lab@other.example").secret is None


async def test_esc_keeps_it_for_this_run_only(sit_down: SitDown, home: Path) -> None:
    async with (
        ScriptedServer(answer=answer) as server,
        sit_down(startup=Startup(), config=ELSEWHERE.format(url=server.url)) as sitting,
    ):
        await give(sitting, KEY)
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))
        await sitting.press("escape")
        await sitting.send("/keys")
        await sitting.until(lambda: "lab: typed in, for this run" in sitting.notices)

    assert not paths_from(os.environ).vault_file.exists()
    assert not files_with(KEY, home)
