"""Keys: a provider's, asked for and tried at once, and the passphrase of the encrypted file. Where one is kept is `keeping_keys`'s."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import AuthFailed, HawkmothError, ProviderError
from hawkmoth_tui.settings.masking import mask
from hawkmoth_tui.ui.keeping_keys import offer_to_keep
from hawkmoth_tui.ui.lines import MUTED, STRONG, cut, spread, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.engine.models import ProviderStatus
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk
    from hawkmoth_tui.ui.screens.pick import Picked

TRYING_S = 15.0
"""How long a provider may take to say what it has for a key."""


def ask_key(app: HawkmothApp, desk: Desk, provider: str) -> None:
    """Ask for the key of this provider; an empty name asks which provider first."""
    known = desk.workstation.models.providers()
    if not provider:

        def picked(choice: Picked | None) -> None:
            if choice is not None:
                ask_key(app, desk, choice.key)

        rows = [_provider_row(status) for status in known if status.problem]
        app.push_screen(PickScreen(plain("A key for"), rows, nothing="every provider has its key"), picked)
        return
    from hawkmoth_tui.ui.screens.key_entry import KeyScreen

    address = next((status.base_url for status in known if status.name == provider), "its server")

    def typed(secret: Secret | None) -> None:
        if secret is not None:
            app.run_worker(_try(app, desk, provider, secret), name="trying a key", group="trying a key")

    is_kept = bool(desk.workstation.keys.looked_at(provider))
    then = (
        "Whether it is kept, and where, is asked afterwards."
        if is_kept
        else "It is used for this run and written nowhere."
    )
    told = f"It is tried at once and goes to {address} only. {then}"
    app.push_screen(KeyScreen(f"Key for {provider}", told), typed)


def ask_passphrase(app: HawkmothApp, desk: Desk) -> None:
    """Ask for the passphrase of the encrypted key file."""
    from hawkmoth_tui.ui.screens.key_entry import KeyScreen

    def typed(passphrase: Secret | None) -> None:
        if passphrase is not None:
            app.run_worker(_unlock(app, desk, passphrase), name="unlocking keys", group="trying a key")

    told = "It opens the encrypted key file for this run and is written nowhere."
    app.push_screen(KeyScreen("Passphrase of the encrypted key file", told), typed)


async def _unlock(app: HawkmothApp, desk: Desk, passphrase: Secret) -> None:
    """Open the key file, and say whose keys are in it."""
    try:
        names = await desk.workstation.models.access.unlock(passphrase)
    except HawkmothError as error:
        app.conversation.answer(str(error), Weight.PROBLEM)
        return
    whose = f"it has the key of {', '.join(names)}" if names else "it has no key that was missing"
    app.conversation.answer(f"the encrypted key file is open until you leave; {whose}")
    app.opening.show_welcome(desk)


async def _try(app: HawkmothApp, desk: Desk, provider: str, secret: Secret) -> None:
    """Use the key, and say what came of it."""
    app.conversation.answer(f"asking {provider} which models it has for this key …")
    try:
        async with asyncio.timeout(TRYING_S):
            count = await desk.workstation.models.try_key(provider, secret)
    except AuthFailed as error:
        app.conversation.answer(
            f"{provider} refused it ({mask(error.message)}): this key is not used; /keys set {provider} asks again",
            Weight.PROBLEM,
        )
    except (ProviderError, TimeoutError) as error:
        why = mask(error.message) if isinstance(error, ProviderError) else f"no answer within {TRYING_S:g} s"
        app.conversation.answer(
            f"{provider} could not be asked which models it has ({why}); the key is used all the same until you leave",
            Weight.WARNING,
        )
        await offer_to_keep(app, desk, provider, secret)
    except HawkmothError as error:
        app.conversation.answer(str(error), Weight.PROBLEM)
    else:
        models = "1 model" if count == 1 else f"{count:,} models" if count else "no list of models, and knows"
        app.conversation.answer(
            f"{provider} has {models} {'for ' if count else ''}this key; it is used until you leave and is written nowhere"
        )
        await offer_to_keep(app, desk, provider, secret)
    app.opening.show_welcome(desk)


def _provider_row(status: ProviderStatus) -> Row:
    name, address = words((status.name, STRONG)), words((status.base_url, MUTED))
    room = name.cell_length + 2
    return Row(status.name, status.name.lower(), lambda width: spread(name, cut(address, width - room), width))
