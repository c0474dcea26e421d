"""Turns raw tables into the values of the schema, strictly: every key must exist and every value must be of its kind.

Everything derives from the type hints of the dataclasses, so there is no code here for any particular setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, get_args, get_origin

from hawkmoth_tui.settings.hints import bare, keys_of, required_keys
from hawkmoth_tui.settings.kinds import DOTTED, UNSHOWN
from hawkmoth_tui.settings.scalars import PLAIN_WORDS, hint_for, loosened, scalar
from hawkmoth_tui.settings.schema import Settings
from hawkmoth_tui.settings.source import Told, nearest

if TYPE_CHECKING:
    from hawkmoth_tui.settings.source import Place

Values: TypeAlias = dict[str, Any]
"""Fields of a record by name, each checked against its type hint, which a type checker cannot see."""


def read_sections(tree: Mapping[str, object], top: Place) -> Settings:
    """The settings of every section but the providers, over the defaults. Raises ConfigError for the first mistake."""
    hints = keys_of(Settings)
    sections = _default_sections()
    values: Values = {}
    for name, raw in tree.items():
        place = top.inside(name, raw)
        if name not in hints:
            _refuse_at_top(name, raw, place)
        if name in sections:
            values[name] = replace(sections[name], **read_table(type(sections[name]), raw, place))
        elif name != "providers":
            values[name] = read_value(hints[name], raw, place)
    return replace(Settings(), **values)


def read_table(kind: type[Any], table: object, place: Place) -> Values:
    """The values that the table gives, checked, by key. Raises ConfigError for the first that is wrong."""
    if not isinstance(table, Mapping):
        place.refuse(f"{place.name} must be a table", f"write [{place.name}] above its keys")
    keys = keys_of(kind)
    values: Values = {}
    for key, raw in table.items():
        inner = place.inside(key, raw)
        if key not in keys:
            inner.refuse_unknown(keys)
        values[key] = read_value(keys[key], raw, inner)
    return values


def read_value(hint: object, raw: object, place: Place) -> object:
    """One value of the type that `hint` says. Raises ConfigError naming its place when it is not one."""
    kind, markers, is_optional = bare(hint)
    if isinstance(raw, Told):
        raw = loosened(kind, raw.text, place)
    if is_optional and raw == "":
        return None
    value = _converted(kind, raw, place, is_dotted=DOTTED in markers)
    for marker in markers:
        if callable(marker) and (problem := marker(value)):
            if UNSHOWN in markers:
                place.refuse(f"{place.name} must be {problem}")
            place.refuse_value(problem, raw)
    return value


def _refuse_at_top(name: str, raw: object, place: Place) -> NoReturn:
    """An unknown section; or a key outside its section, which is then named."""
    if not isinstance(raw, Mapping):
        for section, value in _default_sections().items():
            if name in keys_of(type(value)):
                place.refuse(f"{name} stands outside its table", f"put it under [{section}]")
    place.refuse_unknown(keys_of(Settings))


def _default_sections() -> dict[str, Any]:
    """The sections that are records: all but the providers and the keys."""
    base = Settings()
    values = {item.name: getattr(base, item.name) for item in fields(base)}
    return {name: value for name, value in values.items() if is_dataclass(value)}


def _converted(kind: object, raw: object, place: Place, *, is_dotted: bool) -> object:
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return _choice(kind, raw, place)
        if is_dataclass(kind):
            return _record(kind, raw, place)
        if (value := scalar(kind, raw)) is not None:
            return value
        place.refuse_value(PLAIN_WORDS[kind], raw, hint_for(kind))
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            place.refuse_value("a list in brackets", raw)
        entry = get_args(kind)[0]
        return tuple(read_value(entry, item, place.inside(number)) for number, item in enumerate(raw))
    entry = get_args(kind)[1]
    return _texts(raw, place, is_dotted=is_dotted) if entry is str else _records(entry, raw, place)


def _record(kind: type[Any], table: object, place: Place) -> object:
    """A whole record from a table; every key without a default must be there."""
    values = read_table(kind, table, place)
    for key in required_keys(kind):
        if key not in values:
            place.refuse(f"{place.name} has no {key}", f"add {key} = …")
    return kind(**values)


def _records(kind: type[Any], table: object, place: Place) -> object:
    """A table of records by name."""
    if not isinstance(table, Mapping):
        place.refuse_value("a table of tables", table, f"write [{place.name}.NAME] above its keys")
    return {str(name): _record(kind, raw, place.inside(name, raw)) for name, raw in table.items()}


def _choice(kind: type[Enum], raw: object, place: Place) -> Enum:
    choices = {str(member.value): member for member in kind}
    if not isinstance(raw, str) or raw not in choices:
        near = nearest(raw, choices) if isinstance(raw, str) else ""
        place.refuse_value(f"one of {', '.join(choices)}", raw, f"did you mean {near}?" if near else "")
    return choices[raw]


def _texts(raw: object, place: Place, *, is_dotted: bool) -> dict[str, str]:
    """A table of names and texts; a dotted one may be written as nested tables."""
    if not isinstance(raw, Mapping):
        place.refuse_value("a table of names and texts", raw)
    texts: dict[str, str] = {}
    for name, value in raw.items():
        inner = place.inside(name, value)
        if is_dotted and isinstance(value, Mapping):
            texts |= {f"{name}.{rest}": text for rest, text in _texts(value, inner, is_dotted=True).items()}
        elif isinstance(value, str):
            texts[str(name)] = value
        elif isinstance(value, Told):
            texts[str(name)] = value.text
        else:
            inner.refuse_value("text in quotes", value)
    return texts
