"""F3: the saved sessions, found by title or by the words of any prompt, with a look at their last turns; titles are changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.lines import EMPTY, spread, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import MOVING, PickScreen, Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from hawkmoth_tui.ui.archive import Archive

RENAMING = ("Enter keeps this title", "Esc leaves it as it was")
"""What keys do while a title is being written."""


class SessionPicker(PickScreen):
    """Returns the id of the chosen session. Renames without closing."""

    KEYS: ClassVar[dict[str, str]] = {**PickScreen.KEYS, "ctrl+t": "rename"}
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        ("Enter", "open the session"),
        ("Ctrl+T", "change its title; Enter keeps the new one"),
        *(key for key in MOVING if key[0] != "Enter"),
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
        super().__init__(
            plain("Sessions"), archive.rows(), nothing="no session is saved yet", current=here, key_id="session.pick"
        )

    def head(self, width: int) -> list[Content]:
        return [self._archive.head(width)]

    def details(self, width: int) -> list[Content]:
        row = self.list.row
        rule = words(("─" * width, "$rule"))
        told = words((self._problem, "$error")) if self._problem else EMPTY
        return [rule, *self._archive.preview(row.key if row else "", width), spread(told, self.count(), width)]

    def hints(self) -> Sequence[str]:
        return RENAMING if self._renaming else ("Enter opens", "Ctrl+T renames", *self.help_hint, "Esc closes")

    def do(self, what: str) -> None:
        if self._renaming:
            self._do_while_renaming(what)
        elif what == "rename":
            self._begin_renaming()
        else:
            super().do(what)

    def narrow(self, typed: str) -> None:
        """By title at once; sessions that say the words in a prompt follow when the store has told."""
        if self._renaming:
            return
        super().narrow(typed)
        words_typed = typed.split()
        if any(len(word) > 1 for word in words_typed):
            self.run_worker(self._add_saying(typed, words_typed), exclusive=True, group="saying")

    def choose(self, way: Way) -> None:
        if self._renaming:
            self._end_renaming()
        else:
            super().choose(way)

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
        found = self._narrowing.ranked(typed)
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
        self.replace_rows(self._archive.rows())
        self.list.fill(self.list.rows, session_id)

    def _end_renaming(self) -> None:
        self._renaming = ""
        self._write(self._typed)

    def _write(self, text: str) -> None:
        """Put a text into the line above the list."""
        self.line.value = text
        self.line.cursor_position = len(text)
        self.tell_hints()
