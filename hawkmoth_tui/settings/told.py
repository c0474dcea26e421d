"""Settings told from outside the file: `HAWKMOTH_<SECTION>__<FIELD>` variables and command-line options."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.settings.load import PREFIX, SEPARATOR
from hawkmoth_tui.settings.schema import Settings
from hawkmoth_tui.settings.source import Told, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hawkmoth_tui.settings.lines import KeyPath

FILE_ONLY = frozenset({"keys"})
"""Names with dots do not fit into a variable's name."""


def told_by_env(overrides: Mapping[str, str], config_file: Path) -> dict[KeyPath, Told]:
    """Settings by variable: SECTION__FIELD or PROVIDERS__NAME__FIELD. Raises ConfigError for a name that is neither."""
    told: dict[KeyPath, Told] = {}
    for name in sorted(overrides):
        path = tuple(part.lower() for part in name[len(PREFIX) :].split(SEPARATOR))
        _check(name, path, config_file)
        told[path] = Told(overrides[name], name, f"env {name}")
    return told


def told_by_flags(flags: Mapping[str, str]) -> dict[KeyPath, Told]:
    """Settings by dotted name, as the command line gives them."""
    return {_path(name): Told(text, "command line", "flag") for name, text in flags.items()}


def _path(name: str) -> KeyPath:
    """`providers.NAME.FIELD` and `keys.BINDING`, where the middle may hold dots, or `SECTION.FIELD`."""
    section, _, rest = name.partition(".")
    if section != "providers":
        return (section, rest)
    provider, _, field = rest.rpartition(".")
    return (section, provider, field)


def _check(name: str, path: tuple[str, ...], config_file: Path) -> None:
    if path[0] in FILE_ONLY:
        raise ConfigError(f"{name}: no variable sets {path[0]}", f"set it under [{path[0]}] in {config_file}")
    sections = [item.name for item in fields(Settings) if item.name not in FILE_ONLY]
    if path[0] not in sections:
        near = nearest(path[0], sections)
        known = "known here: " + ", ".join(sections)
        raise ConfigError(f"{name}: {path[0]} is not a section", f"did you mean {near}?" if near else known)
    is_provider = path[0] == "providers"
    if len(path) != (3 if is_provider else 2) or not all(path):
        shape = f"{path[0]}__name__field" if is_provider else f"{path[0]}__field"
        raise ConfigError(f"{name} is not the name of a setting", f"the form is {PREFIX}{shape.upper()}")
