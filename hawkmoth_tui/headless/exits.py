"""How a command ends: the one table from error class to exit code, and the one line that says what happened and what to do next."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import HawkmothError, NoRoute, ProviderError, StoreError, UserError

if TYPE_CHECKING:
    from hawkmoth_tui.core.turn import TurnError, TurnState

DONE = 0
NEEDS_THE_USER = 1
"""`doctor` found something."""
USER = 2
PROVIDER = 3
NO_ROUTE = 4
STORE = 5
BUG = 70

EXIT_CODES: tuple[tuple[type[HawkmothError], int], ...] = (
    (UserError, USER),
    (ProviderError, PROVIDER),
    (NoRoute, NO_ROUTE),
    (StoreError, STORE),
)
"""Error class to exit code, first match wins. What is not here is a bug."""

PIPE_SIGNAL = int(getattr(signal, "SIGPIPE", 13))
"""The signal of an output that nobody reads; Windows has none."""

MOST_CHARACTERS = 300
"""Length of an error line."""
PREFIX = "hawkmoth: "


class Stopped(SystemExit):
    """A signal asked the command to end. As a SystemExit it passes event loops and every `except Exception`."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


def exit_code(error: BaseException) -> int:
    """The exit code for an error that ends the command."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), BUG)


def turn_exit_code(state: TurnState, signal_number: int | None = None) -> int:
    """The exit code for a turn that ended. A live turn cannot be asked for."""
    from hawkmoth_tui.core.turn import TurnState  # not for the workstation's first frame, which starts through here

    match state:
        case TurnState.DONE:
            return DONE
        case TurnState.FAILED | TurnState.INTERRUPTED:
            return PROVIDER
        case TurnState.BLOCKED:
            return NO_ROUTE
        case TurnState.CANCELLED:
            return signal_exit_code(signal_number or signal.SIGINT)
        case TurnState.WAITING | TurnState.STREAMING:
            raise ValueError(f"a turn that is {state} has no exit code")


def signal_exit_code(number: int) -> int:
    """128 + n, as shells say it."""
    return 128 + number


def signal_name(number: int) -> str:
    """Ctrl+C, SIGTERM, …"""
    return "Ctrl+C" if number == signal.SIGINT else signal.Signals(number).name


def line(message: str, hint: str = "") -> str:
    """One line of at most 300 characters for stderr; a long message is cut so that the hint stays whole."""
    ending = f": {one_line(hint, 180)}" if hint else ""
    return PREFIX + one_line(message, MOST_CHARACTERS - len(PREFIX) - len(ending)) + ending


def error_line(error: HawkmothError) -> str:
    """The line for an error that ends the command."""
    who = f"{error.provider}: " if isinstance(error, ProviderError) and error.provider else ""
    return line(who + error.message, error.hint)


def turn_error_line(error: TurnError, ending: str = "") -> str:
    """The line for an error that ended a turn; `ending` says what became of the text."""
    who = f"{error.provider}: " if error.provider and not error.message.startswith(error.provider) else ""
    return line(who + error.message, "; ".join(part for part in (error.hint, ending) if part))
