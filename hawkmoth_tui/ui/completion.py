"""What can be completed where the cursor stands, and with what: command names, their arguments, files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.fuzzy import ranked
from hawkmoth_tui.ui.widgets.choices import Offer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hawkmoth_tui.commands.registry import Command
    from hawkmoth_tui.commands.values import Value

MOST_OFFERS = 100
"""Files and values offered at a time; typing brings the others."""
MOST_LABEL = 80
"""Characters of a name that is shown."""

_COMMAND = re.compile(r"/[A-Za-z]*")
_ARGUMENT = re.compile(r"/(?P<command>[A-Za-z]+) +(?P<query>.*)")
_ATTACH = re.compile(r"/attach +(?P<query>\S.*)?")
_MENTION = re.compile(r"(?:^|(?<=[\s(\[\"'`]))@(?P<query>[^\s@]*)$")


class Kind(Enum):
    """What is being typed."""

    COMMAND = "command"
    """A command's name."""
    USAGE = "usage"
    """A command's argument: its usage is shown, and what it may be."""
    FILE = "file"
    """A file, after `@`."""
    ATTACHED = "attached"
    """A file, after `/attach`."""


@dataclass(frozen=True, slots=True)
class Word:
    """The piece of the line that a completion replaces."""

    kind: Kind
    start: int
    """Its first column."""
    query: str
    """What was typed of it, without `/` or `@`."""
    command: str = ""
    """Whose argument it is; empty for what is no argument."""


def word_before(line: str, *, is_only_line: bool) -> Word | None:
    """What is being typed at the end of `line`, which ends at the cursor."""
    if is_only_line and _COMMAND.fullmatch(line):
        return Word(Kind.COMMAND, 0, line[1:])
    if is_only_line and (found := _ATTACH.fullmatch(line)):
        query = found["query"] or ""
        return Word(Kind.ATTACHED, len(line) - len(query), query)
    if is_only_line and (found := _ARGUMENT.fullmatch(line)):
        return Word(Kind.USAGE, found.start("query"), found["query"], found["command"].lower())
    if found := _MENTION.search(line):
        return Word(Kind.FILE, found.start(), found["query"])
    return None


def command_offers(query: str, commands: Iterable[Command]) -> tuple[Offer, ...]:
    """Commands whose name begins with the query, then those that hold it; the whole name first."""
    wanted = query.lower()
    found = [command for command in commands if wanted in command.name]
    found.sort(key=lambda command: (command.name != wanted, not command.name.startswith(wanted)))
    return tuple(
        Offer(
            f"/{command.name} " if command.argument else f"/{command.name}",
            command.usage,
            command.help,
            is_whole=not command.argument or command.argument.startswith("["),
        )
        for command in found
    )


def usage_note(name: str, commands: Iterable[Command]) -> str:
    """How the command is written and what it does; empty when there is none of that name."""
    return next((f"{command.usage}: {command.help}" for command in commands if command.name == name), "")


def value_offers(query: str, values: Iterable[Value]) -> tuple[Offer, ...]:
    """What the argument may be and fits the query, best first; all of it while nothing was typed."""
    fitting = ranked(query, values, lambda value: f"{value.text} {value.name} {value.about}".lower())
    return tuple(
        Offer(
            value.text,
            one_line(value.name or value.text, MOST_LABEL),
            one_line(value.about, MOST_LABEL),
            is_whole=not value.text.endswith(" "),
        )
        for value in fitting[:MOST_OFFERS]
    )


def file_offers(query: str, paths: Sequence[str], *, is_argument: bool) -> tuple[Offer, ...]:
    """The files that fit the query best, best first."""
    return tuple(Offer(path, path, is_whole=is_argument) for path in best_files(query, paths)[:MOST_OFFERS])


def best_files(query: str, paths: Sequence[str]) -> list[str]:
    """The paths that hold all letters of the query in order. Best: the name begins with it, the name holds it, the path holds it,
    the letters stand close together; among equals the shorter path, then the order given."""
    wanted = query.lower()
    if not wanted:
        return list(paths)
    loose = re.compile(".*?".join(map(re.escape, wanted)), re.DOTALL)
    ranked: list[tuple[int, int, int, str]] = []
    for path in paths:
        lower = path.lower()
        found = loose.search(lower)
        if found is None:
            continue
        name = lower.rsplit("/", 1)[-1]
        rank = 0 if name.startswith(wanted) else 1 if wanted in name else 2 if wanted in lower else 3
        ranked.append((rank, found.end() - found.start() if rank == 3 else 0, len(path), path))
    return [path for *_, path in sorted(ranked)]
