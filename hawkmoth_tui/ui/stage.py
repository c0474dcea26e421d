"""The one road from the app to the terminal: frames through the output stage, errors through the crash report, signals to an orderly end.

This is the only place that overrides Textual's private methods. What it relies on is checked when an app is made, so that a new Textual
that moves it is one clear error at start and not a broken screen. The rest of the user interface sees `StagedApp` and `run` only.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING, TypeVar

from textual.app import App
from textual.filter import Monochrome, NoColor
from textual.worker import WorkerFailed

from hawkmoth_tui.core.charmap import visible
from hawkmoth_tui.ui import crash
from hawkmoth_tui.ui.clipboard import LONGEST_COPY, carrier, sequence
from hawkmoth_tui.ui.frames import frame_of, moved, require_known_shape
from hawkmoth_tui.ui.output import OutputStage
from hawkmoth_tui.ui.profiles import FULL
from hawkmoth_tui.ui.terminal import Deadline, Ending, EndingSignals, erases_in_colour

if TYPE_CHECKING:
    from pathlib import PurePath

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.timer import Timer

    from hawkmoth_tui.ui.driver import TerminalDriver
    from hawkmoth_tui.ui.frames import Frame

ReturnType = TypeVar("ReturnType")

IS_WINDOWS = sys.platform == "win32"

_SHUTDOWN_S = 1.2
"""How long `shutdown` may take when the process is asked to end."""

_FAREWELL_S = 0.6
"""How long the app may take to close after `shutdown`; then the process ends anyway."""

_SETTLED_S = 0.1
"""How long the terminal's size must have stood still."""
_CRASH_S = 5.0
"""How long the app may take to close after a bug."""

WHOLE_FRAMES = "HAWKMOTH_WHOLE_FRAMES"
"""Environment variable that switches the model of the terminal off: every frame is sent as Textual makes it."""

_TEXTUAL_SEAM = (
    "_display",
    "_sync_available",
    "_begin_batch",
    "_close_messages_no_wait",
    "_context",
    "_exception_event",
    "_fatal_error",
    "_filters",
    "_handle_exception",
    "_print_error_renderables",
    "_refresh_truecolor_filter",
    "_return_code",
    "panic",
    "post_display_hook",
)
"""Everything private of `App` that is used or overridden here."""


class StagedApp(App[ReturnType]):
    """An app whose every frame leaves through one `OutputStage`, whose bugs show no secrets, and which outlives its terminal.

    Run it with `run`. Override `shutdown` and `hangup_grace_s`.
    """

    def __init__(self, css_path: str | PurePath | None = None, *, ansi_color: bool | None = None) -> None:
        require_known_shape()
        super().__init__(css_path=css_path, ansi_color=ansi_color)
        for name in _TEXTUAL_SEAM:
            if not hasattr(self, name):
                raise moved(f"App.{name}")
        if self.no_color:
            self._go_without_colours()
        is_whole, erases = bool(os.environ.get(WHOLE_FRAMES)), erases_in_colour(os.environ)
        self._stage = OutputStage(self.console, is_differential=not is_whole, erases_in_colour=erases)
        self._terminal: TerminalDriver | None = None
        self._loop_of_run: asyncio.AbstractEventLoop | None = None
        self._deadline: Deadline | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._has_drawn = False
        self._settling: Timer | None = None
        """Runs from a change of the terminal's size until no further one came."""
        self.manner = FULL
        """How the screen is driven; set it before the app runs."""
        self.signals = EndingSignals(self.end)
        """What turns signals into endings; `run` gives them back."""
        self.ending: Ending | None = None
        """Why the app is going; None while nobody asked it to."""
        self.crash: crash.Crash | None = None
        """The first bug of this run, already logged; None without one."""

    @property
    def hangup_grace_s(self) -> float:
        """Seconds that `shutdown` may take after the terminal was lost, for the answer in flight."""
        return 0.0

    @property
    def wants_ground(self) -> bool:
        """Whether the terminal is asked for its background; `on_ground_told` hears the answer, if there is one."""
        return False

    @property
    def has_terminal(self) -> bool:
        """False once the terminal is lost: nothing that is drawn is seen, so draw nothing."""
        return self.ending is not Ending.HUNG_UP

    async def shutdown(self, ending: Ending) -> None:
        """What has to be done before the app goes without its user's wish; the app exits when this returns or takes too long.

        TERMINATED, INTERRUPTED: stop the turns, keep their parts. HUNG_UP: the screen is gone; let a turn in flight finish for at most
        `hangup_grace_s`, then stop it.
        """

    def end(self, ending: Ending) -> None:
        """Starts an orderly end. May be called from a signal handler, in the main thread; more calls change nothing."""
        limit_s = _SHUTDOWN_S + (self.hangup_grace_s if ending is Ending.HUNG_UP else 0.0)
        if self._loop_of_run is None or not self._is_news(ending):
            return
        if self._deadline is not None:
            self._deadline.set(limit_s + _FAREWELL_S, ending.exit_code)
        with contextlib.suppress(RuntimeError):
            self._loop_of_run.call_soon_threadsafe(self._leave, ending, limit_s)

    def take_terminal(self, terminal: TerminalDriver) -> None:
        """The driver introduces itself: from here on signals, the line's loss and stray errors of the loop are ours."""
        self._terminal = terminal
        self._loop_of_run = asyncio.get_running_loop()
        self._loop_of_run.set_exception_handler(crash.uncaught_in_loop)
        self._deadline = Deadline(terminal.restore_at_once)
        self.signals.install()

    def follow_palette(self) -> None:
        """After a change of theme before the app runs: the terminal's own colours are sent as such when the theme is made of them."""
        self._refresh_truecolor_filter(self.ansi_theme)

    def redraw(self) -> None:
        """Paints the whole screen again: somebody else may have written to the terminal."""
        self._stage.forget()
        self.catch_up()

    def catch_up(self) -> None:
        """Paints what the line was too busy for."""
        if not (self.is_running and self.screen_stack):
            return
        if not self._stage.is_differential:
            self.refresh(layout=True)
        elif self._driver is not None and self.has_terminal and (text := self._stage.catch_up()):
            _write(self._driver, text)

    def action_redraw(self) -> None:
        self.redraw()

    def on_app_focus(self) -> None:
        """The user comes back to this terminal, maybe through another window of tmux: what was there may have been lost."""
        if self._has_drawn:
            self.redraw()

    def on_resize(self) -> None:
        """Terminals fold, cut and shift what they show when they change their size.

        One that was changed and changed back brings no new frame, so what it lost is painted when the sizes have settled.
        """
        self._stage.forget()
        if self._settling is not None:
            self._settling.stop()
        if self._has_drawn:
            self._settling = self.set_timer(_SETTLED_S, self.catch_up)

    def copy_to_clipboard(self, text: str) -> None:
        """Copies text through the terminal (OSC 52), cut at `LONGEST_COPY` bytes."""
        data = text.encode("utf-8", "replace")[:LONGEST_COPY]
        self._clipboard = data.decode("utf-8", "ignore")
        if self._driver is not None:
            self._driver.write(sequence(self._clipboard, carrier(os.environ)))

    def get_driver_class(self) -> type[Driver]:
        """Our own driver, but on Windows, which has no signals and no terminal to lose."""
        if IS_WINDOWS:
            return super().get_driver_class()
        from hawkmoth_tui.ui.driver import TerminalDriver

        return TerminalDriver

    def _go_without_colours(self) -> None:
        """NO_COLOR as its authors mean it: set but empty it means nothing, else no colour leaves, no grey either."""
        self.no_color = bool(os.environ.get("NO_COLOR"))
        if self.no_color:
            from hawkmoth_tui.ui.colourless import Colourless

            self._filters[:] = [Colourless()]
        else:
            self._filters[1:] = [kept for kept in self._filters[1:] if not isinstance(kept, (Monochrome, NoColor))]

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        try:
            driver = self._driver
            if renderable is None or driver is None or self._batch_count or not self._running or self._closed:
                return
            if self.is_headless:
                return
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            self._stage.is_synchronised = self._sync_available
            try:
                text = self._rendered(frame_of(renderable, cursor))
            except Exception as error:
                self._handle_exception(error)
            else:
                if text:
                    _write(driver, text)
                self._begin_to_collect()
        finally:
            self.post_display_hook()

    def _rendered(self, frame: Frame) -> str:
        """What the terminal is sent for a frame; nothing while the line is busy, and all of it at once afterwards."""
        if self._terminal is not None and self._terminal.owes_frame():
            self._stage.take(frame)
            return ""
        return self._stage.render(frame)

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = crash.EXIT_CODE
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        cause = error.error if isinstance(error, WorkerFailed) else error
        found = crash.record(cause)
        self.crash = self.crash or found
        if self._deadline is not None:
            self._deadline.set(_CRASH_S, crash.EXIT_CODE)
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        error = sys.exception()
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError("Textual ended the app"))

    def panic(self, *renderables: RenderableType) -> None:
        """Textual's way to give up: becomes a bug report without what it would have printed."""
        self._handle_exception(RuntimeError(visible("\n".join(text for text in renderables if isinstance(text, str)))))

    def _print_error_renderables(self) -> None:
        if self.crash is not None:
            self._exit_renderables.clear()
        super()._print_error_renderables()

    def _begin_to_collect(self) -> None:
        """After the first frame: what was made by then stays, so the collector need never look at it again."""
        if not self._has_drawn:
            self._has_drawn = True
            gc.freeze()
            gc.enable()

    def _is_news(self, ending: Ending) -> bool:
        """Whether this changes anything: the first ending does, and being told to stop during the grace of a lost terminal."""
        return self.ending is None or (self.ending is Ending.HUNG_UP and ending is not Ending.HUNG_UP)

    def _leave(self, ending: Ending, limit_s: float) -> None:
        if not self._is_news(ending):
            return
        self.ending = ending
        if self._leaving is not None:
            self._leaving.cancel()
        if ending is Ending.HUNG_UP:
            self._begin_batch()
            if self._terminal is not None:
                self._terminal.let_go()
        with self._context():
            self._leaving = asyncio.create_task(self._shut_down(ending, limit_s), name=f"shutdown ({ending.value})")

    async def _shut_down(self, ending: Ending, limit_s: float) -> None:
        try:
            async with asyncio.timeout(limit_s):
                await self.shutdown(ending)
        except TimeoutError:
            pass
        except Exception as error:
            crash.record(error)
        self.exit(return_code=ending.exit_code)


def run(app: StagedApp[ReturnType]) -> int:
    """Runs the app in the terminal until it ends and returns the exit status; a bug leaves its one line on standard error."""
    crash.install()
    try:
        app.run()
    except Exception as error:
        app.crash = app.crash or crash.record(error)
    finally:
        app.signals.restore()
    if app.crash is not None:
        sys.stderr.write(app.crash.line() + "\n")
        return crash.EXIT_CODE
    return app.return_code or 0


def _write(driver: Driver, text: str) -> None:
    """One write a frame; Windows chokes on large ones (textual #2548)."""
    if IS_WINDOWS:
        for offset in range(0, len(text), 8192):
            driver.write(text[offset : offset + 8192])
    else:
        driver.write(text)
    driver.flush()
