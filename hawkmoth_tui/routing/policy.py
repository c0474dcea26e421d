"""The named policies: how much each rule weighs and how good is good enough. Frozen and content-addressed, so that a stored route says
under exactly which weights it was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.routing.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping


class Aim(StrEnum):
    """What the `task` rule asks of a candidate's quality."""

    ENOUGH = "enough"
    """Reach the floor of the task; more earns next to nothing."""
    MOST = "most"
    """As much as possible."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Weights and limits under a name. Values with the same content have the same digest."""

    name: str
    aim: Aim
    weights: tuple[tuple[str, float], ...]
    """Rule and weight, by name; a rule that is not here weighs 1."""
    floors: tuple[tuple[str, float], ...]
    """Task and the least expected quality that is good enough for it, by name."""
    is_private: bool = False
    """Only models on this machine."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical JSON, hexadecimal."""
        return _digest(self)

    def floor(self, task: Task) -> float:
        """The quality that is good enough; that of an unknown task where the policy does not name this one."""
        floors = dict(self.floors)
        return floors.get(task.value, floors.get(Task.UNKNOWN.value, 0.0))


def canonical(policy: Policy) -> str:
    """The policy as JSON with sorted keys and no blanks: what the digest is taken over."""
    content = {
        "name": policy.name,
        "aim": policy.aim.value,
        "weights": dict(policy.weights),
        "floors": dict(policy.floors),
        "is_private": policy.is_private,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def policy_from(content: Mapping[str, Any]) -> Policy:
    """The reverse of `canonical`."""
    return Policy(
        content["name"],
        Aim(content["aim"]),
        tuple(sorted(content["weights"].items())),
        tuple(sorted(content["floors"].items())),
        content["is_private"],
    )


def policy(name: str) -> Policy:
    """The policy of this name. Raises `UserError` with the nearest names for any other."""
    found = POLICIES.get(name)
    if found is None:
        import difflib

        near = difflib.get_close_matches(name, POLICIES, n=1) or list(POLICIES)
        raise UserError(f"No policy is named {name!r}", f"choose {' or '.join(near)}")
    return found


@lru_cache(maxsize=64)
def _digest(policy: Policy) -> str:
    import hashlib

    return hashlib.sha256(canonical(policy).encode()).hexdigest()


_DEMAND: Mapping[Task, float] = {
    Task.CODING: 0.74,
    Task.MATH: 0.74,
    Task.ANALYSIS: 0.74,
    Task.WRITING: 0.64,
    Task.IMAGE: 0.64,
    Task.UNKNOWN: 0.64,
    Task.QUESTION: 0.58,
    Task.TRANSLATION: 0.58,
    Task.SUMMARY: 0.54,
    Task.EXTRACTION: 0.54,
    Task.CHITCHAT: 0.35,
}
"""Quality that is good enough for ordinary work of each kind, on the catalogue's scale. Our own judgement."""

_BALANCED: Mapping[str, float] = {
    "local": 50.0,
    "preference": 10.0,
    "task": 5.0,
    "window": 2.0,
    "sticky": 0.5,
    "speed": 0.2,
    "budget": 0.5,
    "record": 1.0,
    "price": 30.0,
    "wait": 0.06,
}
"""`price` is what a dollar is worth where the records choose: with 30, a right answer is worth about 3 cents."""


def _made(name: str, aim: Aim, weights: Mapping[str, float], ease: float = 0.0, *, is_private: bool = False) -> Policy:
    """A policy from the balanced weights with changes, its floors lower by `ease`."""
    return Policy(
        name=name,
        aim=aim,
        weights=tuple(sorted({**_BALANCED, **weights}.items())),
        floors=tuple(sorted((task.value, max(0.0, round(demand - ease, 4))) for task, demand in _DEMAND.items())),
        is_private=is_private,
    )


POLICIES: Mapping[str, Policy] = {
    made.name: made
    for made in (
        _made(
            "cheapest",
            Aim.ENOUGH,
            {
                "cost": 5.0,
                "task": 0.1,
                "speed": 0.0,
                "sticky": 0.1,
                "record": 0.0001,
                "price": 5.0,
                "back": 0.0,
                "wait": 0.0,
            },
            ease=1.0,
        ),
        _made("balanced", Aim.ENOUGH, {}),
        _made("best", Aim.MOST, {"task": 10.0, "cost": 0.05, "sticky": 0.05, "speed": 0.0, "price": 0.3, "wait": 0.0}),
        _made("fast", Aim.ENOUGH, {"speed": 3.0, "cost": 0.3, "sticky": 0.2, "price": 10.0, "wait": 1.2}, ease=0.1),
        _made("private", Aim.ENOUGH, {"cost": 0.2, "price": 5.0}, is_private=True),
    )
}
"""The five of the contract, by name."""
