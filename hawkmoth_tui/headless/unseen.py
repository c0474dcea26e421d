"""Things typed unseen at the terminal: keys, and the passphrase of the encrypted key file."""

from __future__ import annotations

import sys

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.headless.streams import is_terminal


def can_ask() -> bool:
    """Whether somebody sits at a terminal who can be asked and answer."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def asked(what: str) -> Secret:
    """What was typed. Raises UserError for nothing."""
    from getpass import getpass

    try:
        typed = getpass(f"{what}: ", stream=sys.stderr).strip()
    except EOFError:
        typed = ""
    if not typed:
        raise UserError(f"no {what} was given", "type or paste it, then press Enter")
    return Secret(typed)


def asked_passphrase() -> Secret:
    """The passphrase of the encrypted key file that there is."""
    return asked("passphrase of the encrypted key file")


def asked_new_passphrase() -> Secret:
    """The passphrase of one that will be made, typed twice."""
    first = asked("new passphrase for the encrypted key file")
    if asked("the same passphrase again") != first:
        raise UserError("the two passphrases differ", "try again")
    return first
