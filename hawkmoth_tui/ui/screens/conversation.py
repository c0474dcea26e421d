"""The screen where people talk to models: transcript and composer, the routing and cost panes beside them or folded above the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.actions import SkipAction
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen

from hawkmoth_tui.ui.keys import SCREEN, SLOTS, bindings, key_name, keys_of
from hawkmoth_tui.ui.screens.panes import Panes
from hawkmoth_tui.ui.screens.reading import Reading
from hawkmoth_tui.ui.widgets.composer import Composer
from hawkmoth_tui.ui.widgets.notice import Notices, Weight
from hawkmoth_tui.ui.widgets.status import StatusLine
from hawkmoth_tui.ui.widgets.tabline import TabLine
from hawkmoth_tui.ui.widgets.too_small import LEAST_COLUMNS, LEAST_ROWS, TooSmall
from hawkmoth_tui.ui.widgets.welcome import Welcome
from hawkmoth_tui.ui.wording import on_screen, way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary
    from hawkmoth_tui.ui.transcript import Transcript
    from hawkmoth_tui.ui.widgets.reading_bar import ReadingBar

COLUMN_STEPS = [(0, "-cramped"), (LEAST_COLUMNS, "-narrow"), (100, "-wide"), (160, "-broad")]
"""From so many columns on, the screen has this class: the panes fold below 100, and get more of the room from 160 on."""
ROW_STEPS = [(0, "-low"), (LEAST_ROWS, "-short"), (30, "-tall")]
"""From so many rows on: from 30 there is room for air around the composer."""


class ConversationScreen(Screen[None]):
    """Arranges the parts, hands them what happens, and posts what the user asks for."""

    AUTO_FOCUS = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SCREEN), *bindings(SLOTS)]

    class Asked(Message):
        """A key stands for this slash command."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    class SaveAsked(Message):
        """This is to be kept in a file."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Escaped(Message):
        """Esc, and nothing lies over the conversation."""

    def __init__(
        self, *, is_simulated: bool, warn_at: Decimal, keymap: Mapping[str, str], slots: Sequence[str] = ()
    ) -> None:
        super().__init__(classes="-empty")
        self.HORIZONTAL_BREAKPOINTS = COLUMN_STEPS
        self.VERTICAL_BREAKPOINTS = ROW_STEPS
        self.keymap = keymap
        self._newline_keys = keys_of("composer.newline", keymap)
        self.slots = slots
        self.transcript: Transcript | None = None
        """None until `require_transcript`: the first frame does without it."""
        self.tabs = TabLine()
        self.welcome = Welcome(keymap)
        self.panes = Panes(self, warn_at, keymap, is_simulated=is_simulated)
        self.notices = Notices()
        self.composer = Composer()
        self.status = StatusLine()
        self.welcome.is_simulated = is_simulated
        self.reading = Reading(self)

    def compose(self) -> ComposeResult:
        columns, rows = self.app.size
        for size, steps in ((columns, COLUMN_STEPS), (rows, ROW_STEPS)):
            self.add_class(next(name for least, name in reversed(steps) if size >= least))
        yield self.tabs
        yield Vertical(self.panes.routing, self.panes.cost, id="side")
        yield self.welcome
        yield self.notices
        yield self.panes.folded
        yield self.composer
        yield self.status
        yield TooSmall()

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """No toasts and no tooltips: notices have a place of their own."""

    async def require_transcript(self) -> Transcript:
        """The transcript, made and mounted now if that was not done yet."""
        if self.transcript is None:
            from hawkmoth_tui.ui.transcript import Transcript
            from hawkmoth_tui.ui.transcript.words import KeyNames

            self.transcript = Transcript(KeyNames.of(self.keymap))
            await self.mount(self.transcript, after=self.welcome)
        return self.transcript

    async def load(self, turns: Sequence[Turn], summary: CostSummary, *, is_simulated: bool) -> None:
        """Show a session as it stands; no turns is an empty conversation."""
        last = turns[-1] if turns else None
        if turns:
            (await self.require_transcript()).load(turns)
        elif self.transcript is not None:
            self.transcript.clear()
        self._begin(bool(turns))
        self.panes.load(last, summary, is_simulated=is_simulated)

    @property
    def marked_turn(self) -> Turn | None:
        """The turn that the reader is on; None while nobody reads."""
        return self.transcript.marked_turn if self.transcript is not None and self.reading.is_on else None

    def is_behind(self, turn: Turn) -> bool:
        """Whether the turn that this one follows is not shown: another window added it."""
        shown = self.transcript.turns if self.transcript is not None else ()
        return turn.parent_id is not None and all(turn.parent_id != each.id for each in shown)

    def catch_up(self, turns: Sequence[Turn]) -> None:
        """Show what another window added: it is part of what is sent."""
        if self.transcript is not None:
            self.transcript.load(turns)

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """Hand one event of the session's turn to everything that shows it."""
        from hawkmoth_tui.core.events import TurnStarted

        if isinstance(event, TurnStarted):
            self._begin(True)
            self.notices.clear()
        if self.transcript is not None:
            self.transcript.show(event, turn)
            if isinstance(event, TurnStarted):
                self.transcript.follow()
        self.panes.show(event, turn)

    def say(self, message: str, weight: Weight = Weight.PLAIN) -> None:
        self.notices.say(on_screen(message, self.keymap), weight)

    def answer(self, message: str, weight: Weight = Weight.PLAIN) -> None:
        """A notice about what the user just did: earlier ones give way to it."""
        self.notices.clear()
        self.say(message, weight)

    def action_command(self, line: str) -> None:
        self.post_message(self.Asked(line))

    def action_compose(self, text: str) -> None:
        """Begin a command for the user to finish; what was being written moves into the history."""
        self.composer.remember()
        self.composer.put(text)

    def action_slot(self, number: int) -> None:
        """Pin the session to the n-th model slot, counted from 1."""
        if number <= len(self.slots):
            self.action_command(f"/model {self.slots[number - 1]}")
        else:
            self.say(f"slot {number} is empty; [routing] slots fills it", Weight.WARNING)

    def action_leader(self) -> None:
        from hawkmoth_tui.ui.screens.leader import LeaderScreen

        async def follow(action: str | None) -> None:
            if action:
                await self.run_action(action)

        self.app.push_screen(LeaderScreen(self.keymap), follow)

    def action_escape(self) -> None:
        self._after_typing(self._escape)

    def action_interrupt(self) -> None:
        """Copy a selection, else clear the composer, else say how to quit."""
        self._after_typing(self._interrupt)

    def action_leave_if_empty(self) -> None:
        if self.composer.text:
            raise SkipAction
        self._after_typing(self._leave_if_empty)

    def _after_typing(self, act: Callable[[], None]) -> None:
        """Keys of the screen come before the letters typed earlier, which wait in the queue of what has the focus: go behind them."""
        (self.focused or self).call_later(act)

    def _escape(self) -> None:
        if self.composer.close_choices():
            return
        if self.focused is not None and self.focused.id == "tray":
            self.composer.focus()
            return
        if self.selections:
            self.clear_selection()
        elif self.reading.leave():
            return
        else:
            self.post_message(self.Escaped())

    def _interrupt(self) -> None:
        selected = self.get_selected_text() or self.composer.selected_text
        if selected:
            self.reading.copy(selected)
        elif self.composer.text:
            self.composer.clear()
            undo = key_name("composer.undo", self.keymap)
            self.answer(f"cleared; {undo} brings it back" if undo else "cleared")
        else:
            leave, stop = way("app.quit", "/quit", self.keymap), way("turn.stop", "/stop", self.keymap)
            self.answer(f"{leave} quits, {stop} stops an answer")

    def _leave_if_empty(self) -> None:
        if not self.composer.text:
            self.action_command("/quit")

    def on_key(self, event: events.Key) -> None:
        """Typing goes to the composer, wherever the focus went. The focus follows when no key is on its way to where it was."""
        if self.reading.is_on:
            return
        is_newline = event.key in self._newline_keys
        if is_newline or (event.is_printable and event.character):
            event.stop()
            if self.composer.take_letter(event.key):
                return
            self.composer.insert("\n" if is_newline else event.character or "")
            if not (self.message_queue_size or (self.focused is not None and self.focused.message_queue_size)):
                self.set_focus(self.composer)

    def on_paste(self, event: events.Paste) -> None:
        """Pasting does, too."""
        if self.focused is not self.composer:
            event.stop()
            self.set_focus(self.composer)
            self.composer.post_message(events.Paste(event.text))

    async def action_read(self) -> None:
        await self.reading.begin()

    async def action_find(self) -> None:
        await self.reading.find()

    def action_write(self) -> None:
        self.reading.leave()

    def action_save_copy(self) -> None:
        """Keep what was copied last in a file: nobody knows whether the clipboard took it."""
        if self.reading.copied:
            self.post_message(self.SaveAsked(self.reading.copied))
        else:
            self.say("nothing was copied yet")

    def on_transcript_reading_changed(self) -> None:
        self.reading.show()

    def on_transcript_copy_asked(self, message: Transcript.CopyAsked) -> None:
        self.reading.copy(message.text, message.what)

    def on_transcript_links_asked(self, message: Transcript.LinksAsked) -> None:
        self.reading.ask_links(message.links)

    def on_reading_bar_sought(self, message: ReadingBar.Sought) -> None:
        self.reading.seek(message.text)

    def on_reading_bar_stepped(self, message: ReadingBar.Stepped) -> None:
        if self.transcript is not None:
            self.transcript.action_find_step(message.direction)

    def on_reading_bar_accepted(self) -> None:
        self.reading.accept()

    def action_page(self, direction: int) -> None:
        if self.transcript is not None:
            (self.transcript.action_page_up if direction < 0 else self.transcript.action_page_down)()

    def action_newest(self) -> None:
        if self.transcript is not None:
            self.transcript.action_to_end()

    def _begin(self, has_turns: bool) -> None:
        self.set_class(has_turns, "-begun")
        self.set_class(not has_turns, "-empty")
