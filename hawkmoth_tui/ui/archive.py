"""The saved sessions as the picker lists them, and their last turns for the preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.turn import TurnKind
from hawkmoth_tui.ui.columns import Column, fitting_columns, table_line, title_line
from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words, wrapped
from hawkmoth_tui.ui.times import when
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.content import Content

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.summaries import SessionSummary
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.sessions import Sessions

MOST_SESSIONS = 2_000
PREVIEW_TURNS = 2
PREVIEW_LINES = 8
PREVIEW_CHARACTERS = 600
"""Of one prompt or answer."""
LEAST_TITLE_CELLS = 26
STATES = ("archived", "top", "deleted")
"""What may follow `is:`; `pinned` is taken for top."""
COLUMNS = (Column("turns", 5, 2), Column("cost", 9, 3), Column("last used", 10, 1))


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for among the sessions."""

    words: str = ""
    tags: tuple[str, ...] = ()
    """Beginnings of tags; each must be there."""
    states: frozenset[str] = frozenset()
    """Of `STATES`."""

    @classmethod
    def of(cls, typed: str) -> Sought:
        """`moths tag:work is:archived`; what is no filter are words."""
        words_typed, tags, states = list[str](), list[str](), set[str]()
        for word in typed.split():
            name, colon, value = word.lower().partition(":")
            state = "top" if value == "pinned" else value
            if name == "tag" and colon:
                tags.append(value.removeprefix("#"))
            elif name == "is" and colon and any(each.startswith(state) for each in STATES):
                states.update(each for each in STATES if state and each.startswith(state))
            else:
                words_typed.append(word)
        return cls(" ".join(words_typed), tuple(tags), frozenset(states))

    def fits(self, session: Session) -> bool:
        """Whether the session has the tags, and is where it is looked for: outside of the archive unless that is asked for."""
        has_tags = all(any(tag.startswith(each) for tag in session.tags) for each in self.tags)
        is_top = "top" not in self.states or session.is_on_top
        is_in_place = "deleted" in self.states or session.is_archived is ("archived" in self.states)
        return has_tags and is_top and is_in_place


EVERYTHING = Sought()


class Archive:
    """Every saved session: those that were put on top, then the last used first."""

    def __init__(
        self, sessions: Sessions, here: str, running: Collection[str], now_s: float, open_ids: Collection[str] = ()
    ) -> None:
        """`open_ids` are the sessions that have a tab."""
        self.sessions = sessions
        self._here = here
        self._running = running
        self._now_s = now_s
        self._open = open_ids
        self._previews: dict[str, tuple[Turn, ...]] = {}
        self.summaries: dict[str, SessionSummary] = {}
        self.deleted: dict[str, SessionSummary] = {}
        """Those that can still be brought back."""
        self.read()

    def read(self) -> None:
        """Read the list again."""
        listed = sorted(self.sessions.list(MOST_SESSIONS), key=lambda summary: not summary.session.is_on_top)
        self.summaries = {summary.session.id: summary for summary in listed}
        self.deleted = {summary.session.id: summary for summary in self.sessions.deleted()}

    def rows(self, sought: Sought = EVERYTHING) -> list[Row]:
        """Those that fit the filters; the words are left to whoever narrows the list."""
        among = self.deleted if "deleted" in sought.states else self.summaries
        return [self._row(summary) for summary in among.values() if sought.fits(summary.session)]

    @property
    def archived(self) -> int:
        """How many sessions the list leaves out."""
        return sum(summary.session.is_archived for summary in self.summaries.values())

    def is_busy(self, session_id: str) -> bool:
        """Whether the session is open or being answered."""
        return session_id == self._here or session_id in self._running or session_id in self._open

    @staticmethod
    def head(width: int) -> Content:
        """The names of the columns."""
        return title_line("    session", COLUMNS, width, LEAST_TITLE_CELLS)

    def preview(self, session_id: str, width: int) -> list[Content]:
        """The last turns of a session, always as many lines."""
        if session_id not in self._previews:
            self._previews[session_id] = self.sessions.late(session_id, PREVIEW_TURNS) if session_id else ()
        lines: list[Content] = []
        turns = self._previews[session_id]
        for turn in turns:
            lines += self._turn(turn, width, PREVIEW_LINES // len(turns))
        return [*lines, *(EMPTY for _ in range(PREVIEW_LINES - len(lines)))][:PREVIEW_LINES]

    def title(self, session_id: str) -> str:
        """As it is stored; empty for none."""
        summary = self.summaries.get(session_id)
        return summary.session.title if summary else ""

    def _row(self, summary: SessionSummary) -> Row:
        session = summary.session
        searched = f"{session.title} {' '.join(session.tags)} {summary.preview} {session.id}".lower()
        return Row(session.id, searched, lambda width: self._line(summary, session, width))

    def _line(self, summary: SessionSummary, session: Session, width: int) -> Content:
        mark = words(("● " if session.id == self._here else "◌ " if session.id in self._running else "  ", "$route"))
        title = session.title or "untitled"
        preview = "" if summary.preview.startswith(title.rstrip("…")) else f"  {summary.preview}"
        cost = money_text(summary.cost_pico) + ("+?" if summary.unknown_turns else "")
        cells = {
            "turns": (f"{summary.turns:,}", MUTED),
            "cost": (cost, "$cost"),
            "last used": (when(session.updated_at_ms, self._now_s), MUTED),
        }
        top = "↑ " if session.is_on_top else ""
        tags = "".join(f"  #{tag}" for tag in session.tags)
        name = mark + words((top, "$route"), (title, "$foreground"), (tags, "$user"), (preview, MUTED))
        return table_line(name, cells, fitting_columns(COLUMNS, width, LEAST_TITLE_CELLS), width)

    def _turn(self, turn: Turn, width: int, most: int) -> list[Content]:
        from hawkmoth_tui.ui.transcript.gist import gist

        prompt = "(went on)" if turn.kind is TurnKind.CONTINUE else one_line(turn.prompt.text, PREVIEW_CHARACTERS)
        answer = turn.text[:PREVIEW_CHARACTERS].strip() or (turn.error.message if turn.error else str(turn.state))
        lines = [cut(words(("› ", "$user"), (prompt, "$user")), width)]
        for paragraph in gist(answer):
            lines += wrapped(paragraph, MUTED, width, indent="  ", most=max(1, most - len(lines)))
        return lines[:most]


@dataclass(frozen=True, slots=True)
class Change:
    """One change to a listed session, and back."""

    session_id: str
    what: str
    """delete, archive or top."""
    is_so: bool
    """What it is to be from then on."""

    @classmethod
    def of(cls, what: str, session_id: str, archive: Archive, last: Change | None) -> Change | str:
        """What a key means for the highlighted session; why it means nothing, in words."""
        if what == "undo":
            if session_id in archive.deleted:
                return cls(session_id, "delete", is_so=False)
            return (
                replace(last, is_so=not last.is_so) if last is not None else "nothing was done here that can be undone"
            )
        summary = archive.summaries.get(session_id)
        if summary is None:
            return "Ctrl+Z brings it back" if session_id in archive.deleted else "no session is highlighted"
        if what == "delete" and archive.is_busy(session_id):
            return "it is open or being answered: there /delete does it"
        session = summary.session
        is_so = {"archive": not session.is_archived, "top": not session.is_on_top}.get(what, True)
        return cls(session_id, what, is_so=is_so)

    async def make(self, sessions: Sessions) -> None:
        """Raises what the sessions raise."""
        match self.what, self.is_so:
            case "delete", True:
                await sessions.delete(self.session_id)
            case "delete", False:
                await sessions.undelete(self.session_id)
            case "archive", is_archived:
                await sessions.archive(self.session_id, is_archived=is_archived)
            case _, is_on_top:
                await sessions.put_on_top(self.session_id, is_on_top=is_on_top)
