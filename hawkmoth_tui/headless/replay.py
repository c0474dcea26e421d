"""`hawkmoth route --replay`: past turns decided again under another policy, with what that would have cost. Nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.document import dumps, usd_text
from hawkmoth_tui.headless.cost import instant_ms
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.streams import emit
from hawkmoth_tui.settings.schema import PolicyName

if TYPE_CHECKING:
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.policies import AnyPolicy

SHOWN = 20
"""Changed turns that are listed for people."""


@dataclass(frozen=True, slots=True)
class Redecided:
    """One past turn under both policies, worked out alike: with the prices of today and nothing cached."""

    turn: Turn
    then: Route
    under: Route

    @property
    def is_changed(self) -> bool:
        return self.then.chosen != self.under.chosen


def named_policy(name: str) -> str:
    """The name of a policy of the contract. Raises UserError."""
    names = [each.value for each in PolicyName]
    if name not in names:
        raise UserError(f"there is no policy {one_line(name, 40)}", f"choose one of {', '.join(names)}")
    return name


def policy_named_or_read(name: str) -> AnyPolicy:
    """A policy by its name, or from a TOML file. Raises UserError with one line."""
    from hawkmoth_tui.engine.policies import policy_of

    if not name.endswith(".toml"):
        return policy_of(named_policy(name))
    try:
        text = Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{one_line(name, 80)} cannot be read: {one_line(str(error), 80)}") from error
    return policy_of(Path(name).name, text)


async def replay(name: str | None, since: str, *, is_json: bool) -> int:
    """Decide every routed turn since then again, and say what changes."""
    if name is None:
        raise UserError("--replay needs --policy", "name the policy, or a TOML file with one")
    wanted, since_ms = policy_named_or_read(name), instant_ms(since)
    async with workstation(is_about_the_store=True) as station:
        await station.models.access.look_for_keys()
        turns = [
            turn
            for turn in station.sessions.decided_since(since_ms)
            if turn.state is TurnState.DONE and turn.route and not turn.route.is_pinned and not turn.is_switch
        ]
        decided = [
            Redecided(turn, await station.reconsider(turn.id, None), await station.reconsider(turn.id, None, wanted))
            for turn in turns
        ]
    emit(_document(decided, wanted) if is_json else _text(decided, wanted))
    return DONE


def _expected(route: Route) -> int:
    candidate = route.candidate(route.chosen) if route.chosen else None
    return (candidate.expected_cost_pico or 0) if candidate else 0


def _text(decided: list[Redecided], wanted: AnyPolicy) -> str:
    if not decided:
        return "no turn of that time was decided by the router\n"
    changed = [each for each in decided if each.is_changed]
    then, under = (sum(map(_expected, routes)) for routes in zip(*((e.then, e.under) for e in decided), strict=True))
    booked = sum(each.turn.cost_pico or 0 for each in decided)
    lines = [
        f"{len(decided)} turns under {one_line(wanted.name, 60)} ({wanted.sha256[:12]}): {len(changed)} go to another model",
        f"expected {money_text(under, estimated=True)} instead of {money_text(then, estimated=True)}; booked was {money_text(booked)}",
        *(
            f"  {one_line(each.turn.prompt.text, 40)}: {each.then.chosen} → {each.under.chosen or 'nobody'}"
            f"  {money_text(_expected(each.then), estimated=True)} → {money_text(_expected(each.under), estimated=True)}"
            for each in changed[:SHOWN]
        ),
    ]
    if len(changed) > SHOWN:
        lines.append(f"  and {len(changed) - SHOWN} more")
    return "\n".join(lines) + "\n"


def _document(decided: list[Redecided], wanted: AnyPolicy) -> str:
    return (
        dumps(
            {
                "policy": wanted.name,
                "policy_sha256": wanted.sha256,
                "turns": len(decided),
                "changed": sum(each.is_changed for each in decided),
                "booked_usd": usd_text(sum(each.turn.cost_pico or 0 for each in decided)),
                "expected_usd_then": usd_text(sum(_expected(each.then) for each in decided)),
                "expected_usd_under": usd_text(sum(_expected(each.under) for each in decided)),
                "decisions": [
                    {
                        "turn": each.turn.id,
                        "task": each.under.task,
                        "then": str(each.then.chosen) if each.then.chosen else None,
                        "then_sha256": each.turn.route.policy_sha256 if each.turn.route else None,
                        "under": str(each.under.chosen) if each.under.chosen else None,
                        "expected_usd_then": usd_text(_expected(each.then)),
                        "expected_usd_under": usd_text(_expected(each.under)),
                    }
                    for each in decided
                ],
            }
        )
        + "\n"
    )
