"""Roles and prompt templates: the user's own texts in the `prompts` folder, with `{{name}}` for what is asked for when one is used.

A Markdown file is a template as it stands, or a role when it is called `NAME.role.md`. A TOML file has `text`, and may have `kind`
("template" or "role"), `about` and a table `[values]` of what variables are unless something else is said. Nothing in a text is run.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import ConfigError, UserError
from hawkmoth_tui.settings.lines import key_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_BYTES = 200_000
"""Of one file."""
_ROLE_FILE = ".role.md"
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_-]{0,39})\s*\}\}")
_NAME = re.compile(r"[\w-]{1,60}")


class TemplateKind(StrEnum):
    """What a text is for."""

    ROLE = "role"
    """It becomes the system prompt of a session."""
    TEMPLATE = "template"
    """It is put into the composer."""


@dataclass(frozen=True, slots=True)
class Template:
    """One text of the user's."""

    name: str
    kind: TemplateKind
    text: str
    about: str = ""
    """A few words."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What variables are unless something else is said."""

    @property
    def variables(self) -> tuple[str, ...]:
        """What is to be asked for, in the order of the text."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.text)))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with its variables replaced, once: what stands in a value is text. One that is not given stays as it is."""
        return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), self.text)


def names(folder: Path, kind: TemplateKind) -> tuple[str, ...]:
    """Of the texts of this kind, sorted; one whose file cannot be read is listed, and says why when it is used."""
    return tuple(sorted({_name(file) for file in _files(folder) if _may_be(file, kind)}))


def load(folder: Path, kind: TemplateKind, name: str) -> Template:
    """The text of that name. Raises UserError when there is none, ConfigError naming file and line when it is not right."""
    for file in _files(folder):
        if _name(file) == name and _may_be(file, kind):
            return read(file)
    known = names(folder, kind)
    hint = f"choose one of {', '.join(known)}" if known else f"put NAME.md or NAME.toml into {folder}"
    raise UserError(f"there is no {kind} {one_line(name, 60)}", hint)


def read(file: Path) -> Template:
    """The text in one file, checked. Raises ConfigError naming file and line."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ConfigError(f"{file}: larger than {MOST_BYTES:,} bytes", "a template is a text to be typed")
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".md":
            kind = TemplateKind.ROLE if file.name.endswith(_ROLE_FILE) else TemplateKind.TEMPLATE
            return Template(_name(file), kind, text.strip())
        return _from_toml(file, text, tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {one_line(str(error), 200)}", "mend the file") from error


def _from_toml(file: Path, text: str, data: dict[str, object]) -> Template:
    for key in data.keys() - {"text", "kind", "about", "values"}:
        raise _problem(file, text, key, "is no key of a template; there are text, kind, about and [values]")
    words = data.get("text")
    if not isinstance(words, str) or not words.strip():
        raise _problem(file, text, "text", "must be a text that is not empty")
    kind = data.get("kind", TemplateKind.TEMPLATE)
    if kind not in tuple(TemplateKind):
        raise _problem(file, text, "kind", "must be template or role")
    about = data.get("about", "")
    if not isinstance(about, str):
        raise _problem(file, text, "about", "must be a text")
    values = data.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise _problem(file, text, "values", "must be a table of texts")
    return Template(_name(file), TemplateKind(str(kind)), words.strip(), one_line(about, 200), values)


def _problem(file: Path, text: str, key: str, what: str) -> ConfigError:
    line = key_lines(text).get((key,))
    place = f"{file}, line {line}" if line else str(file)
    return ConfigError(f"{place}: {one_line(key, 60)} {what}", "mend the file")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.suffix in (".md", ".toml") and _NAME.fullmatch(_name(file)))


def _name(file: Path) -> str:
    return file.name.removesuffix(_ROLE_FILE) if file.name.endswith(_ROLE_FILE) else file.stem


def _may_be(file: Path, kind: TemplateKind) -> bool:
    if file.suffix == ".md":
        return file.name.endswith(_ROLE_FILE) is (kind is TemplateKind.ROLE)
    try:
        return read(file).kind is kind
    except ConfigError:
        return True
