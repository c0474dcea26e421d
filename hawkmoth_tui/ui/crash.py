"""What happens when Hawkmoth itself is wrong: the whole story goes to the log, one short line to the user, and no local variable anywhere.

Textual's own report prints the values of local variables, which is where keys are. Standard library only.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.charmap import one_line, visible
from hawkmoth_tui.settings.log import mask

if TYPE_CHECKING:
    import asyncio
    from types import TracebackType

EXIT_CODE = 70
"""Exit status of a bug in Hawkmoth (EX_SOFTWARE)."""

_LONGEST_REPORT = 20_000
"""Characters of a traceback that are kept: an error's own words may be of any length."""

_log = logging.getLogger("hawkmoth_tui.crash")


class Crash(NamedTuple):
    """A bug that showed itself."""

    summary: str
    """The error's class and the place, such as "KeyError in transcript.py:12"; never its words, which may quote anything."""
    log_file: Path | None
    """Where the details are; None when no log could be opened."""

    def line(self) -> str:
        """What the user is told."""
        details = f"the details are in {self.log_file}" if self.log_file else "no log could be written"
        return one_line(f"hawkmoth: this is a bug in Hawkmoth ({self.summary}); {details}")


def record(error: BaseException) -> Crash:
    """Writes the error's traceback to the log, keys masked and without local variables, and says what to show."""
    _log.critical("%s", report(error))
    return Crash(_summary(error), _log_file())


def report(error: BaseException) -> str:
    """The traceback as text that is safe to keep and to show: no locals, key-shaped words masked, characters mapped."""
    story = "".join(traceback.TracebackException.from_exception(error, capture_locals=False, limit=-60).format())
    return visible(mask(story))[-_LONGEST_REPORT:]


def install() -> None:
    """Sends the errors that nobody caught, in the main thread and in others, to the log instead of the terminal."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def uncaught_in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """An event loop's exception handler: a task's error that nobody awaited goes to the log and costs nothing else."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        record(error)
    else:
        _log.error("%s", visible(str(context.get("message", ""))))


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    crash = record(error)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(crash.line() + "\n")


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        record(arguments.exc_value)


def _summary(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    place = f" in {Path(frames[0].filename).name}:{frames[0].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _log_file() -> Path | None:
    """The file that the log goes to, whoever opened it."""
    from hawkmoth_tui.settings.log import LateHandler

    logger: logging.Logger | None = _log
    while logger is not None:
        for handler in logger.handlers:
            if isinstance(handler, LateHandler):
                return handler.place()
            if isinstance(handler, logging.FileHandler):
                return Path(handler.baseFilename)
        logger = logger.parent
    return None
