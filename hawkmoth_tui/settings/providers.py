"""The providers of the configuration: the built-in entries with the user's tables laid over them, and the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.checking import read_table
from hawkmoth_tui.settings.hints import keys_of, required_keys
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings, Timeouts

if TYPE_CHECKING:
    from hawkmoth_tui.settings.checking import Values
    from hawkmoth_tui.settings.source import Place


def read_providers(tables: object, timeouts: Timeouts, place: Place) -> dict[str, ProviderSettings]:
    """Every provider by name, built-in ones first. Raises ConfigError for the first mistake."""
    providers = {entry.name: replace(entry, timeouts=timeouts) for entry in BUILTIN_PROVIDERS}
    if not isinstance(tables, Mapping):
        place.refuse("providers must be a table", "write [providers.NAME] above a provider's keys")
    for name, table in tables.items():
        inner = place.inside(name, table)
        _check_name(name, inner)
        providers[name] = _provider(name, table, providers.get(name), timeouts, inner)
    return providers


def _provider(
    name: str, table: object, builtin: ProviderSettings | None, timeouts: Timeouts, place: Place
) -> ProviderSettings:
    values = read_table(ProviderSettings, table, place)
    own_timeouts = {key: values.pop(key) for key in keys_of(Timeouts) if key in values}
    values["timeouts"] = replace(timeouts, **own_timeouts)
    if builtin is not None and not _takes_place_of(builtin, values):
        return replace(builtin, **_moved(values, builtin))
    if values.get("protocol") in (Protocol.DEMO, Protocol.LOCAL):
        values.setdefault("base_url", "")
    for key in required_keys(ProviderSettings):
        if key not in values:
            place.refuse(f"{place.name} has no {key}", f"add {key} = {_example(key)}")
    return ProviderSettings(name=name, **values)


def _takes_place_of(builtin: ProviderSettings, values: Values) -> bool:
    """Whether the user's table is a server of that name, not a change to the entry that has no server."""
    return builtin.protocol is Protocol.LOCAL and (
        "base_url" in values or values.get("protocol", Protocol.LOCAL) != Protocol.LOCAL
    )


def _moved(values: Values, builtin: ProviderSettings) -> Values:
    """A built-in entry that is pointed elsewhere loses its vendor's quirks: the server there is another program."""
    is_moved = values.get("base_url", builtin.base_url) != builtin.base_url
    return {"profile": None, **values} if is_moved else values


def _example(key: str) -> str:
    return " or ".join(f'"{protocol}"' for protocol in Protocol) if key == "protocol" else '"https://…"'


def _check_name(name: str, place: Place) -> None:
    """A provider's name stands before the first slash of a model's name."""
    if not name or "/" in name or any(character.isspace() or not character.isprintable() for character in name):
        place.refuse(f'"{name}" cannot name a provider', "use a name without spaces and slashes")
