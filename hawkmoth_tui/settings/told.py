"""Settings told from outside the file: `HAWKMOTH_<SECTION>__<FIELD>` variables and command-line options."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.settings.schema import Settings
from hawkmoth_tui.settings.source import Told, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hawkmoth_tui.settings.lines import KeyPath

PREFIX = "HAWKMOTH_"
SEPARATOR = "__"
"""Only names with it are settings: HAWKMOTH_HOME is not one."""

FILE_ONLY = frozenset({"keys"})
"""Names with dots do not fit into a variable's name."""


def told_by_env(env: Mapping[str, str], config_file: Path) -> dict[KeyPath, Told]:
    """Every setting in the environment. Raises ConfigError for a variable that names no section."""
    told: dict[KeyPath, Told] = {}
    for name in sorted(env):
        if name.startswith(PREFIX) and SEPARATOR in name[len(PREFIX) :]:
            path = tuple(part.lower() for part in name[len(PREFIX) :].split(SEPARATOR))
            _check(name, path, config_file)
            told[path] = Told(env[name], name, f"env {name}")
    return told


def told_by_flags(flags: Mapping[str, str]) -> dict[KeyPath, Told]:
    """Settings by dotted name, as the command line gives them."""
    return {_path(name): Told(text, "command line", "flag") for name, text in flags.items()}


def _path(name: str) -> KeyPath:
    """`providers.NAME.FIELD` and `keys.BINDING`, where the middle may hold dots, or `SECTION.FIELD`."""
    section, _, rest = name.partition(".")
    match section:
        case "providers":
            provider, _, field = rest.rpartition(".")
            return (section, provider, field)
        case _:
            return (section, rest)


def _check(name: str, path: tuple[str, ...], config_file: Path) -> None:
    sections = [item.name for item in fields(Settings) if item.name not in FILE_ONLY]
    if path[0] not in sections:
        near = nearest(path[0], sections)
        hint = f"did you mean {PREFIX}{near.upper()}{SEPARATOR}…?" if near else "sections: " + ", ".join(sections)
        if path[0] in FILE_ONLY:
            hint = f"set it under [{path[0]}] in {config_file}"
        raise ConfigError(f"{name}: no variable sets {path[0]}", hint)
    parts = 3 if path[0] == "providers" else 2
    if len(path) != parts or not all(path):
        shape = "PROVIDERS__NAME__FIELD" if parts == 3 else f"{path[0].upper()}__FIELD"
        raise ConfigError(f"{name} is not the name of a setting", f"the form is {PREFIX}{shape}")
