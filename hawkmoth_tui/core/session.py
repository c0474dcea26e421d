"""One saved conversation: a tree of turns with a head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from hawkmoth_tui.core.models import ModelRef


@dataclass(frozen=True, slots=True)
class Generation:
    """How answers are made. None: the provider's default."""

    system: str = ""
    temperature: Decimal | None = None
    max_output_tokens: int | None = None
    reasoning_effort: str | None = None
    """low | medium | high, as the protocol names it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation's own facts; its turns are stored beside it."""

    id: str
    title: str
    """Empty until the first prompt gave one."""
    created_at_ms: int
    updated_at_ms: int
    head_turn_id: str | None = None
    """The turn that the next prompt follows; None in an empty session."""
    model: ModelRef | None = None
    """The model pinned for this session; None: the router decides."""
    policy: str | None = None
    """The policy chosen for this session; None: the configured one."""
    generation: Generation | None = None
    """Overrides set with /set and /system; None: the configured generation settings."""
    tags: tuple[str, ...] = ()
    """The user's own words for it, in the order in which they were given; each is one word in lower case."""
    is_archived: bool = False
    """Whether lists leave it out until they are asked for it."""
    is_on_top: bool = False
    """Whether it stands first in lists."""
