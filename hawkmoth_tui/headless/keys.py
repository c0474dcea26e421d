"""`hawkmoth keys`: stores, lists, tries and removes keys. A key is typed unseen or piped in; it is never an argument and never shown."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.engine.keys import Keys, Place
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.opening import configuration, workstation
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, is_terminal, show, tell
from hawkmoth_tui.headless.tables import Column, Give, output_width, paints, table
from hawkmoth_tui.headless.unseen import asked, asked_new_passphrase, asked_passphrase, can_ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.engine.keys import KeyLine

COLUMNS = (
    Column("PROVIDER"),
    Column("HOST"),
    Column("KEY FROM"),
    Column("", gives=Give.FIRST),
)
MOST_BYTES = 16 * 1024


@click.group("keys")
def command() -> None:
    """Where keys come from, and where they are kept: environment, key command, keyring, encrypted file. Never prints a key."""


@command.command("set")
@click.argument("provider")
@click.argument("typed", nargs=-1, metavar="")
@click.option(
    "--store",
    "place",
    type=click.Choice([place.value for place in Place]),
    default=Place.AUTO.value,
    help="keyring, file (encrypted), or auto: the keyring where there is one.",
)
def set_key(provider: str, typed: tuple[str, ...], place: str) -> int:
    """Store PROVIDER's key, typed unseen or piped in, for its own host alone."""
    if typed:
        raise UserError(
            "a key is never an argument, where the shell's history and other users see it",
            f"run `hawkmoth keys set {provider}` and type it, or pipe it in; change the key that was shown",
        )
    keys = _keys()
    keys.provider(provider)
    secret = _typed(f"key for {provider}")
    chosen = _place(keys, provider, Place(place))
    kept = keys.store(provider, secret, chosen)
    if kept.place is Place.FILE and kept.passed_over:
        tell(f"hawkmoth: not in the keyring: {kept.passed_over}")
    where = "the keyring" if kept.place is Place.KEYRING else "the encrypted key file"
    show(f"the key of {provider} is kept in {where}, for {kept.host} alone")
    if kept.hidden_by:
        tell(f"hawkmoth: {kept.hidden_by} is asked first and wins as long as it is there")
    return DONE


@command.command("list")
@as_json()
def list_keys(is_json: bool) -> int:
    """Every provider, where its key comes from, and why a better place gave none."""
    keys = _keys()
    if _can_unlock(keys):
        keys.unlock(asked_passphrase())
    lines = keys.lines()
    if is_json:
        emit(dumps([_document(each) for each in lines], indent=1) + "\n")
    else:
        emit(_text(lines, output_width(), is_painted=paints()) + "\n")
    return DONE


@command.command("test")
@click.argument("provider")
def test_key(provider: str) -> int:
    """Ask PROVIDER for its list of models with its key, which costs nothing."""
    keys = _keys()
    keys.provider(provider)
    return asyncio.run(_test(provider, keys))


@command.command("delete")
@click.argument("provider")
def delete_key(provider: str) -> int:
    """Take PROVIDER's key out of the keyring and the encrypted file."""
    keys = _keys()
    keys.provider(provider)
    if keys.has_file and keys.must_ask:
        keys.unlock(asked_passphrase())
    places, problem = keys.delete(provider)
    if not places:
        raise UserError(
            f"no key of {provider} is stored" + (f" ({problem})" if problem else ""),
            "`hawkmoth keys list` shows where keys come from",
        )
    names = {Place.KEYRING: "the keyring", Place.FILE: "the encrypted key file"}
    show(f"the key of {provider} is taken out of {' and '.join(names[place] for place in places)}")
    return DONE


def _keys() -> Keys:
    from hawkmoth_tui.secrets.vault import Vault

    loaded = configuration()
    vault = Vault(loaded.paths.vault_file, loaded.settings.secrets.passphrase_file)
    return Keys(loaded.settings, os.environ, vault)


def _place(keys: Keys, provider: str, place: Place) -> Place:
    """Where the key will go; the passphrase is asked for when that is the encrypted file."""
    problem = keys.keyring_problem(provider) if place is Place.AUTO else ""
    if place is Place.KEYRING or (place is Place.AUTO and not problem):
        return place
    if keys.must_ask:
        if not is_terminal(sys.stdin):
            why = f"{problem}; " if problem else ""
            raise UserError(
                f"{why}the encrypted key file needs a passphrase",
                "run it in a terminal, or name [secrets] passphrase_file",
            )
        if problem:
            tell(f"hawkmoth: not in the keyring: {problem}; it goes into the encrypted key file")
        keys.unlock(asked_passphrase() if keys.has_file else asked_new_passphrase())
        return Place.FILE
    return place


def _can_unlock(keys: Keys) -> bool:
    """Whether the file is locked, and somebody at a terminal can be asked for its passphrase."""
    return keys.has_file and keys.must_ask and can_ask()


def _typed(what: str) -> Secret:
    """A key from the pipe, or typed unseen."""
    if is_terminal(sys.stdin):
        return asked(what)
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UserError("what was piped in is too long for a key", "pipe the key alone")
    return Secret(data.decode("utf-8", "replace").strip())


async def _test(provider: str, keys: Keys) -> int:
    async with workstation() as station:
        finding = await station.models.access.key(provider)
        if finding.is_needed and finding.secret is None and _can_unlock(keys):
            await station.models.access.unlock(asked_passphrase())
            finding = await station.models.access.key(provider)
        asked = await station.models.provider(provider)
        models = await asked.list_models()
    with_it = f"with the key from {finding.source}" if finding.source else "without a key, which it does not need"
    what = f"{len(models)} models" if models else "it has no list of models"
    show(f"{provider} answers {with_it}: {what}")
    return DONE


def _document(each: KeyLine) -> dict[str, Json]:
    return {
        "provider": each.provider,
        "host": each.host,
        "source": each.source or None,
        "is_needed": each.is_needed,
        "problem": each.problem or None,
    }


def _text(lines: Sequence[KeyLine], width: int, *, is_painted: bool) -> str:
    rows = [
        [each.provider, each.host, each.source or ("-" if each.is_needed else "needs none"), each.problem]
        for each in lines
    ]
    return table(COLUMNS, rows, width, is_painted=is_painted)
