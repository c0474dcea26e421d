"""What is said on the screen about other ways: by the keys in force, and never by a command for a shell where a key does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.keys import key_name

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHELL = {
    "`hawkmoth models`": ("model.pick", "/model"),
    "`hawkmoth sessions list`": ("session.pick", "/sessions"),
}
"""What the engine says to whoever sits at a shell, and what does the same here: a key's id, and the slash command."""


def way(key_id: str, command: str, keymap: Mapping[str, str]) -> str:
    """The key that does it; the slash command where no key does."""
    return key_name(key_id, keymap) or command


def on_screen(message: str, keymap: Mapping[str, str]) -> str:
    """The message with ways that are at hand here."""
    for said, (key_id, command) in _SHELL.items():
        if said in message:
            message = message.replace(said, way(key_id, command, keymap))
    return message
