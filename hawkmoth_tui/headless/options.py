"""Options that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from hawkmoth_tui.settings.schema import PolicyName

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")
"""What a decorator of click takes and gives back."""


def as_json(help_text: str = "Print one JSON document instead of text.") -> Callable[[Function], Function]:
    """`--json`, handed to the command as `is_json`."""
    return click.option("--json", "is_json", is_flag=True, help=help_text)


def policy_option(function: Function) -> Function:
    """`--policy NAME`."""
    names = [name.value for name in PolicyName]
    return click.option(
        "--policy", metavar="NAME", type=click.Choice(names), help=f"Routing policy: {', '.join(names)}."
    )(function)
