"""Reading in the conversation: what the transcript asks for while it has the focus, and the line below it.

It lasts from `begin` until Esc, or until something else takes the focus.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.clipboard import carrier, fits, sent, too_long
from hawkmoth_tui.ui.keys import key_name
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from hawkmoth_tui.ui.screens.conversation import ConversationScreen
    from hawkmoth_tui.ui.screens.links import LinkChoice
    from hawkmoth_tui.ui.transcript.links import Hyperlink
    from hawkmoth_tui.ui.widgets.reading_bar import ReadingBar


class Reading:
    """The reading side of one conversation screen."""

    def __init__(self, screen: ConversationScreen) -> None:
        self._screen = screen
        self._bar: ReadingBar | None = None
        self.copied = ""
        """What was copied last, to be saved when it did not arrive."""

    @property
    def is_on(self) -> bool:
        """Whether keys are for the transcript or for the field for words to find."""
        transcript = self._screen.transcript
        return (
            transcript is not None
            and transcript.is_reading
            and (self._screen.focused is transcript or self._is_finding)
        )

    async def begin(self) -> bool:
        """Give the transcript the focus; False when there is nothing to read."""
        transcript = self._screen.transcript
        if transcript is None or not transcript.turns:
            self._screen.answer("there is nothing to read yet")
            return False
        if self._bar is None:
            from hawkmoth_tui.ui.widgets.reading_bar import ReadingBar

            self._bar = ReadingBar(self._screen.keymap)
            await self._screen.mount(self._bar, after=transcript)
        self._screen.set_focus(transcript)
        transcript.start_reading()
        return True

    async def find(self, words: str = "") -> None:
        """Find these words; let them be typed when there are none."""
        if not await self.begin() or self._bar is None or self._screen.transcript is None:
            return
        if words:
            self._bar.field.value = words
            if not self._screen.transcript.find(words):
                self._screen.answer(f"nothing in this conversation has “{words}”")
        else:
            self._bar.begin()

    def seek(self, words: str) -> None:
        """Other words are being typed."""
        if self._is_finding and self._screen.transcript is not None:
            self._screen.transcript.find(words)

    def accept(self) -> None:
        """The words are typed: back to the rows."""
        if self._screen.transcript is not None:
            self._screen.set_focus(self._screen.transcript)

    def leave(self) -> bool:
        """One step back: from the field to the rows, from the rows to the composer. False when nobody is reading."""
        transcript = self._screen.transcript
        if not self.is_on or transcript is None:
            return False
        transcript.find("")
        if self._is_finding:
            self._screen.set_focus(transcript)
        else:
            self._screen.composer.focus()
        return True

    def show(self) -> None:
        """Bring the line up to date with where the focus is and what was found."""
        transcript, bar = self._screen.transcript, self._bar
        if transcript is None:
            return
        if not self.is_on and self._screen.app.app_focus:
            transcript.stop_reading()
        if bar is not None:
            if not self._is_finding:
                bar.end()
            bar.display = transcript.is_reading
            bar.show(transcript.found, has_versions=transcript.is_on_versions)

    def copy(self, text: str, what: str = "") -> None:
        """Send the text to the clipboard and say what can be known about it."""
        screen = self._screen
        self.copied = text
        key = key_name("read.save" if self.is_on else "copy.save", screen.keymap) or "/copy"
        if not fits(text):
            screen.answer(too_long(len(text), key), Weight.WARNING)
            return
        screen.app.copy_to_clipboard(text)
        told = sent(len(text), carrier(os.environ), key)
        screen.answer(f"{what}: {told}" if what else told)

    def ask_links(self, links: tuple[Hyperlink, ...]) -> None:
        """Let one be chosen, its real target in sight."""
        if not links:
            self._screen.answer("no link that can be opened stands here; only http and https are")
            return
        from hawkmoth_tui.ui.screens.links import LinksScreen

        self._screen.app.push_screen(LinksScreen(links), self._chosen)

    @property
    def _is_finding(self) -> bool:
        return self._bar is not None and self._screen.focused is self._bar.field

    def _chosen(self, choice: LinkChoice | None) -> None:
        if choice is None:
            return
        if choice.is_to_open:
            self._screen.run_worker(self._open(choice.target), name="open link")
        else:
            self.copy(choice.target, "address")

    async def _open(self, target: str) -> None:
        from hawkmoth_tui.ui.browser import open_address

        if await asyncio.to_thread(open_address, target):
            self._screen.answer(f"your browser was asked to open {target}")
        else:
            self._screen.answer("there is no browser here that has a window of its own; o, then y copies the address")
