"""`hawkmoth rollout`: a policy or a model on a share of the turns, compared, promoted by the user's word or taken back."""

from __future__ import annotations

import asyncio
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.replay import policy_named_or_read
from hawkmoth_tui.headless.streams import emit

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.engine.policies import AnyPolicy
    from hawkmoth_tui.engine.trials import Trial
    from hawkmoth_tui.engine.workstation import Workstation


def _number(text: str, what: str, most: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number <= Decimal(most):
        raise UserError(f"{what} is a number above 0 and at most {most}")
    return number


def _subject(station: Workstation, name: str) -> AnyPolicy | ModelRef:
    """A model when the name has a slash and is no file; else a policy."""
    if "/" in name and not name.endswith(".toml"):
        return station.models.resolve(name)
    return policy_named_or_read(name)


def _told(trial: Trial | None) -> str:
    if trial is None:
        return "nothing is rolled out\n"
    spent = f"{money_text(trial.new.cost_pico)} of {money_text(trial.ceiling_pico)} spent"
    lines = [f"{trial.named} ({trial.sha256[:12]}): {trial.standing}, {trial.share:.0%} of the turns, {spent}"]
    for name, arm in (("rolled out", trial.new), ("as before", trial.old)):
        lines.append(
            f"  {name:<10} {arm.turns} turns, {money_text(arm.cost_pico)}, {money_text(arm.mean_pico)} a turn, {arm.faults} with a fault"
        )
    return "\n".join(lines) + "\n"


@click.group("rollout")
def command() -> None:
    """Try a policy or a model on a share of the turns. Turns that are pinned or have a policy of their own take no part."""


@command.command("start")
@click.argument("what")
@click.option("--share", default="0.1", show_default=True, help="Share of the turns, above 0 and at most 1.")
@click.option("--ceiling", required=True, metavar="USD", help="What it may cost; then it stops by itself.")
def start(what: str, share: str, ceiling: str) -> int:
    """Roll out WHAT: a policy, a TOML file with one, or provider/model-id."""
    part, most = _number(share, "--share", "1"), _number(ceiling, "--ceiling", "1000000")

    async def begin() -> Trial:
        async with workstation(is_about_the_store=True, starts=False) as station:
            return await station.trials.start(_subject(station, what), part, most)

    emit(_told(asyncio.run(begin())))
    return DONE


@command.command("status")
def status() -> int:
    """How both sides have done."""

    async def look() -> Trial | None:
        async with workstation(is_about_the_store=True, starts=False) as station:
            return station.trials.current()

    emit(_told(asyncio.run(look())))
    return DONE


@command.command("promote")
def promote() -> int:
    """Let every turn that the router decides take part."""

    async def say() -> Trial:
        async with workstation(is_about_the_store=True, starts=False) as station:
            return await station.trials.promote()

    emit(_told(asyncio.run(say())))
    return DONE


@command.command("rollback")
def rollback() -> int:
    """End it at once; the next turn is decided as before."""

    async def say() -> Trial:
        async with workstation(is_about_the_store=True, starts=False) as station:
            return await station.trials.roll_back()

    emit(f"taken back: {_told(asyncio.run(say()))}")
    return DONE
