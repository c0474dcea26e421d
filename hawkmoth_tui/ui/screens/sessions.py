"""F3: the saved sessions, found by title or by the words of any prompt, with a look at their last turns; titles are changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.core.fuzzy import Narrowing
from hawkmoth_tui.ui.archive import Change, Sought
from hawkmoth_tui.ui.lines import EMPTY, MUTED, spread, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import MOVING, Picked, PickScreen, Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from hawkmoth_tui.ui.archive import Archive

RENAMING = ("Enter keeps this title", "Esc leaves it as it was")
"""What keys do while a title is being written."""


class SessionPicker(PickScreen):
    """Returns the id of the chosen session. Renames without closing."""

    KEYS: ClassVar[dict[str, str]] = {
        **PickScreen.KEYS,
        "ctrl+t": "rename",
        "ctrl+d": "delete",
        "ctrl+e": "archive",
        "ctrl+k": "top",
        "ctrl+z": "undo",
    }
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        ("Enter", "open the session"),
        ("Ctrl+T", "change its title; Enter keeps the new one"),
        ("Ctrl+D", "delete it; it can be brought back for some days"),
        ("Ctrl+E", "archive it, or bring it back into the list"),
        ("Ctrl+K", "keep it first in the list, or put it back in its place"),
        ("Ctrl+Z", "take the last of these back; in is:deleted, bring the session back"),
        ("tag:WORD", "sessions with this tag"),
        ("is:archived", "those in the archive; is:top and is:deleted, too"),
        *(key for key in MOVING if key[0] != "Enter"),
        ("↑", "marks those that are kept first"),
        ("● and ◌", "mark the session on the screen, and those that are being answered"),
        ("+?", "beside a cost: a part of it has no known price"),
    )
    PLACEHOLDER = "type words of the title or of any prompt"

    class Renamed(Message):
        """A session has another title."""

        def __init__(self, session_id: str, title: str) -> None:
            super().__init__()
            self.session_id = session_id
            self.title = title

    def __init__(self, archive: Archive, here: str) -> None:
        self._archive = archive
        self._renaming = ""
        """The session whose title is being written; empty: none."""
        self._problem = ""
        self._sought = Sought()
        self._last: Change | None = None
        """What was done last and can be taken back here."""
        super().__init__(
            plain("Sessions"), archive.rows(), nothing="no session is saved yet", current=here, key_id="session.pick"
        )

    def head(self, width: int) -> list[Content]:
        return [self._archive.head(width)]

    def details(self, width: int) -> list[Content]:
        row = self.list.row
        rule = words(("─" * width, "$rule"))
        told = words((self._problem, "$error")) if self._problem else EMPTY
        return [rule, *self._archive.preview(row.key if row else "", width), spread(told, self.count("session"), width)]

    def hints(self) -> Sequence[str]:
        return (
            RENAMING
            if self._renaming
            else (
                "Enter opens",
                "Ctrl+T renames",
                "Ctrl+D deletes",
                "Ctrl+E archives",
                "Ctrl+K keeps first",
                *self.help_hint,
                "Esc closes",
            )
        )

    def do(self, what: str) -> None:
        if self._renaming:
            self._do_while_renaming(what)
        elif what == "rename":
            self._begin_renaming()
        elif what in ("delete", "archive", "top", "undo"):
            self.run_worker(self._change(what), exclusive=True, group="rename")
        else:
            super().do(what)

    def narrow(self, typed: str) -> None:
        """By title at once; sessions that say the words in a prompt follow when the store has told."""
        if self._renaming:
            return
        self._typed, before = typed, self._sought
        self._sought = Sought.of(typed)
        if (before.tags, before.states) != (self._sought.tags, self._sought.states):
            self._fill_rows()
        self.list.fill(self._narrowing.ranked(self._sought.words), self._current if not typed.strip() else "")
        words_typed = self._sought.words.split()
        if any(len(word) > 1 for word in words_typed):
            self.run_worker(self._add_saying(typed, words_typed), exclusive=True, group="saying")

    def choose(self, way: Way) -> None:
        if self._renaming:
            self._end_renaming()
        elif self.list.row is not None and self.list.row.key in self._archive.deleted:
            self.run_worker(self._change("undo", opens=True), exclusive=True, group="rename")
        else:
            super().choose(way)

    def count(self, what: str) -> Content:
        hidden = self._archive.archived
        if not hidden or "archived" in self._sought.states:
            return super().count(what)
        return super().count(what) + words((f" · {hidden:,} in is:archived", MUTED))

    async def _change(self, what: str, *, opens: bool = False) -> None:
        """Do one of the keys to the highlighted session, and read the list again where it was."""
        row, sessions = self.list.row, self._archive.sessions
        change = Change.of(what, row.key if row else "", self._archive, self._last)
        self._problem = ""
        try:
            if isinstance(change, str):
                self._problem = change
            else:
                await change.make(sessions)
                self._last = None if what == "undo" else change
                if opens:
                    self.dismiss(Picked(change.session_id))
                    return
                self.post_message(self.Renamed(change.session_id, self._archive.title(change.session_id)))
        except HawkmothError as error:
            self._problem = str(error)
        self._archive.read()
        self._fill_rows()
        self.list.refill(self._narrowing.ranked(self._sought.words))

    def _fill_rows(self) -> None:
        self._rows = self._archive.rows(self._sought)
        self._narrowing = Narrowing(self._rows, lambda row: row.searched)

    def _do_while_renaming(self, what: str) -> None:
        match what:
            case "enter":
                self.run_worker(self._rename(self._renaming, self.line.value), exclusive=True, group="rename")
            case "leave":
                self._end_renaming()

    def _begin_renaming(self) -> None:
        """Write the highlighted session's title where the search was written."""
        row = self.list.row
        if row is not None:
            self._renaming = row.key
            self._write(self._archive.title(row.key))

    async def _add_saying(self, typed: str, wanted: Sequence[str]) -> None:
        try:
            saying = await self._archive.sessions.saying(wanted)
        except HawkmothError as error:
            self._problem = str(error)
            return
        found = self._narrowing.ranked(self._sought.words)
        known = {row.key for row in found}
        added = [row for row in self._rows if row.key in saying and row.key not in known]
        if added and typed == self._typed:
            here = self.list.row
            self.list.fill([*found, *added], here.key if here else "")

    async def _rename(self, session_id: str, title: str) -> None:
        try:
            if title.strip():
                session = await self._archive.sessions.rename(session_id, title)
                self.post_message(self.Renamed(session.id, session.title))
        except HawkmothError as error:
            self._problem = str(error)
        self._archive.read()
        self._end_renaming()
        self._fill_rows()
        self.list.fill(self._narrowing.ranked(self._sought.words), session_id)

    def _end_renaming(self) -> None:
        self._renaming = ""
        self._write(self._typed)

    def _write(self, text: str) -> None:
        """Put a text into the line above the list."""
        self.line.value = text
        self.line.cursor_position = len(text)
        self.tell_hints()
