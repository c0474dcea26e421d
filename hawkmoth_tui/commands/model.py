"""Commands about models, policies and how answers are made."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import AskKey, AskPassphrase, Refresh, Say, Send, Show, UseOnce, View
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.switching import Scope
from hawkmoth_tui.core.turn import TurnKind
from hawkmoth_tui.engine.options import TurnOptions
from hawkmoth_tui.settings.schema import PolicyName

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.session import Generation, Session

EFFORTS = ("low", "medium", "high")
MOST_RECENT = 5
"""Models that /recent goes round."""


@command(
    "model", "pin this session to a model, or `auto` to let the router choose", argument="[MODEL]", key="model.pick"
)
async def model(context: CommandContext, argument: str) -> Effect:
    if not argument:
        return Show(View.MODELS)
    if argument.lower() == "auto":
        session = await _session(context)
        await context.workstation.sessions.pin(session.id, None)
        return Refresh(session.id, "the router chooses the model", is_model_chosen=True)
    ref = context.workstation.models.resolve(argument)
    await context.workstation.models.require(ref)
    session = await _session(context)
    await context.workstation.sessions.pin(session.id, ref)
    return Refresh(session.id, f"this session is pinned to {ref}{_reread(context, ref)}", is_model_chosen=True)


@command("once", "let a model take the next turn only; `off` takes it back", argument="MODEL")
async def once(context: CommandContext, argument: str) -> Effect:
    if not argument:
        raise UserError("/once needs a model", "/model lists them; there Tab takes one for one turn")
    if argument.lower() == "off":
        return UseOnce(None, "no model is set for the next turn alone")
    ref = context.workstation.models.resolve(argument)
    await context.workstation.models.require(ref)
    return UseOnce(ref, f"the next turn goes to {ref}{_reread(context, ref)}")


@command("unswitch", "take back the model or policy that was asked for in words", key="switch.undo")
async def unswitch(context: CommandContext, argument: str) -> Effect:
    if context.session is None:
        raise UserError("no switch was asked for here in words", "/model chooses a model, /model auto the router")
    turn = context.turn
    if turn is not None and turn.asked is not None and turn.asked.scope is Scope.TURN and turn.asked.question:
        if turn.state.is_live:
            raise UserError("the answer is still running", "/stop stops it")
        return Send(turn.prompt.text, TurnOptions(ignores_words=True, kind=TurnKind.RETRY, of=turn.id))
    holds = await context.workstation.switching.take_back(context.session)
    return Refresh(context.session.id, f"taken back: {holds} again", is_model_chosen=True)


@command("recent", "pin the next of the models used lately, after the last one `auto`", key="model.recent")
async def recent(context: CommandContext, argument: str) -> Effect:
    uses = await context.workstation.sessions.model_uses()
    known = {model.ref for model in context.workstation.models.usable() if not model.is_facts}
    refs = [use.model for use in uses if use.model in known][:MOST_RECENT]
    if not refs:
        raise UserError("no model was used yet", "/model lists all")
    pinned = context.session.model if context.session else None
    place = refs.index(pinned) + 1 if pinned in refs else 0
    return await model(context, str(refs[place]) if place < len(refs) else "auto")


@command(
    "effort",
    "how long reasoning models think in this session: low, medium, high or default; `next` goes round",
    argument="[LEVEL]",
    key="effort.next",
)
async def effort(context: CommandContext, argument: str) -> Effect:
    levels = (None, *EFFORTS)
    now = context.workstation.generation(context.session).reasoning_effort
    if not argument:
        return Say(f"reasoning effort: {now or 'default'}; there are {', '.join(EFFORTS)} and default")
    following = levels[(levels.index(now) + 1) % len(levels)] if now in levels else None
    level = following if argument == "next" else argument
    if level not in (*levels, "default"):
        raise UserError(f"there is no effort {argument}", f"choose one of {', '.join(EFFORTS)} or default")
    return await set_value(context, f"reasoning_effort {level or 'default'}")


@command("policy", "choose the routing policy of this session", argument="[NAME]", key="policy.pick")
async def policy(context: CommandContext, argument: str) -> Effect:
    names = [str(name) for name in PolicyName]
    if not argument:
        session = context.session
        current = (session.policy if session else None) or context.workstation.settings.routing.policy
        return Say(f"the policy is {current}; there are {', '.join(names)}")
    if argument not in names:
        raise UserError(f"there is no policy {argument}", f"choose one of {', '.join(names)}")
    session = await _session(context)
    await context.workstation.sessions.set_policy(session.id, argument)
    return Refresh(session.id, f"the policy of this session is {argument}")


@command("system", "set the system prompt of this session; `none` takes it away", argument="[TEXT]")
async def system(context: CommandContext, argument: str) -> Effect:
    now = context.workstation.generation(context.session)
    if not argument:
        return Say(f"system prompt: {now.system}" if now.system else "no system prompt is set")
    text = "" if argument == "none" else argument
    session = await _session(context)
    await context.workstation.sessions.set_generation(session.id, replace(now, system=text))
    return Refresh(session.id, "system prompt set" if text else "system prompt removed")


@command("set", "set temperature, max_output_tokens or reasoning_effort of this session", argument="[NAME VALUE]")
async def set_value(context: CommandContext, argument: str) -> Effect:
    now = context.workstation.generation(context.session)
    name, _, value = argument.partition(" ")
    if not argument:
        shown = {
            "temperature": now.temperature,
            "max_output_tokens": now.max_output_tokens,
            "reasoning_effort": now.reasoning_effort,
        }
        return Say(", ".join(f"{key} = {'default' if v is None else v}" for key, v in shown.items()))
    changed = _with_value(now, name, value.strip())
    session = await _session(context)
    await context.workstation.sessions.set_generation(session.id, changed)
    return Refresh(session.id, f"{name} = {value.strip() or 'default'}")


def _with_value(now: Generation, name: str, value: str) -> Generation:
    """The settings with one changed; an empty value or `default` takes it back. Raises UserError."""
    is_default = value in ("", "default")
    if name == "temperature":
        return replace(now, temperature=None if is_default else _number(value, Decimal(0), Decimal(2)))
    if name == "max_output_tokens":
        return replace(now, max_output_tokens=None if is_default else _whole_number(value, 1, 10**7))
    if name == "reasoning_effort":
        if not is_default and value not in EFFORTS:
            raise UserError(f"reasoning_effort is one of {', '.join(EFFORTS)}")
        return replace(now, reasoning_effort=None if is_default else value)
    raise UserError(f"there is nothing called {name} to set", "temperature, max_output_tokens or reasoning_effort")


def _whole_number(value: str, least: int, most: int) -> int:
    number = _number(value, Decimal(least), Decimal(most))
    if number != int(number):
        raise UserError(f"{value} is not a whole number")
    return int(number)


def _number(value: str, least: Decimal, most: Decimal) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise UserError(f"{value} is not a number") from None
    if not number.is_finite() or not least <= number <= most:
        raise UserError(f"{value} is not between {least} and {most}")
    return number


def _reread(context: CommandContext, ref: ModelRef) -> str:
    """What a switch to the model costs, as the end of a sentence; empty when it costs nothing that is known of."""
    from hawkmoth_tui.engine.outlook import Outlook

    reread = Outlook(context.workstation).reread(context.session, ref)
    return f"; it {reread}" if reread else ""


@command(
    "keys",
    "where keys come from; `set` one, `unlock` the file",
    argument="[set [PROVIDER]]",
    key="keys.set",
)
async def keys(context: CommandContext, argument: str) -> Effect:
    action, _, rest = argument.partition(" ")
    models = context.workstation.models
    if action == "set":
        name = rest.split(maxsplit=1)[0] if rest.strip() else ""
        known = [status.name for status in models.providers()]
        if name and name not in known:
            raise UserError("no provider has that name", f"/keys set with one of {', '.join(known)}")
        return AskKey(name)
    if action == "unlock":
        models.access.key_file()
        return AskPassphrase()
    if action:
        raise UserError(
            "/keys lists the keys", "/keys set PROVIDER asks for one, /keys unlock opens the encrypted file"
        )
    await models.access.look_for_keys()
    has_none = [status.name for status in models.providers() if not status.is_usable]
    found = [
        f"{status.name}: {status.key_source or 'none needed'}" for status in models.providers() if status.is_usable
    ]
    parts = [*found, *([f"none for {', '.join(has_none)}"] if has_none else [])]
    return Say(" · ".join(parts) or "no provider is configured")


async def _session(context: CommandContext) -> Session:
    """The current session, made now if there is none: a choice made before the first prompt counts."""
    return context.session or await context.workstation.sessions.create()
