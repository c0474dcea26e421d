"""What the command line asked the workstation to begin with."""

from __future__ import annotations

from typing import NamedTuple


class Startup(NamedTuple):
    """Choices of one run, beyond the settings."""

    session_id: str | None = None
    """The session to open. None: a new one with the first prompt."""
    is_continue: bool = False
    """Open the session that was used last; a new one, said so, when there is none."""
    model: str | None = None
    """Pin the session to this model, as the user wrote it."""
    policy: str | None = None
    """Policy of the session, checked by the caller."""
    is_demo: bool = False
    """Whether everything is simulated; the screen says so from the first frame."""
