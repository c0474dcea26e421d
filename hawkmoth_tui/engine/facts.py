"""What Hawkmoth knows about itself, gathered when the `local` provider is asked for it, and not before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.facts import Facts

if TYPE_CHECKING:
    from hawkmoth_tui.engine.workstation import Workstation

MOST_SESSIONS = 100
"""Sessions that are read; beyond them it is only said that there are more."""


def gather(opened: Workstation, session_id: str, now_ms: int) -> Facts:
    """The facts of this moment, as this session sees them; "" for none. A few short reads of the store."""
    sessions = opened.sessions.list(MOST_SESSIONS + 1)
    session = next((each for each in sessions if each.session.id == session_id), None)
    policy = session.session.policy if session else None
    return Facts(
        now=datetime.fromtimestamp(now_ms / 1000).astimezone(),
        version=_version(),
        session=session,
        sessions=sessions[:MOST_SESSIONS],
        has_more_sessions=len(sessions) > MOST_SESSIONS,
        purse=opened.costs.purse(session_id or None),
        models=tuple(model for model in opened.models.usable() if not model.is_facts),
        policy=policy or opened.settings.routing.policy,
        store_file="" if opened.is_in_memory else str(opened.paths.db_file),
        config_file=str(opened.paths.config_file),
        log_folder=str(opened.paths.log_dir),
    )


def clock_alone(session_id: str) -> Facts:
    """What is known without a workstation: the time."""
    return Facts(datetime.now().astimezone())


def _version() -> str:
    """Of the installed distribution; empty when it runs from a folder."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("hawkmoth-tui")
    except PackageNotFoundError:
        return ""
