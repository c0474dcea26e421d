"""The saved sessions as the picker lists them, and their last turns for the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line, visible
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
COLUMNS = (Column("turns", 5, 2), Column("cost", 9, 3), Column("last used", 10, 1))


class Archive:
    """Every saved session, the last used first."""

    def __init__(self, sessions: Sessions, here: str, running: Collection[str], now_s: float) -> None:
        self.sessions = sessions
        self._here = here
        self._running = running
        self._now_s = now_s
        self._previews: dict[str, tuple[Turn, ...]] = {}
        self.summaries: dict[str, SessionSummary] = {}
        self.read()

    def read(self) -> None:
        """Read the list again."""
        self.summaries = {summary.session.id: summary for summary in self.sessions.list(MOST_SESSIONS)}

    def rows(self) -> list[Row]:
        return [self._row(summary) for summary in self.summaries.values()]

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
        searched = f"{session.title} {summary.preview} {session.id}".lower()
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
        name = mark + words((title, "$foreground"), (preview, MUTED))
        return table_line(name, cells, fitting_columns(COLUMNS, width, LEAST_TITLE_CELLS), width)

    def _turn(self, turn: Turn, width: int, most: int) -> list[Content]:
        prompt = "(went on)" if turn.kind is TurnKind.CONTINUE else one_line(turn.prompt.text, PREVIEW_CHARACTERS)
        answer = turn.text[:PREVIEW_CHARACTERS].strip() or (turn.error.message if turn.error else str(turn.state))
        lines = [cut(words(("› ", "$user"), (prompt, "$user")), width)]
        for paragraph in filter(str.strip, visible(answer).splitlines()):
            lines += wrapped(paragraph, MUTED, width, indent="  ", most=max(1, most - len(lines)))
        return lines[:most]
