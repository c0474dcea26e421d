"""`hawkmoth store`: copy, restore and check the database file."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.engine import upkeep
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.headless.exits import DONE, NEEDS_THE_USER, line
from hawkmoth_tui.headless.opening import configuration
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, show, tell

if TYPE_CHECKING:
    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.engine.upkeep import Restored


@click.group("store")
def command() -> None:
    """The database file that holds all sessions."""


@command.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@as_json()
def backup(file: Path | None, is_json: bool) -> int:
    """Copy the store to FILE, or into the folder of daily copies, where the newest seven stay. Works while Hawkmoth runs."""
    copy = upkeep.back_up(configuration().paths.db_file, _now_ms, file.absolute() if file else None)
    size = copy.stat().st_size
    if is_json:
        emit(dumps({"file": str(copy), "bytes": size}, indent=1) + "\n")
    else:
        show(f"the store is copied to {copy} ({size / 1e6:.1f} MB)")
    return DONE


@command.command("restore")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@as_json()
def restore(file: Path | None, is_json: bool) -> int:
    """Bring back what the store has not: from FILE, or from what was damaged and the newest daily copy.

    Nothing that is in the store is lost by it; a damaged store is set aside and a new one begun.
    """
    path = configuration().paths.db_file
    done = asyncio.run(upkeep.restore(path, _now_ms, file.absolute() if file else None))
    if is_json:
        emit(dumps(_document(done), indent=1) + "\n")
    else:
        if done.set_aside:
            show(f"the damaged store was set aside as {done.set_aside.name}")
        names = ", ".join(source.name for source in done.sources)
        show(f"{done.sessions} sessions, {done.turns} turns and {done.ledger_rows} amounts are back, from {names}")
    return DONE


@command.command("check")
@click.option(
    "--full", "is_thorough", is_flag=True, help="Also every index, every reference and every sum of the ledger."
)
@as_json()
def check(is_thorough: bool, is_json: bool) -> int:
    """Look whether the store's file is sound, and say what is kept of it and for how long; exit 1 if it is not sound."""
    loaded = configuration()
    path, rules = loaded.paths.db_file, loaded.settings.session
    found = upkeep.check(path, is_thorough=is_thorough)
    copies = upkeep.daily_copies(path)
    if is_json:
        document: dict[str, Json] = {
            "file": str(path),
            "ok": not found,
            "problems": list(found),
            "copies": [str(copy) for copy in copies],
            "retain_days": rules.retain_days,
            "keep_deleted_days": rules.keep_deleted_days,
        }
        emit(dumps(document, indent=1) + "\n")
    else:
        show("\n".join(one_line(each, 400) for each in found) or f"{path} is sound")
        show(f"daily copies: {len(copies)}, the newest {copies[0]}" if copies else "daily copies: none yet")
        show(upkeep.rules_text(rules))
    if not found:
        return DONE
    tell(line("the store is damaged", "`hawkmoth store restore` mends it, and keeps the damaged file"))
    return NEEDS_THE_USER


def _document(done: Restored) -> dict[str, Json]:
    return {
        "sources": [str(source) for source in done.sources],
        "sessions": done.sessions,
        "turns": done.turns,
        "ledger_rows": done.ledger_rows,
        "set_aside": str(done.set_aside) if done.set_aside else None,
    }


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
