"""A policy or a model rolled out to a share of the turns: who is in it, what it has cost, when it stops, and who said so.

Which turns take part is decided by their ids, the same wherever it is worked out, and apart for each kind of task. The ceiling is looked at
before a turn is sent. Every step stands in the audit log.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.money import money_text, pico
from hawkmoth_tui.routing.policy import canonical, policy_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.routing.policy import Policy
    from hawkmoth_tui.settings.audit import AuditLog
    from hawkmoth_tui.store.store import Store

_SCOPE = "always/trial"


class Standing(StrEnum):
    """Where a roll-out stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    """Its ceiling was reached: no turn takes part any more."""
    PROMOTED = "promoted"
    """The user said so: every turn that the router decides takes part."""


@dataclass(frozen=True, slots=True)
class Arm:
    """What one side has brought so far."""

    turns: int = 0
    cost_pico: int = 0
    faults: int = 0
    """Turns that failed, or whose answer was set aside."""

    @property
    def mean_pico(self) -> int:
        return self.cost_pico // self.turns if self.turns else 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One roll-out."""

    id: str
    standing: Standing
    share: Decimal
    ceiling_pico: int
    policy: Policy | None
    model: ModelRef | None
    """Rolled out instead of a policy."""
    new: Arm = Arm()
    old: Arm = Arm()

    @property
    def named(self) -> str:
        return str(self.model) if self.model else self.policy.name if self.policy else ""

    @property
    def sha256(self) -> str:
        """Of the policy; of the model's name."""
        return self.policy.sha256 if self.policy else hashlib.sha256(self.named.encode()).hexdigest()

    def __str__(self) -> str:
        spent = f"{money_text(self.new.cost_pico)} of {money_text(self.ceiling_pico)} spent"
        arms = " · ".join(
            f"{name} {arm.turns} turns, {money_text(arm.mean_pico)} each, {arm.faults} with a fault"
            for name, arm in (("new", self.new), ("before", self.old))
        )
        return f"{self.named} ({self.sha256[:12]}) {self.standing}, {self.share:.0%} of the turns, {spent}; {arms}"

    def takes(self, turn_id: str, task: str) -> bool:
        """Whether a turn of this kind of task takes part."""
        digest = hashlib.sha256(f"{task}/{turn_id}".encode()).digest()
        return Decimal(int.from_bytes(digest[:4])) / 2**32 < self.share


class Trials:
    """At most one roll-out at a time, kept in the store for all processes."""

    def __init__(self, store: Callable[[], Store], audit: AuditLog | None, new_id: Callable[[], str]) -> None:
        self._store = store
        self._audit = audit
        self._new_id = new_id

    def current(self) -> Trial | None:
        """The roll-out that runs, was stopped or promoted. None: there is none."""
        text = self._store().draft(_SCOPE)
        return _decoded(text) if text else None

    async def start(self, what: Policy | ModelRef, share: Decimal, ceiling_usd: Decimal) -> Trial:
        """Roll it out. Raises UserError while another one is there."""
        if (before := self.current()) is not None:
            raise UserError(
                f"{before.named} is rolled out already ({before.standing})", "`hawkmoth rollout rollback` ends it"
            )
        model = what if isinstance(what, ModelRef) else None
        policy = None if isinstance(what, ModelRef) else what
        trial = Trial(self._new_id(), Standing.RUNNING, share, pico(ceiling_usd), policy, model)
        await self._keep(trial, "rollout started", share=str(share), ceiling=money_text(trial.ceiling_pico))
        return trial

    async def promote(self) -> Trial:
        """Let every turn take part, by the user's word. Raises UserError when none runs."""
        trial = self._required()
        promoted = replace(trial, standing=Standing.PROMOTED)
        await self._keep(promoted, "rollout promoted", **_compared(trial))
        return promoted

    async def roll_back(self) -> Trial:
        """End it at once: no turn takes part any more. Raises UserError when there is none."""
        trial = self._required()
        self._write("rollout rolled back", trial, **_compared(trial))
        await self._store().save_draft(_SCOPE, "")
        return trial

    def taken(self, turn_id: str, route: Route, decide: Callable[[Trial], Route]) -> tuple[Route, str]:
        """The route of a turn that the router decided, and a notice: under the roll-out when the turn takes part and the ceiling allows."""
        trial = self.current()
        if trial is None or route.chosen is None or trial.standing is Standing.STOPPED:
            return route, ""
        if trial.standing is Standing.RUNNING and not trial.takes(turn_id, route.task):
            return route, ""
        under = decide(trial)
        if trial.model is not None:
            behind = tuple(ref for ref in (route.chosen, *route.fallbacks) if ref != trial.model)
            under = replace(under, is_pinned=False, fallbacks=behind)
        if under.chosen is None:
            return route, ""
        if trial.standing is Standing.PROMOTED:
            return under, ""
        candidate = under.candidate(under.chosen)
        expected = candidate.expected_cost_pico if candidate and candidate.expected_cost_pico else 0
        if trial.new.cost_pico + expected > trial.ceiling_pico:
            return (
                route,
                f"the roll-out of {trial.named} has reached its ceiling of {money_text(trial.ceiling_pico)}: it is stopped",
            )
        reason = f"roll-out of {trial.named}" if trial.model else f"{under.reason}, roll-out of {trial.named}"
        return replace(under, reason=reason), ""

    async def booked(self, turn: Turn, *, is_stopped: bool) -> None:
        """A turn that the router decided has ended: its cost and faults count for its side."""
        trial = self.current()
        if trial is None or trial.standing is not Standing.RUNNING or turn.route is None or turn.route.is_pinned:
            return
        is_new = f"roll-out of {trial.named}" in turn.route.reason or (
            trial.policy is not None and turn.route.policy_sha256 == trial.sha256
        )
        arm = trial.new if is_new else trial.old
        has_fault = bool(turn.escalations) or turn.error is not None
        arm = Arm(arm.turns + 1, arm.cost_pico + (turn.cost_pico or 0), arm.faults + has_fault)
        trial = replace(trial, new=arm) if is_new else replace(trial, old=arm)
        if is_stopped or trial.new.cost_pico >= trial.ceiling_pico:
            await self._keep(
                replace(trial, standing=Standing.STOPPED), "rollout stopped at its ceiling", **_compared(trial)
            )
        else:
            await self._store().save_draft(_SCOPE, _encoded(trial))

    def _required(self) -> Trial:
        trial = self.current()
        if trial is None:
            raise UserError("nothing is rolled out", "`hawkmoth rollout start POLICY` begins")
        return trial

    async def _keep(self, trial: Trial, what: str, **facts: str) -> None:
        await self._store().save_draft(_SCOPE, _encoded(trial))
        self._write(what, trial, **facts)

    def _write(self, what: str, trial: Trial, **facts: str) -> None:
        if self._audit is not None:
            self._audit.write(what, rollout=trial.id, of=trial.named, sha256=trial.sha256, **facts)


def _compared(trial: Trial) -> dict[str, str]:
    """Both sides, for the audit log."""
    return {
        f"{name}_{fact}": text
        for name, arm in (("new", trial.new), ("old", trial.old))
        for fact, text in (
            ("turns", str(arm.turns)),
            ("cost", money_text(arm.cost_pico)),
            ("per_turn", money_text(arm.mean_pico)),
            ("faults", str(arm.faults)),
        )
    }


def _encoded(trial: Trial) -> str:
    arms = {name: [arm.turns, arm.cost_pico, arm.faults] for name, arm in (("new", trial.new), ("old", trial.old))}
    return json.dumps(
        {
            "id": trial.id,
            "standing": trial.standing,
            "share": str(trial.share),
            "ceiling": trial.ceiling_pico,
            "policy": json.loads(canonical(trial.policy)) if trial.policy else None,
            "model": str(trial.model) if trial.model else None,
            **arms,
        }
    )


def _decoded(text: str) -> Trial:
    data = json.loads(text)
    return Trial(
        data["id"],
        Standing(data["standing"]),
        Decimal(data["share"]),
        data["ceiling"],
        policy_from(data["policy"]) if data["policy"] else None,
        ModelRef.parse(data["model"]) if data["model"] else None,
        Arm(*data["new"]),
        Arm(*data["old"]),
    )
