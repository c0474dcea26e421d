"""The composer: where prompts are written. It keeps every word until it is told that the text has gone out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.message import Message
from textual.widgets import TextArea

from hawkmoth_tui.ui.keys import COMPOSER, bindings

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

_OWN = frozenset(key.id for key in COMPOSER)


class Composer(TextArea):
    """Several lines, a history, completion of command names."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMPOSER, has_priority=False)]

    class Submitted(Message):
        """Enter on a text with something in it. The text stays until `accept`."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Completed(Message):
        """Several commands begin like this."""

        def __init__(self, names: tuple[str, ...]) -> None:
            super().__init__()
            self.names = names

    def __init__(self) -> None:
        super().__init__(placeholder="Ask anything · / for commands", tab_behavior="focus", compact=True)
        self.cursor_blink = False
        self.prompts: tuple[str, ...] = ()
        """Earlier prompts, newest first."""
        self._place = -1
        """Position in the history; -1 is the text being written."""
        self._unsent = ""
        """The text being written while an earlier prompt is shown."""

    def accept(self) -> None:
        """The text has gone out: empty the composer and remember it."""
        text = self.text
        if text.strip() and self.prompts[:1] != (text,):
            self.prompts = (text, *self.prompts)
        self.put("")

    def put(self, text: str) -> None:
        """Replace the text, the cursor at its end."""
        self._place = -1
        self._show(text)

    @property
    def draft(self) -> str:
        """What is being written, also while an earlier prompt is shown."""
        return self.text if self._place == -1 else self._unsent

    def action_send(self) -> None:
        if self.text.strip():
            self.post_message(self.Submitted(self.text))

    def action_newline(self) -> None:
        self.replace("\n", *self.selection)

    def action_complete(self) -> None:
        """Complete a command name as far as it is clear; anywhere else Tab moves the focus."""
        from hawkmoth_tui.commands.registry import all_commands

        if not self.text.startswith("/") or not (self.text[1:].isalpha() or self.text == "/"):
            raise SkipAction
        commands = {entry.name: entry for entry in all_commands() if entry.name.startswith(self.text[1:])}
        match tuple(commands):
            case ():
                return
            case (name,):
                self.put(f"/{name} " if commands[name].argument else f"/{name}")
            case names:
                self.put("/" + _common_beginning(names))
                self.post_message(self.Completed(names))

    def action_cursor_up(self, select: bool = False) -> None:
        """On the first line: back in the history."""
        if select or not self.navigator.is_first_wrapped_line(self.cursor_location):
            super().action_cursor_up(select)
        elif self._place + 1 < len(self.prompts):
            self._walk(self._place + 1)

    def action_cursor_down(self, select: bool = False) -> None:
        """On the last line: forward in the history, at last to the text that was being written."""
        if select or not self.navigator.is_last_wrapped_line(self.cursor_location):
            super().action_cursor_down(select)
        elif self._place >= 0:
            self._walk(self._place - 1)

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
        if event.is_printable:
            self._place = -1
        elif await self._acted(event.key):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    async def _acted(self, key: str) -> bool:
        """Whether the key is one of the composer's, after `[keys]`, and its action took it."""
        active = self.screen.active_bindings.get(key)
        if active is None or active.node is not self or active.binding.id not in _OWN:
            return False
        return await self.app.run_action(active.binding.action, self)


def _common_beginning(names: tuple[str, ...]) -> str:
    first, last = min(names), max(names)
    length = next((i for i, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:length]
