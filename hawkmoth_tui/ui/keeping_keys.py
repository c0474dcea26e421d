"""A key that was typed into the workstation, kept for good: in the keyring, in the encrypted file, or nowhere, as the user chooses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.engine.keys import Place
from hawkmoth_tui.settings.address import host_of
from hawkmoth_tui.ui.lines import MUTED, STRONG, cut, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk
    from hawkmoth_tui.ui.screens.pick import Picked

NOWHERE = "nowhere"
_NAMES = {Place.KEYRING: "the keyring", Place.FILE: "the encrypted key file"}


async def offer_to_keep(app: HawkmothApp, desk: Desk, provider: str, secret: Secret) -> None:
    """Ask where the key is to be kept, where anybody would look for it; Esc keeps it for this run only."""
    keys = desk.workstation.keys
    places = keys.looked_at(provider)
    if not places:
        return
    problem = await asyncio.to_thread(keys.keyring_problem, provider)
    host = host_of(keys.provider(provider).base_url)
    rows = [
        _row(place, f"in {_NAMES[place]}", problem if place is Place.FILE else f"for {host} alone")
        for place in places
        if place is not Place.KEYRING or not problem
    ]
    rows.append(_row(NOWHERE, "for this run only", "" if len(rows) else problem))

    def picked(choice: Picked | None) -> None:
        if choice is not None and choice.key != NOWHERE:
            keep = _keep(app, desk, provider, secret, Place(choice.key))
            app.run_worker(keep, name="keeping a key", group="trying a key")

    app.push_screen(PickScreen(plain(f"Keep the key of {provider}?"), rows, nothing=""), picked)


async def _keep(app: HawkmothApp, desk: Desk, provider: str, secret: Secret, place: Place) -> None:
    """Store the key, and say where it went, why a better place failed, and what still wins over it."""
    keys = desk.workstation.keys
    try:
        if place is Place.FILE and keys.must_ask:
            passphrase = await _passphrase(app, is_new=not keys.has_file)
            if passphrase is None:
                app.conversation.answer(f"the key of {provider} is used for this run only")
                return
            await asyncio.to_thread(keys.unlock, passphrase)
        kept = await asyncio.to_thread(keys.store, provider, secret, place)
    except HawkmothError as error:
        app.conversation.answer(f"the key is used for this run and not kept: {error}", Weight.PROBLEM)
        return
    if not kept.hidden_by:
        await desk.workstation.models.access.find_again(provider)
    hidden = f"; {kept.hidden_by} is asked first and wins as long as it is there" if kept.hidden_by else ""
    app.conversation.answer(
        f"the key of {provider} is kept in {_NAMES[kept.place]}, for {kept.host} alone{hidden}",
        Weight.WARNING if hidden else Weight.PLAIN,
    )


async def _passphrase(app: HawkmothApp, *, is_new: bool) -> Secret | None:
    """The passphrase of the encrypted file, a new one typed twice. None: the user thought better of it."""
    if not is_new:
        return await _typed(
            app, "Passphrase of the encrypted key file", "It opens the file for this run and is written nowhere."
        )
    while True:
        first = await _typed(
            app,
            "New passphrase for the encrypted key file",
            "At least 8 characters. It is written nowhere: without it the keys must be stored anew.",
        )
        again = first and await _typed(app, "The same passphrase again", "So that no slip locks you out.")
        if not again or again == first:
            return again
        app.conversation.answer("the two passphrases differ", Weight.WARNING)


async def _typed(app: HawkmothApp, title: str, told: str) -> Secret | None:
    from hawkmoth_tui.ui.screens.key_entry import KeyScreen

    return await app.push_screen_wait(KeyScreen(title, told))


def _row(key: str, title: str, told: str) -> Row:
    name = words((title, STRONG), ("   ", ""))
    return Row(key, title, lambda width: cut(name + words((told, MUTED)), width))
