"""Frozen records that are cheap to define: a start builds a dozen of them before the first frame.

A frozen dataclass has seven methods written and compiled for it. These have one, and share the others; `fields` and `replace` work on them.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field
from typing import TYPE_CHECKING, NoReturn, dataclass_transform

if TYPE_CHECKING:
    from dataclasses import Field
    from typing import Any, ClassVar


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Section:
    """A frozen dataclass by inheritance. Setting or deleting an attribute raises FrozenInstanceError."""

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(eq=False, repr=False)(cls)

    def __setattr__(self, name: str, value: object) -> None:
        """Only `__init__` comes here for the first time."""
        if name in vars(self) or name not in self.__dataclass_fields__:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in vars(self).items() if self.__dataclass_fields__[name].repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"
