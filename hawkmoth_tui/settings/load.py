"""Joins the layers into one checked `Settings`: defaults, built-in providers, the file, the environment, the command line.

Later layers win, value by value. Front ends call `load` and keep what they get; nothing here is cached and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.paths import Paths, paths_from
from hawkmoth_tui.settings.reading import read_document
from hawkmoth_tui.settings.schema import Settings
from hawkmoth_tui.settings.source import Place, dotted
from hawkmoth_tui.settings.told import told_by_env, told_by_flags

if TYPE_CHECKING:
    from hawkmoth_tui.settings.lines import KeyPath
    from hawkmoth_tui.settings.source import Told

_NO_FLAGS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Loaded:
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
    document = read_document(paths.config_file)
    top = Place(paths.config_file, document.lines)
    told = {**told_by_env(env, paths.config_file), **told_by_flags(flags)}
    tree: Mapping[str, object] = document.tree
    for path, value in told.items():
        tree = _with_value(tree, path, value)
    settings = _with_builtins(Settings()) if not tree else _checked(tree, top)
    return Loaded(settings, _origins(document.lines, told, paths), paths)


def _with_builtins(settings: Settings) -> Settings:
    return replace(settings, providers={entry.name: entry for entry in BUILTIN_PROVIDERS})


def _checked(tree: Mapping[str, object], top: Place) -> Settings:
    """The settings that a non-empty tree of raw values gives."""
    from hawkmoth_tui.settings.checking import read_sections
    from hawkmoth_tui.settings.providers import read_providers

    settings = read_sections(tree, top)
    return replace(
        settings, providers=read_providers(tree.get("providers", {}), settings.timeouts, top.inside("providers"))
    )


def _with_value(tree: Mapping[str, object], path: KeyPath, value: Told) -> Mapping[str, object]:
    """The tree with one value replaced; a table that is not one stays, to be refused where it stands."""
    key = str(path[0])
    if len(path) == 1:
        return {**tree, key: value}
    inner = tree.get(key, {})
    return {**tree, key: _with_value(inner, path[1:], value) if isinstance(inner, Mapping) else inner}


def _origins(lines: Mapping[KeyPath, int], told: Mapping[KeyPath, Told], paths: Paths) -> dict[str, str]:
    origins = {
        f"providers.{entry.name}.{item.name}": "built-in"
        for entry in BUILTIN_PROVIDERS
        for item in fields(entry)
        if item.name in ("protocol", "base_url", "profile")
    }
    origins |= {dotted(path): f"{paths.config_file}:{line}" for path, line in lines.items()}
    return origins | {dotted(path): value.origin for path, value in told.items()}
