"""The tree of a session: which turns are siblings, and which turn becomes the head when another sibling is shown.

Pure. Nothing is ever taken out of a tree; a branch is chosen by its last turn, and every turn that was made can be shown again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a turn stands among its siblings."""

    number: int
    """From 1, in the order in which they were made."""
    count: int
    """Itself included."""

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


@dataclass(frozen=True, slots=True)
class Moved:
    """What is shown after the head of a session has moved."""

    session: Session
    first: str | None
    """The first turn that was not shown before; None when the branch only became shorter."""
    turns: tuple[Turn, ...]
    """From there to the new head; empty when these are more than are read at once."""


def standings(families: Iterable[Sequence[str]]) -> dict[str, Standing]:
    """The standing of each turn that has siblings, by its id; a family is all turns after one parent, in the order they were made."""
    return {
        turn_id: Standing(number, len(family))
        for family in families
        if len(family) > 1
        for number, turn_id in enumerate(family, 1)
    }


def neighbour(family: Sequence[str], turn_id: str, step: int) -> str:
    """The sibling so many steps on, round and round: with two, every step shows the other."""
    return family[(family.index(turn_id) + step) % len(family)]


def tip_below(turn_id: str, children: Callable[[str], Sequence[str]], shown_tip: Callable[[str], str | None]) -> str:
    """The turn that becomes the head when this one is to be shown: the one that was the head below it when it was last left; where it
    never was, and past it where more has come, the newest child of the newest child."""
    tip = shown_tip(turn_id) or turn_id
    while family := children(tip):
        tip = shown_tip(family[-1]) or family[-1]
    return tip


def parting(
    one: str | None, other: str | None, above: Callable[[str], tuple[int, str | None]]
) -> tuple[str | None, str | None]:
    """Where two branches part: the first turn of each, given by its last turn, that the other one has not; None where it has all.

    `above` tells when a turn was made, as a number, and its parent. Only what is not common is walked through.
    """
    first: str | None = None
    other_first: str | None = None
    while one != other:
        if other is None or (one is not None and above(one)[0] > above(other)[0]):
            first, one = one, above(one)[1] if one is not None else None
        else:
            other_first, other = other, above(other)[1]
    return first, other_first
