"""What the arguments of commands may be, as far as that can be listed: for completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.commands.effects import TabStep
from hawkmoth_tui.commands.model import EFFORTS
from hawkmoth_tui.commands.transcript import WHAT
from hawkmoth_tui.commands.tree import STEPS
from hawkmoth_tui.engine.templates import TemplateKind, names
from hawkmoth_tui.settings.schema import PolicyName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.commands.registry import CommandContext

MOST_SESSIONS = 100


class Value(NamedTuple):
    """One thing that an argument may be."""

    text: str
    """As it is written; ends with a space when more has to follow."""
    about: str = ""
    """What it is, a few words."""
    name: str = ""
    """What people call it, where that is not what is written."""


def values_of(command: str, context: CommandContext) -> tuple[Value, ...]:
    """What may follow the command's name; nothing for one that takes words of the user's own."""
    match command:
        case "model":
            return Value("auto", "the router chooses"), *_models(context)
        case "once":
            return *_models(context), Value("off", "take it back")
        case "retry" | "continue":
            return _models(context)
        case "whynot":
            return _models(context)
        case "policy" | "whatif":
            return _plain(PolicyName)
        case "effort":
            return _plain((*EFFORTS, "default"))
        case "set":
            efforts = (f"reasoning_effort {effort}" for effort in (*EFFORTS, "default"))
            return _plain(("temperature ", "max_output_tokens ", *efforts))
        case "theme":
            return _plain(context.themes)
        case "sessions":
            found = context.workstation.sessions.list(MOST_SESSIONS)
            return tuple(Value(one.session.id, name=one.session.title) for one in found)
        case "tab":
            return _plain(TabStep)
        case "copy":
            return _plain(WHAT)
        case "role" | "template":
            return _plain(names(context.workstation.paths.prompts_dir, TemplateKind(command)))
        case "version":
            return _plain(STEPS)
        case "brief":
            return (
                Value("local", "made here, from the session's own sentences"),
                Value("model", "made by the cheapest allowed model"),
                Value("on", "models get it"),
                Value("off", "models do not get it"),
                Value("new", "a new session that goes on from it"),
            )
        case "tag":
            return _plain(_other_tags(context))
        case "untag":
            return _plain(context.session.tags if context.session else ())
        case "keys":
            return _plain(
                ("set", *(f"set {status.name}" for status in context.workstation.models.providers()), "unlock")
            )
        case _:
            return ()


def _plain(texts: Iterable[str]) -> tuple[Value, ...]:
    return tuple(Value(str(text)) for text in texts)


def _other_tags(context: CommandContext) -> list[str]:
    """Of the sessions used last, sorted, without those that this one has."""
    listed = context.workstation.sessions.list(MOST_SESSIONS)
    own = context.session.tags if context.session else ()
    return sorted({tag for one in listed for tag in one.session.tags} - set(own))


def _models(context: CommandContext) -> tuple[Value, ...]:
    """The models that can be used now, as far as keys were looked for."""
    usable = (model for model in context.workstation.models.usable() if not model.is_facts)
    return tuple(Value(str(model.ref), model.lane) for model in usable)
