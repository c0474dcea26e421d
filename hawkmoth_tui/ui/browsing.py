"""Which sessions are open: the tabs, and the session that another process answers, shown live and read-only.

The store is read again and again only while such a session is on the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import TabStep
from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.counts import short_count
from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.ui.keys import key_name
from hawkmoth_tui.ui.tabs import Badge, Tabs
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.timer import Timer

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.sessions import Elsewhere
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk

LOOK_AGAIN_S = 0.25
"""Between two looks at a session that another process answers."""
FULL = ((0.9, "the oldest turns are soon left out"), (0.8, "/new starts afresh"), (0.6, ""))
"""Shares of a window from which on its fullness is told once, the highest first, and what to add."""


class Browsing:
    """Follows what is on the screen, and what happens in the open sessions beside it."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app
        self._tabs = Tabs()
        self._timer: Timer | None = None
        self._watched: Turn | None = None
        """As it was last drawn."""
        self._pid = 0
        """The process that answers the watched session."""
        self._told: dict[str, float] = {}
        """The share of the window that was last told, by session."""

    @property
    def is_watching(self) -> bool:
        """Whether another process answers the session on the screen."""
        return self._timer is not None

    @property
    def open_ids(self) -> frozenset[str]:
        """The sessions that have a tab."""
        return frozenset(tab.session_id for tab in self._tabs.tabs)

    def arrived(self, desk: Desk, turns: Sequence[Turn]) -> None:
        """A session was put on the screen with these turns."""
        self._leave()
        elsewhere = desk.workstation.sessions.elsewhere(desk.session.id) if desk.session else None
        if elsewhere is not None:
            self._watch(desk, elsewhere, turns)
        self.tell_fullness(desk)

    def refresh(self, desk: Desk) -> None:
        """Bring the tabs up to date."""
        runs = self._app.bridge.runs
        if desk.session is not None:
            self._tabs.show(desk.session.id, desk.session.title)
        else:
            self._tabs.show("", "")
        for tab in self._tabs.tabs:
            if tab.session_id in runs:
                self._tabs.mark(tab.session_id, Badge.STREAMING)
        self._app.conversation.tabs.show(self._tabs.tabs, self._tabs.place)

    def ended(self, desk: Desk, turn: Turn) -> None:
        """An answer has ended, here or unseen."""
        if desk.is_here(turn.session_id):
            self.tell_fullness(desk)
        else:
            self._tabs.mark(turn.session_id, Badge.ANSWERED if turn.state is TurnState.DONE else Badge.BROKEN)

    def retitled(self, session_id: str, title: str) -> None:
        """A session has got another title."""
        self._tabs.rename(session_id, title)

    async def go(self, step: TabStep) -> None:
        """Show another open session, or close this one."""
        match step:
            case TabStep.NEXT | TabStep.PREVIOUS:
                tab = self._tabs.neighbour(1 if step is TabStep.NEXT else -1)
                if tab is None:
                    key = key_name("session.pick", self._app.conversation.keymap) or "/sessions"
                    self._app.say(f"one session is open; {key} opens others")
                    return
            case TabStep.CLOSE:
                tab = self._tabs.close()
        await self._app.show_session(tab.session_id or None if tab else None)

    def tell_fullness(self, desk: Desk) -> None:
        """Say once when a window is 60, 80 and 90 per cent full."""
        gauge = desk.gauge()
        share = gauge.share if gauge else None
        if gauge is None or share is None or desk.session is None:
            return
        level, advice = next(((least, advice) for least, advice in FULL if share >= least), (0.0, ""))
        told = self._told.get(desk.session.id, 0.0)
        self._told[desk.session.id] = level
        if level > told:
            tilde = "~" if gauge.is_estimate else ""
            size = f"{tilde}{short_count(gauge.used_tokens)} of {short_count(gauge.window_tokens)} tokens"
            text = f"the window of {gauge.model} is {share:.0%} full: {size}"
            self._app.say(f"{text}; {advice}" if advice else text, Weight.WARNING)

    def _watch(self, desk: Desk, elsewhere: Elsewhere, turns: Sequence[Turn]) -> None:
        if not elsewhere.is_alive:
            self._app.run_worker(self._end_orphans(desk), name="orphans")
            return
        shown = next((turn for turn in reversed(turns) if turn.id == elsewhere.turn_id), None)
        self._watched, self._pid = shown or desk.workstation.turn(elsewhere.turn_id), elsewhere.pid
        self._timer = self._app.set_interval(LOOK_AGAIN_S, self._look, name="watching")
        self._app.say(f"process {self._pid} is answering here: shown as it comes, read-only until it has ended")

    def _leave(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._watched = None

    async def _look(self) -> None:
        desk, before = self._app.desk, self._watched
        if desk is None or before is None or not desk.is_here(before.session_id):
            self._leave()
            return
        try:
            turn = desk.workstation.turn(before.id)
            elsewhere = desk.workstation.sessions.elsewhere(turn.session_id) if turn.state.is_live else None
        except HawkmothError as error:
            self._leave()
            self._app.say(str(error), Weight.PROBLEM)
            return
        for event in grown(before, turn):
            self._app.conversation.show(event, turn)
        self._watched = turn
        if not turn.state.is_live:
            self._leave()
            desk.reread()
            await self._app.load(desk, desk.turns())
            self._app.conversation.notices.clear()
            self._app.say(f"process {self._pid} has ended its answer: {turn.state}; you can go on")
        elif elsewhere is not None and not elsewhere.is_alive:
            self._leave()
            await self._end_orphans(desk)

    async def _end_orphans(self, desk: Desk) -> None:
        from hawkmoth_tui.engine.cut_turns import priced_cut

        models = desk.workstation.models
        try:
            await desk.workstation.sessions.end_orphans(lambda turn: priced_cut(turn, models))
        except HawkmothError as error:
            self._app.say(str(error), Weight.PROBLEM)
            return
        desk.reread()
        await self._app.load(desk, desk.turns())
        self._app.say("the process that answered here is gone; what had arrived is kept", Weight.WARNING)


def grown(before: Turn, after: Turn) -> Iterator[ev.TurnEvent]:
    """Events that lead from one look at a live turn to the next, as far as the screen draws them."""
    if after.route is not None and after.route != before.route:
        yield ev.RouteChosen(after.route)
    if len(after.attempts) > len(before.attempts):
        yield ev.AttemptStarted(after.attempts[-1])
    if len(after.reasoning) > len(before.reasoning):
        yield ev.ThinkingDelta(after.reasoning[len(before.reasoning) :])
    if len(after.text) > len(before.text):
        yield ev.TextDelta(after.text[len(before.text) :])
