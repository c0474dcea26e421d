"""How the screen is driven over lines of different quality: how often, in how many colours, in what steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.settings.schema import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping


class Manner(NamedTuple):
    """What a profile means."""

    rest_s: float
    """From the end of one frame of a growing answer to the beginning of the next, at least. What a key changes never waits for it."""
    stride_rows: int
    """Rows by which a growing answer moves up at once where other text stands beside it: that has to be painted again each time."""
    colours: str = ""
    """Textual's name of the most colours that are sent; empty: as many as the terminal has."""


ALL_COLOURS = ("truecolor", "24bit")
"""What COLORTERM says of a terminal that has more than 256 colours; no other is held to fewer, for it may not have as many."""

FULL = Manner(rest_s=0.040, stride_rows=3)
SSH = Manner(rest_s=0.120, stride_rows=15, colours="256")


def profile_for(chosen: Profile, env: Mapping[str, str]) -> Profile:
    """The profile in force: `auto` is ssh inside an SSH connection, else full."""
    if chosen is not Profile.AUTO:
        return chosen
    return Profile.SSH if env.get("SSH_CONNECTION") else Profile.FULL


def manner_of(profile: Profile) -> Manner:
    """What the profile in force means."""
    return SSH if profile is Profile.SSH else FULL


def set_textual(manner: Manner, env: MutableMapping[str, str]) -> None:
    """Tell Textual, before it is imported; what the user has set in its own variables stands. Nothing is ever animated."""
    env.setdefault("TEXTUAL_ANIMATIONS", "none")
    if manner.colours and env.get("COLORTERM", "").strip().lower() in ALL_COLOURS:
        env.setdefault("TEXTUAL_COLOR_SYSTEM", manner.colours)
