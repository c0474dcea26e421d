"""What a front end may ask of one turn beyond its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import TurnKind

if TYPE_CHECKING:
    from decimal import Decimal

    from hawkmoth_tui.core.messages import Part
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.routing.policy import Policy


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """Choices for this turn only; what is left out comes from the session, then from the settings."""

    model: ModelRef | None = None
    """Pinned for this turn; the session's own model does not change."""
    policy: str | None = None
    system: str | None = None
    attachments: tuple[Part, ...] = ()
    """Images, and texts that stand after the prompt."""
    max_cost_usd: Decimal | None = None
    """Most this turn may cost; beside the configured budget."""
    lifts_budget: bool = False
    """Whether the limits of [budget] do not hold for this turn; its cost counts all the same."""
    timeout_s: float | None = None
    """Deadline over all attempts; None: timeouts.total_s."""
    approves_switch: bool = False
    """Whether a switch dearer than `[routing] approve_above_usd` may happen in this turn."""
    among: tuple[ModelRef, ...] = ()
    """The models that the router may choose from; empty: all."""
    is_unpinned: bool = False
    """Whether the router decides although a model is pinned."""
    is_asked: bool = False
    """Whether `model`, `among` or `policy` come from the prompt's own words."""
    trial: Policy | None = None
    """A policy by its content, in place of a named one."""
    ignores_words: bool = False
    """Whether a model asked for in the prompt's own words is left unheard."""
    kind: TurnKind = TurnKind.PROMPT
    of: str | None = None
    """The turn that is retried, continued or edited; None for a prompt."""
