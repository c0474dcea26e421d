"""Builds a `Workstation` from the settings: opens the store, finds the catalogue, wires the engine."""

from __future__ import annotations

import asyncio
import logging
import os
from functools import partial
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.core.ids import IdSource
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.engine.costs import Costs
from hawkmoth_tui.engine.cut_turns import priced_cut
from hawkmoth_tui.engine.demo import demo_settings
from hawkmoth_tui.engine.facts import gather
from hawkmoth_tui.engine.keeper import MEMORY_ONLY, Keeper
from hawkmoth_tui.engine.keys import Keys
from hawkmoth_tui.engine.listings import Listings
from hawkmoth_tui.engine.models import Models
from hawkmoth_tui.engine.sessions import Sessions
from hawkmoth_tui.engine.storing import StoreFile
from hawkmoth_tui.engine.workstation import Workstation
from hawkmoth_tui.secrets.chain import find_key
from hawkmoth_tui.secrets.vault import Vault
from hawkmoth_tui.settings.audit import AuditLog
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hawkmoth_tui.core.facts import Facts
    from hawkmoth_tui.settings.paths import Paths
    from hawkmoth_tui.settings.schema import SessionSettings, Settings

log = logging.getLogger(__name__)


def open_workstation(
    settings: Settings,
    paths: Paths,
    env: Mapping[str, str] | None = None,
    *,
    is_demo: bool = False,
    is_about_the_store: bool = False,
    clocks: Clocks | None = None,
) -> Workstation:
    """A workstation over the user's store; call `start()` on it inside the loop.

    Needs no event loop and may run in a thread. A store that cannot be opened is replaced by one in memory, with a warning, unless
    `is_about_the_store`: then it raises StoreError.
    With `is_demo` the only provider is the simulated one and the store is a file of its own in the cache folder.
    """
    env = os.environ if env is None else env
    clocks = clocks or Clocks()
    demo = None
    if is_demo:
        from hawkmoth_tui.providers.demo import DemoServer

        settings, demo = demo_settings(settings), DemoServer()
    warnings: list[str] = []

    def facts(session_id: str) -> Facts:
        return gather(workstation, session_id, clocks.now_ms())

    kept = None if is_demo else Listings(paths.cache_dir / "models.json", clocks.now_ms)
    audit = AuditLog(paths.log_dir, clocks.now_ms)
    vault = Vault(paths.vault_file, settings.secrets.passphrase_file)
    models = Models(settings, env, partial(find_key, vault=vault), clocks.monotonic, kept, facts, audit, vault)
    file = StoreFile(paths.cache_dir / "demo.db" if is_demo else paths.db_file, clocks.now_ms, warnings.append)
    store, problem = _open_store(file, models, clocks, warnings.append, is_needed=is_about_the_store)
    ids = IdSource(clocks.now_ms, clocks.random_bits)

    def warn(message: str) -> None:
        workstation.warn(message)

    keeper = _keeper(store, problem, file, clocks, settings.session, warn)

    def current() -> Store:
        return keeper.store

    def baseline() -> str:
        model = workstation.baseline()
        return str(model.ref) if model else ""

    workstation = Workstation(
        settings,
        paths,
        models=models,
        sessions=Sessions(keeper, ids, clocks.now_ms),
        costs=Costs(current, settings.budget, baseline, clocks.now_ms),
        keys=Keys(settings, env, vault),
        keeper=keeper,
        ids=ids,
        clocks=clocks,
        demo=demo,
        audit=audit,
    )
    for warning in warnings:
        workstation.warn(warning)
    return workstation


def _keeper(
    store: Store,
    problem: StoreError | None,
    file: StoreFile,
    clocks: Clocks,
    rules: SessionSettings,
    warn: Callable[[str], None],
) -> Keeper:
    """The keeper of this store: what it goes on with when the file fails, how it tries the file again, what it does in idle time."""

    async def look_after(opened: Store) -> None:
        from hawkmoth_tui.engine import upkeep

        await asyncio.to_thread(upkeep.look_after, file, opened)
        await upkeep.follow_rules(opened, rules, clocks.now_ms())

    again = StoreFile(file.path, clocks.now_ms, warn)
    return Keeper(store, partial(_open_memory, clocks), warn, again.open_soon, problem, look_after)


def _open_memory(clocks: Clocks) -> Store:
    return Store.open(None, owner=this_process(), clock_ms=clocks.now_ms)


def _open_store(
    file: StoreFile, models: Models, clocks: Clocks, warn: Callable[[str], None], *, is_needed: bool
) -> tuple[Store, StoreError | None]:
    """The store with the turns of dead processes taken care of, or one in memory and why."""
    try:
        store = file.open(is_healing=not is_needed)
        try:
            recovered = store.recover(lambda turn: priced_cut(turn, models))
        except StoreError:
            store.close()
            raise
    except StoreError as error:
        log.error("the store cannot be used: %s", error)
        if is_needed:
            raise
        warn(f"{MEMORY_ONLY}: {error}")
        return _open_memory(clocks), error
    if recovered:
        turns = "1 answer was" if len(recovered) == 1 else f"{len(recovered)} answers were"
        warn(f"{turns} cut off when Hawkmoth last ended; what had arrived is kept")
    return store, None
