"""Where every front end gets its settings from. Nothing is cached and nothing is written.

Layers: defaults, built-in providers, the file, the environment, the command line; later ones win, value by value. Without a file and
without overrides nothing is parsed, so that a first start pays for the schema alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.paths import Paths, paths_from
from hawkmoth_tui.settings.schema import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "HAWKMOTH_"
SEPARATOR = "__"
"""Between section and field; a variable without it, such as HAWKMOTH_HOME, is not a setting."""

_NO_FLAGS: Mapping[str, str] = {}


class Loaded(NamedTuple):
    """The configuration as it was read."""

    settings: Settings
    """What the user chose, and the defaults for the rest."""
    origins: Mapping[str, str]
    """Dotted name to where its value came from: "built-in", "FILE:LINE", "env NAME" or "flag". A name that is missing has its default."""
    paths: Paths
    """Where files live."""


def load(env: Mapping[str, str], flags: Mapping[str, str] = _NO_FLAGS) -> Loaded:
    """The settings for this environment and these flags (dotted name to text). Raises ConfigError for the first mistake."""
    paths = paths_from(env)
    overrides = {
        name: text for name, text in env.items() if name.startswith(PREFIX) and SEPARATOR in name[len(PREFIX) :]
    }
    if not (flags or overrides or _may_exist(paths.config_file)):
        builtin = {entry.name: entry for entry in BUILTIN_PROVIDERS}
        return Loaded(replace(Settings(), providers=builtin), builtin_origins(), paths)
    from hawkmoth_tui.settings.layers import read_layers

    settings, origins = read_layers(paths.config_file, overrides, flags)
    return Loaded(settings, builtin_origins() | origins, paths)


def builtin_origins() -> dict[str, str]:
    """The values that built-in entries bring."""
    brought = ("protocol", "base_url", "profile")
    return {f"providers.{entry.name}.{field}": "built-in" for entry in BUILTIN_PROVIDERS for field in brought}


def _may_exist(file: Path) -> bool:
    """Whether there is anything to read; what cannot be looked at is left to the reader to explain."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True
