"""The composer: where prompts are written. What is entered leaves it at once, so that what is typed next is a text of its own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.message import Message

from hawkmoth_tui.ui.keys import COMPOSER, bindings
from hawkmoth_tui.ui.widgets.grapheme_area import GraphemeArea

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.binding import BindingType
    from textual.timer import Timer

    from hawkmoth_tui.commands.values import Value
    from hawkmoth_tui.ui.widgets.completer import Completer

WORD_S = 0.3
"""A letter that is followed by another one within this time begins a word."""
LONGEST_PASTE = 20_000
"""Bytes of a paste that stands in the text; a longer one becomes an attachment, because every key would wait for it."""
_OWN = frozenset(key.id for key in COMPOSER)


class Composer(GraphemeArea):
    """Several lines, a history, completion of command names."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMPOSER, has_priority=False)]

    class Submitted(Message):
        """Enter on a text with something in it: `accept` it, or `give_back` what cannot be used."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class FilesWanted(Message):
        """A file's name is being typed: set `files`, then call `complete`."""

    class FileTaken(Message):
        """A file was chosen; its path stands in the text."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    class Pasted(Message):
        """A paste that is too long to stand in the text, or that may be more than text: a line that looks like a path."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Offered(Message):
        """A letter was taken for what it stands for while there is no text: this command."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    class TrayWanted(Message):
        """To what waits above the text."""

    def __init__(self) -> None:
        super().__init__(
            placeholder="Ask anything · / commands · @ files",
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False
        self.prompts: tuple[str, ...] = ()
        """Earlier prompts, newest first."""
        self._place = -1
        """Position in the history; -1 is the text being written."""
        self._unsent = ""
        """The text being written while an earlier prompt is shown."""
        self.may_be_empty = False
        """Whether something else can be sent when there is no text."""
        self.on_their_way = 0
        """Texts that were submitted and that nobody has taken up yet: until then an empty line does not mean that it was emptied."""
        self.offers: Mapping[str, str] = {}
        """Letters that stand for commands as long as there is no text."""
        self._held: tuple[str, Timer] | None = None
        """The letter of an offer that was typed just now: text when another letter follows at once."""
        self.files: tuple[str, ...] | None = None
        """Paths of the files that can be named here; None: nobody has looked yet."""
        self.values: Callable[[str], tuple[Value, ...]] = lambda _: ()
        """What the argument of a command may be, by the command's name."""
        self.take_other: Callable[[], bool] = lambda: False
        """Gives the prompt to the other model of the preview; returns whether there is one."""
        self.files_note = ""
        """What is to be said about them, such as that there are more."""

    def accept(self, sent: str) -> None:
        """What was entered has gone out: Up brings it back."""
        self.remember(sent)

    def give_back(self, text: str) -> None:
        """What was entered cannot be used as it is: here again, or where Up finds it when something else was written meanwhile."""
        if self.text:
            self.remember(text)
        else:
            self.put(text)

    def remember(self, text: str = "") -> None:
        """Put the text, or this one, into the history, because something else will stand here."""
        text = text or self.text
        if text.strip() and self.prompts[:1] != (text,):
            self.prompts = (text, *self.prompts)

    def put(self, text: str) -> None:
        """Replace the text, the cursor at its end."""
        self._place = -1
        self._show(text)

    @property
    def draft(self) -> str:
        """What is being written, also while an earlier prompt is shown."""
        return self.text if self._place == -1 else self._unsent

    def action_send(self) -> None:
        """Send, unless the key took an offer that wants more words."""
        completer = self._completing()
        if completer is None or completer.take(is_enter=True).may_send:
            self._submit()

    def insert_unit(self, text: str) -> None:
        """Put text in at the cursor, as one step to undo."""
        self.history.checkpoint()
        self.move_cursor(self.replace(text, *self.selection).end_location)
        self.history.checkpoint()

    def replace_all(self, text: str) -> None:
        """Put this in place of the whole text, as one step to undo."""
        self._place = -1
        self.history.checkpoint()
        self.move_cursor(self.replace(text, (0, 0), self.document.end).end_location)
        self.history.checkpoint()

    async def _on_paste(self, event: events.Paste) -> None:
        """A short paste goes into the text as one step to undo."""
        event.stop()
        event.prevent_default()
        self._settle(is_text=True)
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        self._place = -1
        if len(text) > LONGEST_PASTE or len(text.encode("utf-8", "replace")) > LONGEST_PASTE or _may_be_path(text):
            self.post_message(self.Pasted(text))
        elif text:
            self.insert_unit(text)

    def _submit(self) -> None:
        if self.text.strip() or self.may_be_empty:
            self.on_their_way += 1
            self.post_message(self.Submitted(self.text))
            self.put("")

    def action_tray(self) -> None:
        self.post_message(self.TrayWanted())

    def action_delete_left(self) -> None:
        """In an empty text: to what waits above it."""
        if self.may_be_empty and not self.text:
            self.action_tray()
        else:
            super().action_delete_left()

    def action_newline(self) -> None:
        self.replace("\n", *self.selection)

    def action_complete(self) -> None:
        """Take what is offered, else the other model of the preview; where nothing is, Tab moves the focus."""
        completer = self._completing()
        is_written = completer is not None and completer.take(is_enter=False).is_written
        if not is_written and not self.take_other():
            raise SkipAction

    def complete(self) -> None:
        """Offer what fits the word at the cursor now."""
        completer = self._completing()
        if completer is not None:
            completer.update()

    def close_choices(self) -> bool:
        """Close the list of offers. Returns whether it was open."""
        return "completer" in self.__dict__ and self.completer.close()

    @property
    def is_recalling(self) -> bool:
        """Whether an earlier prompt is shown."""
        return self._place >= 0

    @cached_property
    def completer(self) -> Completer:
        """The list of offers and what fills it."""
        from hawkmoth_tui.ui.widgets.completer import Completer

        return Completer(self)

    def _completing(self) -> Completer | None:
        """None while nothing that can be completed was typed yet."""
        line = self.document.get_line(self.cursor_location[0])
        return self.completer if "completer" in self.__dict__ or line.startswith("/") or "@" in line else None

    def on_text_area_changed(self) -> None:
        self.complete()

    def action_cursor_up(self, select: bool = False) -> None:
        """In the list of offers; on the first line: back in the history."""
        if not select and self._moved_in_choices(-1):
            return
        if select or not self.navigator.is_first_wrapped_line(self.cursor_location):
            super().action_cursor_up(select)
        elif self._place + 1 < len(self.prompts):
            self._walk(self._place + 1)

    def action_cursor_down(self, select: bool = False) -> None:
        """On the last line: forward in the history, at last to the text that was being written."""
        if not select and self._moved_in_choices(1):
            return
        if select or not self.navigator.is_last_wrapped_line(self.cursor_location):
            super().action_cursor_down(select)
        elif self._place >= 0:
            self._walk(self._place - 1)

    def _moved_in_choices(self, step: int) -> bool:
        return "completer" in self.__dict__ and self.completer.move(step)

    def _walk(self, place: int) -> None:
        if self._place == -1:
            self._unsent = self.text
        self._place = place
        self._show(self.prompts[place] if place >= 0 else self._unsent)

    def _show(self, text: str) -> None:
        self.load_text(text)
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        """Our own keys come before the text area's, in the order typed. Typing into an earlier prompt makes it the text being written."""
        self._settle(is_text=event.is_printable)
        if self.take_letter(event.key):
            event.stop()
            event.prevent_default()
            return
        if event.is_printable:
            self._place = -1
        elif await self._acted(event.key):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    def take_letter(self, key: str) -> bool:
        """Hold the letter of an offer back until it is sure that no word begins with it. Returns whether it is one."""
        if self.text or key not in self.offers:
            return False
        self._held = key, self.set_timer(WORD_S, self._settle)
        return True

    def _settle(self, *, is_text: bool = False) -> None:
        """What was held back is a letter after all, or its offer is taken."""
        if self._held is None:
            return
        (key, timer), self._held = self._held, None
        timer.stop()
        line = self.offers.get(key, "")
        if is_text or not line:
            self.insert(key)
        else:
            self.post_message(self.Offered(line))

    async def _acted(self, key: str) -> bool:
        """Whether the key is one of the composer's, after `[keys]`, and its action took it."""
        active = self.screen.active_bindings.get(key)
        if active is None or active.node is not self or active.binding.id not in _OWN:
            return False
        return await self.app.run_action(active.binding.action, self)


def _may_be_path(text: str) -> bool:
    """Whether it looks like the path of a picture, as a terminal pastes it when one is dropped on it."""
    return len(text) < 1000 and text.strip().strip("'\"").lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp"))
