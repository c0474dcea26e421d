"""stdin, stdout and stderr as every command needs them: there, in UTF-8 whatever the locale, and never the cause of a traceback."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from hawkmoth_tui.core.charmap import MAX_COMBINING, is_mark, one_line, visible
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.headless.exits import MOST_CHARACTERS, PIPE_SIGNAL, Stopped

if TYPE_CHECKING:
    from collections.abc import Mapping


def prepare() -> None:
    """Opens what the caller closed, so that no database or socket gets number 0, 1 or 2, and makes both outputs UTF-8."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def arguments(raw: list[str]) -> list[str]:
    """The arguments as UTF-8 whatever the locale decoded them as; bytes that are not UTF-8 stay lone surrogates."""
    return [os.fsencode(text).decode("utf-8", "surrogateescape") if not text.isascii() else text for text in raw]


def is_clean(text: str) -> bool:
    """Whether the text holds no lone surrogate, that is, came from valid UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def tell(text: str) -> None:
    """One mapped line on stderr, at most 300 characters. A stderr that cannot be written is nobody's error."""
    _put(sys.stderr, one_line(text, MOST_CHARACTERS) + "\n")


def murmur(text: str) -> None:
    """What stands beside an answer, one mapped line on stderr: dim where a person may see colours."""
    line = one_line(text, MOST_CHARACTERS)
    _put(sys.stderr, f"\x1b[2m{line}\x1b[0m\n" if shows_colour(sys.stderr, os.environ) else f"{line}\n")


def shows_colour(stream: TextIO | None, env: Mapping[str, str]) -> bool:
    """Whether the stream may carry colours: a terminal that is not dumb, and no NO_COLOR."""
    return is_terminal(stream) and not env.get("NO_COLOR") and env.get("TERM", "dumb") not in ("dumb", "")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads it directly."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def emit(text: str) -> None:
    """A finished text on stdout, exactly as it is. Raises Stopped when nobody reads any more, UserError when it cannot be written."""
    out = Stdout()
    out.write(text)
    if out.has_no_reader:
        raise Stopped(PIPE_SIGNAL)
    if out.problem:
        raise UserError(f"the output could not be written ({out.problem})", "check where stdout goes")


def show(text: str) -> None:
    """A finished text for people on stdout, through the character map, ending with a newline."""
    mapped = visible(text)
    emit(mapped if mapped.endswith("\n") else mapped + "\n")


def close() -> str:
    """Write what is left. Returns the problem, empty when there is none; afterwards nothing can complain at exit."""
    problem = ""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            problem = problem or _words(error)
            _redirect_to_nothing(stream)
    return problem


class Stdout:
    """Where an answer streams to. It remembers that it broke instead of raising, because a broken output never costs the answer."""

    def __init__(self) -> None:
        self.has_no_reader = False
        """The reading end is gone: `| head`."""
        self.problem = "stdout is closed" if sys.stdout is None else ""
        """Why it cannot be written, empty while it can."""

    def write(self, text: str) -> None:
        """Written and flushed at once, so that a reader sees every token as it comes."""
        if self.problem or not text:
            return
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except (OSError, ValueError) as error:
            self.has_no_reader = isinstance(error, BrokenPipeError)
            self.problem = _words(error)
            _redirect_to_nothing(sys.stdout)


class Mapped:
    """The character map over a text that comes in pieces, with the same outcome as over the whole."""

    def __init__(self) -> None:
        self._marks = ""

    def __call__(self, piece: str) -> str:
        """The piece as it may be shown. Only combining marks look back: a run of them may be split over pieces."""
        shown = visible(self._marks + piece)[len(self._marks) :]
        tail = (self._marks + shown)[-MAX_COMBINING:]
        kept = 0
        while kept < len(tail) and is_mark(tail[-1 - kept]):
            kept += 1
        self._marks = tail[len(tail) - kept :]
        return shown


def _put(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except (OSError, ValueError):
        _redirect_to_nothing(stream)


def _words(error: Exception) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is closed"


def _redirect_to_nothing(stream: TextIO) -> None:
    """Lets the interpreter's own flush at exit succeed, instead of printing a complaint."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        return
