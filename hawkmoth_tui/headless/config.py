"""`hawkmoth config`: the configuration as it was read, and where each value came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.opening import configuration
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, show
from hawkmoth_tui.headless.tables import Column, Give, Ink, output_width, paints, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.settings.load import Loaded

DEFAULT = "default"
_OWN = frozenset({"name", "is_builtin"})
"""Fields of a provider that no file sets."""
_HIDDEN = frozenset({"headers"})
"""Tables whose values may be secrets."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and its origin."""

    name: str
    """Dotted, as in providers.lab.base_url."""
    value: object
    origin: str
    """FILE:LINE, env NAME, flag, built-in or default."""


def every_setting(loaded: Loaded) -> tuple[Setting, ...]:
    """All values; of the providers only what somebody set."""
    found = tuple(_leaves("", loaded.settings, loaded.origins))
    return tuple(each for each in found if each.origin != DEFAULT or not each.name.startswith("providers."))


def _leaves(path: str, value: object, origins: Mapping[str, str]) -> Iterator[Setting]:
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            is_inlined = item.name == "timeouts" and path.startswith("providers.")
            if not (path.startswith("providers.") and item.name in _OWN):
                yield from _leaves(path if is_inlined else _joined(path, item.name), getattr(value, item.name), origins)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            is_hidden = path.rpartition(".")[2] in _HIDDEN
            yield from _leaves(_joined(path, str(key)), "…" if is_hidden else inner, origins)
    elif isinstance(value, tuple) and any(is_dataclass(item) for item in value):
        for index, item in enumerate(value):
            yield from _leaves(f"{path}[{index}]", item, origins)
    else:
        yield Setting(path, value, _origin(path, origins))


def _origin(path: str, origins: Mapping[str, str]) -> str:
    """That of the value itself, else of the nearest table around it that has one."""
    while path:
        if path in origins:
            return origins[path]
        path = path.rpartition(".")[0] if not path.endswith("]") else path.rpartition("[")[0]
    return DEFAULT


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def value_text(value: object) -> str:
    """As it would stand in the file; keys masked."""
    from hawkmoth_tui.settings.log import mask

    match value:
        case None:
            return "–"
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(mask(str(value)), ensure_ascii=False)
        case Decimal():
            return f'"{value:f}"'
        case tuple():
            return "[" + ", ".join(value_text(item) for item in value) + "]"
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _plain(value: object) -> Json:
    from hawkmoth_tui.settings.log import mask

    match value:
        case None | bool() | int() | float():
            return value
        case tuple():
            return [_plain(item) for item in value]
        case Decimal():
            return f"{value:f}"
        case _:
            return mask(str(value))


@click.group("config")
def command() -> None:
    """The configuration."""


@command.command("check")
@as_json()
def check(is_json: bool) -> int:
    """Read the configuration and say whether it holds. A mistake is one line that names file, line or key, and exit 2."""
    loaded = configuration()
    file = loaded.paths.config_file
    told = sum(1 for each in every_setting(loaded) if each.origin not in (DEFAULT, "built-in"))
    has_file = file.exists()
    if is_json:
        emit(dumps({"ok": True, "file": str(file), "has_file": has_file, "settings": told}) + "\n")
    elif has_file:
        show(f"{file}: fine, {told} settings")
    else:
        show(f"{file}: not there, which is fine; {told} settings from the environment")
    return DONE


@command.command("path")
@as_json()
def path(is_json: bool) -> int:
    """Where the files live."""
    paths = configuration().paths
    places = {
        "config": paths.config_file,
        "store": paths.db_file,
        "log": paths.log_dir,
        "themes": paths.themes_dir,
        "cache": paths.cache_dir,
    }
    if is_json:
        emit(dumps({name: str(place) for name, place in places.items()}) + "\n")
    else:
        show("\n".join(f"{name:<7} {place}" for name, place in places.items()))
    return DONE


@command.command("show")
@as_json()
def show_settings(is_json: bool) -> int:
    """Every setting with its value and where it came from. Keys are masked."""
    loaded = configuration()
    settings = every_setting(loaded)
    if is_json:
        document: dict[str, Json] = {
            each.name: {"value": _plain(each.value), "origin": each.origin} for each in settings
        }
        emit(dumps({"file": str(loaded.paths.config_file), "settings": document}, indent=1) + "\n")
        return DONE
    columns = (Column("SETTING"), Column("VALUE", gives=Give.FIRST), Column("FROM", gives=Give.FIRST, ink=Ink.DIM))
    rows = [(each.name, value_text(each.value), each.origin) for each in settings]
    emit(table(columns, rows, output_width(), is_painted=paints()) + "\n")
    return DONE
