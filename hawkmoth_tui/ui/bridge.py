"""Between the engine and the screen: one worker of the app per running turn.

A worker drains `Workstation.send()`, folds the events and posts them. Before it posts text again it waits until the screen has had its turn
with the last and a little longer, so that a fast stream becomes few frames; meanwhile the engine merges what arrives. The reader of the
network never waits here, and nothing but text waits at all: the end of an answer is posted right behind its last words.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

from hawkmoth_tui.core.errors import HawkmothError

if TYPE_CHECKING:
    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.ui.stage import StagedApp

log = logging.getLogger(__name__)

FLUSH_S = 0.01
"""Least time from one piece of text to the next. How often text is drawn is up to the transcript."""
DRAWING_SHARE = 2.0
"""A drawing that took long is followed by a pause this many times as long: at most a third of the time goes into drawing."""
DRAWN_WITHIN_S = 1.0
"""How long a drawing is waited for; a screen that is gone must not hold a turn."""
UNSEEN_S = 0.5
"""Pause between pieces of text that nobody sees because the terminal is lost."""


@dataclass
class TurnProgress(Message):
    """One event of a running turn, and the turn after it."""

    session_id: str
    event: TurnEvent
    turn: Turn


@dataclass
class TurnRefused(Message):
    """There will be no turn, or no more of it: the engine said no before it began, or broke."""

    session_id: str
    text: str
    """What was to be sent."""
    message: str
    is_users_words: bool = True
    """Whether `text` was typed; false for a retry or a continuation."""


@dataclass(slots=True)
class Run:
    """A turn that is running for this screen."""

    session_id: str
    turn: Turn | None = None
    """As far as it was shown; None until it is stored."""
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when somebody stops it: from then on nothing is waited for."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it runs no more."""
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while the screen has drawn all text it was given."""
    not_before: float = 0.0
    """When it may have the next piece, on the monotonic clock; known when the last is drawn."""

    def __post_init__(self) -> None:
        self.drawn.set()

    def has_drawn(self, posted_at: float) -> None:
        """The text that was posted then is on the screen."""
        now = monotonic()
        self.not_before = now + max(FLUSH_S, DRAWING_SHARE * (now - posted_at))
        self.drawn.set()


class Bridge:
    """The running turns, by session; one session runs one at a time."""

    def __init__(self, app: StagedApp[HawkmothError]) -> None:
        self._app = app
        self.runs: dict[str, Run] = {}
        self._idle = asyncio.Event()
        self._idle.set()

    def start(self, workstation: Workstation, session_id: str, text: str, options: TurnOptions) -> None:
        """Begin a turn in a worker of the app: it lives as long as the app, whatever the screen shows."""
        run = self.runs[session_id] = Run(session_id)
        self._idle.clear()
        self._app.run_worker(
            self._drain(workstation, run, text, options), name=f"turn of {session_id}", exit_on_error=False
        )

    def is_running(self, session_id: str) -> bool:
        """Whether this session is being answered."""
        return session_id in self.runs

    def turn(self, session_id: str) -> Turn | None:
        """The session's running turn as far as it was shown; None when none runs or it is not stored yet."""
        run = self.runs.get(session_id)
        return run.turn if run else None

    async def idle(self) -> None:
        """Returns when no turn is running."""
        await self._idle.wait()

    async def settled(self, session_id: str) -> None:
        """Returns when a turn of the session that was stopped is over; at once for any other."""
        run = self.runs.get(session_id)
        if run is not None and run.stopped.is_set():
            await run.over.wait()

    def stop_all(self, workstation: Workstation) -> None:
        """Stop every running turn; their parts are kept."""
        for session_id in tuple(self.runs):
            self.stop(workstation, session_id)

    def stop(self, workstation: Workstation, session_id: str) -> bool:
        """Stop the session's turn, one that is not stored yet as soon as it is. Returns whether there was one to stop."""
        run = self.runs.get(session_id)
        if run is None:
            return False
        run.stopped.set()
        if run.turn is not None:
            workstation.stop(run.turn.id)
        return True

    async def _drain(self, workstation: Workstation, run: Run, text: str, options: TurnOptions) -> None:
        from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, TurnStarted
        from hawkmoth_tui.core.turn import TurnKind

        refusal: TurnRefused | None = None
        is_typed = options.kind is TurnKind.PROMPT
        try:
            async with aclosing(workstation.send(run.session_id, text, options)) as events:
                async for event in events:
                    is_text = isinstance(event, TextDelta | ThinkingDelta)
                    if is_text and not run.stopped.is_set():
                        await self._rest(run)
                    self._show(run, event, is_text=is_text)
                    if run.stopped.is_set() and run.turn is not None and isinstance(event, TurnStarted):
                        workstation.stop(run.turn.id)
        except HawkmothError as error:
            refusal = TurnRefused(run.session_id, text, str(error), is_users_words=is_typed)
        except Exception:
            log.exception("a turn broke")
            message = "this is a bug in Hawkmoth; its log has the details"
            refusal = TurnRefused(run.session_id, text, message, is_users_words=is_typed and run.turn is None)
        finally:
            self._forget(run)
        if refusal is not None:
            self._app.post_message(refusal)

    def _show(self, run: Run, event: TurnEvent, *, is_text: bool) -> None:
        from hawkmoth_tui.core import events as ev
        from hawkmoth_tui.core.turn import advance

        if isinstance(event, ev.TurnStarted):
            run.turn = event.turn
        elif run.turn is not None:
            run.turn = advance(run.turn, event)
        if run.turn is None:
            return
        if isinstance(event, ev.TurnEnded):
            self._forget(run)
        if is_text and not self._app.has_terminal:
            return
        self._app.post_message(TurnProgress(run.session_id, event, run.turn))
        if is_text:
            run.drawn.clear()
            if not self._app.call_after_refresh(run.has_drawn, monotonic()):
                run.drawn.set()

    async def _rest(self, run: Run) -> None:
        """Returns when the screen may have more text."""
        if not self._app.has_terminal:
            with suppress(TimeoutError):
                async with asyncio.timeout(UNSEEN_S):
                    await run.stopped.wait()
            return
        try:
            async with asyncio.timeout(DRAWN_WITHIN_S):
                await run.drawn.wait()
        except TimeoutError:
            log.info("the screen took longer than %s s to draw", DRAWN_WITHIN_S)
        await asyncio.sleep(run.not_before - monotonic())

    def _forget(self, run: Run) -> None:
        run.over.set()
        if self.runs.get(run.session_id) is run:
            del self.runs[run.session_id]
        if not self.runs:
            self._idle.set()
