"""A policy of the user's own, from a TOML file: what it is based on, and what is different.

based_on = "balanced"
private = false
[weights]
price = 60
[floors]
coding = 0.8
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.routing.policy import policy
from hawkmoth_tui.routing.rules import RULES
from hawkmoth_tui.routing.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hawkmoth_tui.routing.policy import Policy

_KEYS = ("based_on", "private", "weights", "floors")
_MOST = 1000.0


def policy_of_file(text: str, name: str) -> Policy:
    """The policy in the file called `name`. Raises UserError with one line that names what is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name} is no TOML: {one_line(str(error), 120)}") from error
    _check(data, _KEYS, name, "setting")
    base = policy(str(data.get("based_on", "balanced")))
    weights, floors = data.get("weights", {}), data.get("floors", {})
    if not isinstance(weights, dict) or not isinstance(floors, dict):
        raise UserError(f"{name}: weights and floors are tables", "write [weights] and below it price = 60")
    _check(weights, tuple(RULES), name, "rule")
    _check(floors, tuple(task.value for task in Task), name, "task")
    return replace(
        base,
        name=name.removesuffix(".toml"),
        weights=_over(base.weights, weights, name, _MOST),
        floors=_over(base.floors, floors, name, 1.0),
        is_private=bool(data.get("private", base.is_private)),
    )


def _check(given: Mapping[str, object], known: Collection[str], name: str, what: str) -> None:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
            raise UserError(f"{name}: there is no {what} {one_line(key, 40)!r}", hint)


def _over(
    base: tuple[tuple[str, float], ...], given: Mapping[str, object], name: str, most: float
) -> tuple[tuple[str, float], ...]:
    merged = dict(base)
    for key, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise UserError(f"{name}: {key} is not a number from 0 to {most:g}")
        merged[key] = float(value)
    return tuple(sorted(merged.items()))
