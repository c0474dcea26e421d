"""A model asked for in words: which, for how long, and what is left to answer. `routing.switching` recognises it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import ModelRef


class Scope(StrEnum):
    """For how long a switch holds."""

    TURN = "turn"
    SESSION = "session"
    IDLE = "idle"
    """In this session, until nothing was asked there for a while."""
    ALWAYS = "always"
    """In every session, until it is taken back."""


class Wish(StrEnum):
    """A model asked for by what it is like."""

    AUTO = "auto"
    """Whatever the router chooses."""
    CHEAPEST = "cheapest"
    BALANCED = "balanced"
    BEST = "best"
    FAST = "fast"
    PRIVATE = "private"
    """On this machine."""
    REASONING = "reasoning"
    """One that thinks before it answers."""
    STRONGER = "stronger"
    """Better than the one that answered last."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user's own words ask for."""

    words: str
    """The words that ask for it, as they were typed."""
    scope: Scope
    question: str
    """The prompt without these words; empty when nothing is left to answer."""
    models: tuple[ModelRef, ...] = ()
    """Any of these will do; empty for a wish."""
    wish: Wish | None = None
    """None: models are named."""
