"""A policy or a model on a share of the turns, from the workstation."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import Say
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.engine.policies import policy_of

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext

HOW = "/rollout start POLICY 0.1 2.50: the policy or model, the share of the turns, the most it may cost in USD"


@command(
    "rollout",
    "how a roll-out does; `start WHAT SHARE USD`, `promote` or `rollback` it",
    argument="[WORDS]",
)
async def rollout(context: CommandContext, argument: str) -> Effect:
    trials = context.workstation.trials
    match argument.split():
        case []:
            trial = trials.current()
            return Say(str(trial) if trial else f"nothing is rolled out; {HOW}")
        case ["start", what, share, ceiling]:
            subject = context.workstation.models.resolve(what) if "/" in what else policy_of(what)
            return Say(str(await trials.start(subject, _amount(share, Decimal(1)), _amount(ceiling, Decimal(10**6)))))
        case ["promote"]:
            return Say(f"promoted: {await trials.promote()}")
        case ["rollback"]:
            return Say(f"taken back: {await trials.roll_back()}")
        case _:
            raise UserError("/rollout does not know that", HOW)


def _amount(text: str, most: Decimal) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount <= most:
        raise UserError(f"{text} is not a number above 0 and at most {most}", HOW)
    return amount
