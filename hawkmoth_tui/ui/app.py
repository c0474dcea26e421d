"""The workstation on the screen: what is shown, and who gets what the screen posts and the engine tells.

The screen draws and posts, the engine works, this class stands between them; opening, sending, following, commands and leaving have
their own modules. It imports nothing heavy: the first frame needs Textual and our own small modules only.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.ui.ground import AUTO, DARK, LIGHT
from hawkmoth_tui.ui.keys import APP, bindings, key_name, problems
from hawkmoth_tui.ui.looks import use_first_theme
from hawkmoth_tui.ui.opening import Opening
from hawkmoth_tui.ui.screens.conversation import ConversationScreen
from hawkmoth_tui.ui.sending import Sending
from hawkmoth_tui.ui.stage import StagedApp
from hawkmoth_tui.ui.standing import early_standing, standing
from hawkmoth_tui.ui.startup import Startup
from hawkmoth_tui.ui.theming import load_theme, theme_names
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.timer import Timer

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.settings.schema import Settings
    from hawkmoth_tui.ui.applying import Applying
    from hawkmoth_tui.ui.branching import Branching
    from hawkmoth_tui.ui.bridge import Bridge, TurnProgress, TurnRefused
    from hawkmoth_tui.ui.briefing import Briefing
    from hawkmoth_tui.ui.browsing import Browsing
    from hawkmoth_tui.ui.choosing import Choosing
    from hawkmoth_tui.ui.desk import Desk
    from hawkmoth_tui.ui.going import Going
    from hawkmoth_tui.ui.ground import GroundTold
    from hawkmoth_tui.ui.keeping import Keeping
    from hawkmoth_tui.ui.paging import Paging
    from hawkmoth_tui.ui.picking import Picking
    from hawkmoth_tui.ui.previewing import Previewing
    from hawkmoth_tui.ui.screens.sessions import SessionPicker
    from hawkmoth_tui.ui.terminal import Ending
    from hawkmoth_tui.ui.transcript.page import Page
    from hawkmoth_tui.ui.waiting import Waiting
    from hawkmoth_tui.ui.widgets.composer import Composer
    from hawkmoth_tui.ui.widgets.preview import Preview
    from hawkmoth_tui.ui.widgets.tabline import TabLine
    from hawkmoth_tui.ui.widgets.tray import TrayPane
    from hawkmoth_tui.ui.writing import Writing

DRAFT_S = 0.25
"""How long after a key the draft is saved."""


class HawkmothApp(StagedApp[HawkmothError], inherit_bindings=False):
    """Returns None after an orderly end, or the error that kept the workstation from opening."""

    CSS_PATH = Path(__file__).with_name("hawkmoth.tcss")
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(APP)]

    def __init__(
        self,
        open_workstation: Callable[[], Workstation],
        settings: Settings,
        theme_folders: Sequence[Path],
        startup: Startup | None = None,
    ) -> None:
        super().__init__()
        self.theme_folders = tuple(theme_folders)
        self.desk: Desk | None = None
        """None until the workstation is open."""
        self._settings = settings
        self._startup = startup or Startup()
        self.opening = Opening(self, open_workstation, self._startup)
        self.sending = Sending(self)
        self.preview: Preview | None = None
        """What is shown of where the prompt being written would go."""
        self.wants_demo = False
        """Whether the demo takes this program's place when it has ended."""
        self._draft_timer: Timer | None = None
        self.conversation = ConversationScreen(
            is_simulated=self._startup.is_demo,
            warn_at=settings.budget.warn_at,
            keymap=settings.keys,
            slots=settings.routing.slots,
        )
        self.conversation.composer.values = lambda command: self.writing.values(command)
        self.conversation.composer.take_other = lambda: self.desk is not None and self.previewing.take_other()
        use_first_theme(self, settings.ui.theme)

    @cached_property
    def bridge(self) -> Bridge:
        """The running turns."""
        from hawkmoth_tui.ui.bridge import Bridge

        return Bridge(self)

    @cached_property
    def going(self) -> Going:
        """The ways out."""
        from hawkmoth_tui.ui.going import Going

        return Going(self)

    @cached_property
    def browsing(self) -> Browsing:
        """The open sessions."""
        from hawkmoth_tui.ui.browsing import Browsing

        return Browsing(self)

    @cached_property
    def keeping(self) -> Keeping:
        """Whether everything is on the disk."""
        from hawkmoth_tui.ui.keeping import Keeping

        return Keeping(self)

    @cached_property
    def branching(self) -> Branching:
        """The versions of turns."""
        from hawkmoth_tui.ui.branching import Branching

        return Branching(self)

    @cached_property
    def briefing(self) -> Briefing:
        """Briefs by models."""
        from hawkmoth_tui.ui.briefing import Briefing

        return Briefing(self)

    @cached_property
    def paging(self) -> Paging:
        """The turns before those on the screen."""
        from hawkmoth_tui.ui.paging import Paging

        return Paging(self)

    @cached_property
    def picking(self) -> Picking:
        """The lists of models and sessions."""
        from hawkmoth_tui.ui.picking import Picking

        return Picking(self)

    @cached_property
    def writing(self) -> Writing:
        """What waits beside the text being written."""
        from hawkmoth_tui.ui.writing import Writing

        return Writing(self)

    @cached_property
    def previewing(self) -> Previewing:
        """Where the prompt being written would go."""
        from hawkmoth_tui.ui.previewing import Previewing

        return Previewing(self)

    @cached_property
    def choosing(self) -> Choosing:
        """Themes, the palette, keys of providers."""
        from hawkmoth_tui.ui.choosing import Choosing

        return Choosing(self)

    @cached_property
    def applying(self) -> Applying:
        """Commands and their effects."""
        from hawkmoth_tui.ui.applying import Applying

        return Applying(self)

    @cached_property
    def waiting(self) -> Waiting:
        """What the answer on the screen waits for."""
        from hawkmoth_tui.ui.waiting import Waiting

        return Waiting(self)

    def get_default_screen(self) -> Screen[None]:
        return self.conversation

    def on_mount(self) -> None:
        self.set_keymap(dict(self._settings.keys))
        for problem in problems(self._settings.keys):
            self.say(problem, Weight.WARNING)
        self.show_status()
        self.call_after_refresh(self.run_worker, self.opening.run, name="opening")

    async def on_unmount(self) -> None:
        await self.going.close()

    def say(self, message: str, weight: Weight = Weight.PLAIN) -> None:
        """A notice above the composer."""
        self.conversation.say(message, weight)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """What Textual itself wants to tell goes the way of every notice: mapped, never markup, no timer."""
        weights = {"information": Weight.PLAIN, "warning": Weight.WARNING, "error": Weight.PROBLEM}
        self.say(f"{title}: {message}" if title else message, weights[severity])

    def use_theme(self, name: str) -> None:
        """Switch the theme for this run. Raises ConfigError."""
        theme = load_theme(name, self.theme_folders)
        self.register_theme(theme)
        if self.is_running:
            if self.theme == theme.name:
                self.mutate_reactive(App.theme)
            self.theme = theme.name
        else:
            self.set_reactive(App.theme, theme.name)
            self.follow_palette()
            self.stylesheet.set_variables(self.get_css_variables())

    def theme_choices(self) -> tuple[str, ...]:
        """Themes that there are."""
        return theme_names(self.theme_folders)

    async def opened(self) -> Desk:
        """The desk, once the workstation is open; makes it open now."""
        await self.opening.wait()
        assert self.desk is not None  # noqa: S101  # set before the event
        return self.desk

    async def show_session(self, session_id: str | None) -> None:
        """Make this session the current one. Raises SessionNotFound."""
        desk = await self.opened()
        await self.save_draft()
        turns = desk.open(session_id)
        run = self.bridge.runs.get(session_id or "")
        if run is not None and run.turn is not None:
            turns = (*turns[:-1], run.turn) if turns and turns[-1].id == run.turn.id else (*turns, run.turn)
        self.conversation.notices.clear()
        await self.load(desk, turns)
        self.conversation.composer.put(desk.draft())
        await self.writing.trays.open(session_id)

    async def load(self, desk: Desk, turns: Sequence[Turn]) -> None:
        """Put the turns of the current session on the screen."""
        last = turns[-1] if turns else None
        await self.conversation.load(turns, desk.summary(), is_simulated=desk.is_simulated(last))
        self.conversation.panes.show_quota(desk.quota(last))
        self.branching.arrived(desk)
        self.browsing.arrived(desk, turns)
        self.show_status()

    @property
    def has_early_words(self) -> bool:
        """Whether something was written that no store has seen yet."""
        composer = self.conversation.composer
        has_words = bool(composer.text.strip()) or composer.may_be_empty or self.sending.entered.locked()
        return self.desk is None and has_words

    async def save_draft(self) -> None:
        """Keep what is being written, but for a key."""
        if self.desk is not None:
            from hawkmoth_tui.commands.secrecy import without_key

            await self.desk.save_draft(without_key(self.conversation.composer.draft))

    def show_status(self) -> None:
        """Bring the status line up to date."""
        if self.desk is not None:
            self.browsing.refresh(self.desk)
            self._follow_wait(self.desk)
            status = standing(self, self.desk)
        else:
            status = early_standing(self._settings, self._startup)
        self.conversation.status.show(status)
        self.conversation.panes.expect(status.pinned)

    def _follow_wait(self, desk: Desk) -> None:
        turn = self.bridge.turn(desk.session.id) if desk.session else None
        if (turn is not None and turn.wait) or "waiting" in self.__dict__:
            self.waiting.follow(turn)

    def action_leave(self) -> None:
        """Leave after what was typed before the key, which waits in the queue of whatever has the focus."""
        if self.focused is None:
            self.going.ask()
        else:
            self.focused.call_later(self.going.ask)

    async def on_composer_submitted(self, message: Composer.Submitted) -> None:
        from hawkmoth_tui.commands.registry import is_command
        from hawkmoth_tui.commands.secrecy import without_key

        self.conversation.composer.on_their_way -= 1
        text = without_key(message.text)
        if message.text and not text:
            keys = key_name("keys.set", self._settings.keys) or "/keys set"
            self.conversation.answer(f"that is a key and no prompt: it was not sent; {keys} takes it", Weight.WARNING)
        elif is_command(text):
            self.applying.start(text, is_typed=True)
        else:
            if self.desk is not None:
                self.desk.send_edit()
                self.previewing.sent()
            self.sending.send(text)

    def on_composer_files_wanted(self) -> None:
        self.run_worker(self.writing.find_files(), name="files", group="files", exclusive=True)

    def on_composer_file_taken(self, message: Composer.FileTaken) -> None:
        self.writing.attach(message.path)

    def on_composer_pasted(self, message: Composer.Pasted) -> None:
        self.writing.paste(message.text)

    def on_composer_offered(self, message: Composer.Offered) -> None:
        self.applying.start(message.line)

    def on_composer_tray_wanted(self) -> None:
        self.writing.focus()

    def on_tray_pane_used(self, message: TrayPane.Used) -> None:
        self.writing.use(message)

    def on_app_focus(self) -> None:
        """The user comes back, perhaps from another window that has spent something meanwhile."""
        if self.desk is not None:
            self.conversation.panes.show_sums(self.desk.summary())

    def on_text_area_changed(self) -> None:
        self.opening.quiet.touch()
        composer = self.conversation.composer
        if "waiting" in self.__dict__:
            self.waiting.written()
        if self.desk is not None and not composer.text and not composer.on_their_way:
            self.desk.forget_edit()
        if self.desk is not None:
            self.previewing.touch()
        if self._draft_timer is None:
            self._draft_timer = self.set_timer(DRAFT_S, self._keep_draft)

    def on_conversation_screen_asked(self, message: ConversationScreen.Asked) -> None:
        self.applying.start(message.line)

    def on_conversation_screen_save_asked(self, message: ConversationScreen.SaveAsked) -> None:
        self.applying.save(message.text)

    def on_conversation_screen_escaped(self) -> None:
        if not self.sending.stop() and not self.briefing.stop():
            self.conversation.notices.clear()

    async def on_tab_line_clicked(self, message: TabLine.Clicked) -> None:
        await self.show_session(message.session_id or None)

    def on_session_picker_renamed(self, message: SessionPicker.Renamed) -> None:
        self.browsing.retitled(message.session_id, message.title)
        if self.desk is not None:
            self.desk.reread()
            self.show_status()

    def on_page_earlier_wanted(self, message: Page.EarlierWanted) -> None:
        if self.desk is not None:
            self.paging.want(self.desk, message.first, is_all=message.is_all)

    def on_turn_progress(self, message: TurnProgress) -> None:
        from hawkmoth_tui.ui.following import follow

        if self.desk is not None:
            follow(self, self.desk, message)

    def on_turn_refused(self, message: TurnRefused) -> None:
        self.sending.refused(message)
        self.going.one_ended()

    @property
    def hangup_grace_s(self) -> float:
        return self._settings.session.finish_after_hangup_s if self.bridge.runs else 0.0

    async def shutdown(self, ending: Ending) -> None:
        await self.going.shut_down(ending, self._settings.session.finish_after_hangup_s)

    def _keep_draft(self) -> None:
        self._draft_timer = None
        self.run_worker(self.save_draft(), name="draft", group="draft")
        if self.desk is not None and self.desk.weigh(self.conversation.composer.text):
            self.show_status()

    @property
    def wants_ground(self) -> bool:
        return self._settings.ui.theme == AUTO and self.theme in (DARK, LIGHT)

    def on_ground_told(self, message: GroundTold) -> None:
        """The terminal knows its own background better than its environment; what was chosen meanwhile stands."""
        if self.wants_ground:
            self.use_theme(DARK if message.is_dark else LIGHT)
