"""Commands about what is on the screen: copying it and finding in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import Copy, Find
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext
    from hawkmoth_tui.core.turn import Turn

WHAT = ("answer", "code", "prompt", "session")


@command(
    "copy", "copy the last answer, or its last code, its prompt or the session", argument="[WHAT]", key="copy.answer"
)
async def copy(context: CommandContext, argument: str) -> Effect:
    what = argument.lower() or "answer"
    if what not in WHAT:
        raise UserError(f"there is nothing called {argument} to copy", f"choose one of {', '.join(WHAT)}")
    turn = context.turn
    if turn is None:
        raise UserError("there is no turn yet", "send a prompt first")
    match what:
        case "code":
            text = next(reversed([*_code_blocks(turn.text)]), "")
        case "prompt":
            text = turn.prompt.text
        case "session":
            turns = context.workstation.sessions.branch(turn.session_id)
            text = "\n\n".join(_as_markdown(turn if turn.id == each.id else each) for each in turns)
        case _:
            text = turn.text
    if not text:
        raise UserError(f"the last turn has no {what} to copy")
    return Copy(text, what)


@command("find", "find words in this conversation", argument="[WORDS]", key="transcript.find")
async def find(context: CommandContext, argument: str) -> Effect:
    return Find(argument)


def _as_markdown(turn: Turn) -> str:
    """The prompt as a quotation, the answer below it."""
    quoted = "\n".join(f"> {line}".rstrip() for line in turn.prompt.text.splitlines())
    return f"{quoted}\n\n{turn.text}".rstrip()


def _code_blocks(text: str) -> Iterator[str]:
    """What stands between the fences, also when the last one is not closed yet."""
    fence, lines = "", list[str]()
    for line in text.splitlines():
        bare = line.strip()
        if not fence and bare.startswith(("```", "~~~")):
            fence, lines = bare[: len(bare) - len(bare.lstrip(bare[0]))], []
        elif fence and bare.startswith(fence) and not bare.strip(fence[0]):
            yield "\n".join(lines)
            fence = ""
        elif fence:
            lines.append(line)
    if fence and lines:
        yield "\n".join(lines)
