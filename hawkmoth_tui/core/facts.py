"""What Hawkmoth knows about itself at one moment: gathered by the engine, told by the `local` provider. A value, nothing is looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hawkmoth_tui.core.summaries import Spent

if TYPE_CHECKING:
    from datetime import datetime

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.summaries import SessionSummary

NOTHING = Spent(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Purse:
    """Money by period."""

    session: Spent = NOTHING
    today: Spent = NOTHING
    month: Spent = NOTHING
    ever: Spent = NOTHING
    baseline: str = ""
    """The model that savings are measured against; empty when none is known."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One moment, seen from one session."""

    now: datetime
    """With the time zone of this machine."""
    version: str = ""
    session: SessionSummary | None = None
    """The one that asks; None when it is not known."""
    sessions: tuple[SessionSummary, ...] = ()
    """The last used first; capped."""
    has_more_sessions: bool = False
    """Whether there are more than `sessions` holds."""
    purse: Purse = field(default_factory=Purse)
    models: tuple[Model, ...] = ()
    """Those that can be used now, this provider's own left out."""
    policy: str = ""
    store_file: str = ""
    """Empty when this run is kept in memory."""
    config_file: str = ""
    log_folder: str = ""
