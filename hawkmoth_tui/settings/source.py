"""Where a value came from, and how a wrong one is refused: one sentence that names the place, and the nearest thing that is right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.settings.lines import KeyPath, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_SHOWN_CHARACTERS = 60
_LINE_CHARACTERS = 500
_SANE_NUMBER = 10**30


@dataclass(frozen=True, slots=True)
class Told:
    """A value given as text: by an environment variable or on the command line."""

    text: str
    where: str
    """The variable, or "command line": how a message begins."""
    origin: str
    """As `Loaded.origins` names it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One key on its way through the checks: its path, and where its value was read."""

    file: Path
    lines: Mapping[KeyPath, int]
    """Line of every key of the file."""
    path: KeyPath = ()
    told: Told | None = None
    """What was told from outside the file; None when the file says it."""

    @property
    def name(self) -> str:
        """The key as a person writes it."""
        return dotted(self.path)

    def inside(self, key: str | int, raw: object = None) -> Place:
        """The place of a key, or of an entry, in the value that stands here; `raw` is what it holds."""
        return replace(self, path=(*self.path, key), told=raw if isinstance(raw, Told) else self.told)

    def refuse(self, what: str, hint: str = "") -> NoReturn:
        """Raises the ConfigError that names the file and line, the variable or the option, then says `what`."""
        line = line_of(self.path, self.lines)
        where = self.told.where if self.told else f"{self.file}, line {line}" if line else str(self.file)
        raise ConfigError(one_line(f"{where}: {what}", _LINE_CHARACTERS), one_line(hint, _LINE_CHARACTERS))

    def refuse_value(self, wanted: str, raw: object, hint: str = "") -> NoReturn:
        """Raises the ConfigError that this key must be `wanted`, and is not."""
        self.refuse(f"{self.name} must be {wanted}, not {_shown(raw)}", hint)

    def refuse_unknown(self, known: Iterable[str]) -> NoReturn:
        """Raises the ConfigError that this key does not exist, with the nearest one that does."""
        names = list(known)
        near = nearest(str(self.path[-1]), names)
        hint = f"did you mean {near}?" if near else "known here: " + ", ".join(names)
        self.refuse(f"{self.name} is not a setting", hint)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one; empty when none is."""
    from difflib import get_close_matches

    matches = get_close_matches(word.lower(), list(known), 1, 0.55)
    return matches[0] if matches else ""


def dotted(path: KeyPath) -> str:
    """A path as a person writes it: routing.policy, providers.lab.models[0].id."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _shown(raw: object) -> str:
    """A value in a message: cut, without keys; only the kind of a table or list, whose text would fill the line."""
    from hawkmoth_tui.settings.masking import mask

    match raw:
        case dict():
            return "a table"
        case list():
            return "a list"
        case bool():
            return str(raw).lower()
        case int() if abs(raw) > _SANE_NUMBER:
            return "a number beyond all measure"
        case str():
            return f'"{_cut(mask(raw))}"'
        case _:
            return _cut(str(raw))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
