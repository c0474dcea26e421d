"""The sessions that are open on this screen, in the order in which they were opened, and what happens in them unseen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Badge(Enum):
    """What a tab says beside its title: a mark and a colour."""

    QUIET = ("", "")
    STREAMING = ("●", "$route")
    ANSWERED = ("✓", "$success")
    """Complete, and not looked at since."""
    BROKEN = ("✗", "$error")
    """Ended without a whole answer, and not looked at since."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One open session."""

    session_id: str
    """Empty for a new one without a prompt."""
    title: str = ""
    badge: Badge = Badge.QUIET


class Tabs:
    """Which sessions are open, and which is on the screen."""

    def __init__(self) -> None:
        self.tabs: tuple[Tab, ...] = ()
        self.place = 0

    @property
    def current(self) -> Tab | None:
        return self.tabs[self.place] if self.tabs else None

    def show(self, session_id: str, title: str) -> None:
        """This session is on the screen now. A new one takes the place of an empty one that got its first prompt."""
        ids = [tab.session_id for tab in self.tabs]
        if session_id not in ids:
            is_first_prompt = self.current is not None and not self.current.session_id and bool(session_id)
            kept = [tab for tab in self.tabs if tab.session_id or not is_first_prompt]
            self.tabs = (*kept, Tab(session_id))
            ids = [tab.session_id for tab in self.tabs]
        elif "" in ids and session_id:
            self.tabs = tuple(tab for tab in self.tabs if tab.session_id)
            ids = [tab.session_id for tab in self.tabs]
        self.place = ids.index(session_id)
        self._change(session_id, title=title, badge=Badge.QUIET)

    def mark(self, session_id: str, badge: Badge) -> None:
        """Something happens in a session; nothing is shown of one that is not open."""
        self._change(session_id, badge=badge)

    def rename(self, session_id: str, title: str) -> None:
        """Show this title."""
        self._change(session_id, title=title)

    def neighbour(self, step: int) -> Tab | None:
        """The tab so many places on, around the end. None when there is only one."""
        return self.tabs[(self.place + step) % len(self.tabs)] if len(self.tabs) > 1 else None

    def close(self) -> Tab | None:
        """Take the current tab away. Returns the one to show instead; None: nothing but an empty session is left."""
        self.tabs = (*self.tabs[: self.place], *self.tabs[self.place + 1 :])
        self.place = max(0, min(self.place, len(self.tabs) - 1))
        return self.current

    def _change(self, session_id: str, *, title: str | None = None, badge: Badge | None = None) -> None:
        self.tabs = tuple(
            replace(tab, title=tab.title if title is None else title, badge=badge or tab.badge)
            if tab.session_id == session_id
            else tab
            for tab in self.tabs
        )
