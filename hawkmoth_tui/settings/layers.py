"""Lays the file, the environment and the command line over the defaults, and has the result checked as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.checking import read_sections
from hawkmoth_tui.settings.lines import line_of
from hawkmoth_tui.settings.providers import read_providers
from hawkmoth_tui.settings.reading import read_document
from hawkmoth_tui.settings.source import Place, dotted
from hawkmoth_tui.settings.told import told_by_env, told_by_flags

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hawkmoth_tui.settings.lines import KeyPath
    from hawkmoth_tui.settings.schema import Settings
    from hawkmoth_tui.settings.source import Told


def read_layers(
    config_file: Path, overrides: Mapping[str, str], flags: Mapping[str, str]
) -> tuple[Settings, dict[str, str]]:
    """The settings, and where each value that is not a default came from. Raises ConfigError for the first mistake."""
    document = read_document(config_file)
    told = {**told_by_env(overrides, config_file), **told_by_flags(flags)}
    tree: Mapping[str, object] = document.tree
    for path, value in told.items():
        tree = _with_value(tree, path, value)
    top = Place(config_file, document.lines)
    settings = read_sections(tree, top)
    providers = read_providers(tree.get("providers", {}), settings.timeouts, top.inside("providers"))
    origins = {dotted(path): f"{config_file}:{line_of(path, document.lines)}" for path in _values(document.tree)}
    return replace(settings, providers=providers), origins | {
        dotted(path): value.origin for path, value in told.items()
    }


def _with_value(tree: Mapping[str, object], path: KeyPath, value: Told) -> Mapping[str, object]:
    """The tree with one value replaced; a table that is not one stays, to be refused where it stands."""
    key = str(path[0])
    if len(path) == 1:
        return {**tree, key: value}
    inner = tree.get(key, {})
    return {**tree, key: _with_value(inner, path[1:], value) if isinstance(inner, Mapping) else inner}


def _values(tree: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The paths of the values themselves, not of the tables that hold them."""
    if isinstance(tree, Mapping):
        for key, inner in tree.items():
            yield from _values(inner, (*path, key))
    elif isinstance(tree, list) and any(isinstance(item, Mapping) for item in tree):
        for number, item in enumerate(tree):
            yield from _values(item, (*path, number))
    else:
        yield path
