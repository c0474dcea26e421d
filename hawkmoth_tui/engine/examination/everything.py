"""All findings about one machine, one user and one terminal."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ConfigError, HawkmothError
from hawkmoth_tui.engine.examination import machine
from hawkmoth_tui.engine.examination.finding import Finding
from hawkmoth_tui.engine.examination.servers import providers
from hawkmoth_tui.engine.examination.storage import deep, store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.engine.examination.finding import Screen
    from hawkmoth_tui.settings.load import Loaded


async def everything(env: Mapping[str, str], screen: Screen, *, is_deep: bool = False) -> tuple[Finding, ...]:
    """All findings, in the order they are told; `is_deep` adds what may take minutes."""
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.secrets.chain import find_key
    from hawkmoth_tui.secrets.vault import Vault
    from hawkmoth_tui.settings.paths import paths_from

    config, loaded = configuration(env)
    paths = loaded.paths if loaded else paths_from(env)
    found = [
        machine.python(),
        machine.sqlite(),
        machine.terminal(env, screen),
        machine.locale(env),
        config,
        machine.log_folder(paths),
    ]
    found.append(await asyncio.to_thread(machine.tokens))
    found.append(await asyncio.to_thread(machine.router))
    found += await asyncio.to_thread(store, paths)
    if is_deep:
        found.append(await asyncio.to_thread(deep, paths))
    if loaded is not None:
        vault = Vault(loaded.paths.vault_file, loaded.settings.secrets.passphrase_file)
        models = Models(loaded.settings, env, partial(find_key, vault=vault), time.monotonic)
        try:
            found += await providers(loaded, models)
        except HawkmothError as error:
            found.append(Finding("providers", False, error.message, error.hint))
        finally:
            await models.aclose()
    return tuple(found)


def configuration(env: Mapping[str, str]) -> tuple[Finding, Loaded | None]:
    """Whether the configuration can be read; None when it cannot."""
    from hawkmoth_tui.settings.load import load

    try:
        loaded = load(env)
    except ConfigError as error:
        return Finding("config", False, error.message, error.hint), None
    file = loaded.paths.config_file
    return Finding("config", True, str(file) if file.exists() else f"{file} is not there, which is fine"), loaded
