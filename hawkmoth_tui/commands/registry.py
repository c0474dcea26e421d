"""The one registry of slash commands: name, argument, key and help of each; completion, help and palette all read it.

A command is one decorated function: `async def name(ctx, argument) -> Effect`. It raises UserError for what the user can mend.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hawkmoth_tui.core.errors import UnknownCommand

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.workstation import Workstation

MODULES = (
    "session",
    "tree",
    "brief",
    "turn",
    "verdict",
    "writing",
    "template",
    "model",
    "rollout",
    "transcript",
    "view",
)
"""Where the commands live, in the order of the help."""


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Where a command was given."""

    workstation: Workstation
    session: Session | None
    """None before the first prompt of a new session."""
    turn: Turn | None
    """The last turn of the session, running or ended."""
    themes: tuple[str, ...] = ()
    """Names of the themes that this front end has."""


Run: TypeAlias = Callable[[CommandContext, str], Awaitable["Effect"]]


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command."""

    name: str
    """Without the slash."""
    argument: str
    """How the argument is shown in help, such as MODEL; empty for none, in brackets when it may be left out."""
    help: str
    """One line."""
    key: str
    """Id of the binding that does the same; empty for none."""
    run: Run

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.argument}".rstrip()


_commands: dict[str, Command] = {}


def command(name: str, help: str, *, argument: str = "", key: str = "") -> Callable[[Run], Run]:  # noqa: A002  # its word
    """Register the function as the command `name`."""

    def register(run: Run) -> Run:
        _commands[name] = Command(name, argument, help, key, run)
        return run

    return register


def all_commands() -> tuple[Command, ...]:
    """Every command, in the order of the help, whichever module was imported first."""
    for module in MODULES:
        importlib.import_module(f"hawkmoth_tui.commands.{module}")
    return tuple(sorted(_commands.values(), key=lambda entry: MODULES.index(entry.run.__module__.rpartition(".")[2])))


def find(name: str) -> Command:
    """The command, also by an unambiguous beginning. Raises UnknownCommand with the nearest names."""
    known = {entry.name: entry for entry in all_commands()}
    if name in known:
        return known[name]
    starting = [entry for entry in known.values() if name and entry.name.startswith(name)]
    if len(starting) == 1:
        return starting[0]
    near = [entry.name for entry in starting] or difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = "did you mean " + ", ".join(f"/{entry}" for entry in near) + "?" if near else "see /help"
    raise UnknownCommand(f"there is no command /{name}", hint)


def is_command(text: str) -> bool:
    """Whether the text is a command: one line that starts with a slash and a letter, and is no path."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    return text.startswith("/") and "\n" not in text and word[1:].isalpha()


async def run(context: CommandContext, text: str) -> Effect:
    """Run the command line. Raises UserError."""
    name, _, argument = text[1:].partition(" ")
    return await find(name).run(context, argument.strip())
