"""What the type hints of the schema say: which keys a table may hold, and what each of them accepts."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

from hawkmoth_tui.settings import kinds, schema
from hawkmoth_tui.settings.kinds import INLINED, NOT_IN_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping


_known_keys: dict[type, Mapping[str, object]] = {}


def keys_of(kind: type[Any]) -> Mapping[str, object]:
    """The keys that a table of this kind may hold, and their types; fields of inlined records among them."""
    if kind not in _known_keys:
        _known_keys[kind] = _read_keys(kind)
    return _known_keys[kind]


def _read_keys(kind: type[Any]) -> Mapping[str, object]:
    keys: dict[str, object] = {}
    for name, hint in get_type_hints(kind, _names(), include_extras=True).items():
        _, markers, _ = bare(hint)
        if INLINED in markers:
            keys |= keys_of(get_args(hint)[0])
        elif NOT_IN_FILE not in markers:
            keys[name] = hint
    return keys


def _names() -> dict[str, object]:
    """What the annotations of the schema name; the kinds are no names of its own, so that a start without a file does not load them."""
    return vars(kinds) | vars(schema)


def required_keys(kind: type[Any]) -> tuple[str, ...]:
    """The keys that have no default."""
    return tuple(
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING and item.name in keys_of(kind)
    )


def bare(hint: object) -> tuple[object, tuple[object, ...], bool]:
    """The type without its markers, the markers, and whether it may be left out."""
    markers: tuple[object, ...] = ()
    is_optional = False
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *found = get_args(hint)
            markers += tuple(found)
        elif origin in (Union, types.UnionType):
            is_optional = True
            hint = next(part for part in get_args(hint) if part is not type(None))
        else:
            return hint, markers, is_optional
