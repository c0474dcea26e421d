"""What /copy and /find take from the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.commands.effects import Copy, Find
from hawkmoth_tui.commands.registry import CommandContext, run
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from tests.engine.stations import answer, ask, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation

CODE = "Two ways:\n\n```python\nprint(1)\n```\n\nor\n\n~~~~\nfirst\n~~~\nlast\n~~~~\n\nas you like."


def context(opened: Workstation, text: str = "", *, has_turn: bool = True) -> CommandContext:
    turn = Turn("t1", "s1", None, TurnKind.PROMPT, user("how?"), 1, TurnState.DONE, (Text(text),) if text else ())
    return CommandContext(opened, None, turn if has_turn else None)


@pytest.mark.parametrize(
    ("line", "answered", "copied"),
    [
        ("/copy", CODE, (CODE, "answer")),
        ("/copy answer", "# Title\n", ("# Title\n", "answer")),
        ("/copy Code", CODE, ("first\n~~~\nlast", "code")),
        ("/copy code", "```sh\nls\n", ("ls", "code")),
        ("/copy code", "```\nnever closed\n~~~", ("never closed\n~~~", "code")),
        ("/copy prompt", CODE, ("how?", "prompt")),
    ],
)
async def test_a_part_of_the_last_turn_is_copied_as_it_was_written(
    line: str, answered: str, copied: tuple[str, str], home: Path
) -> None:
    async with station(home, settings()) as opened:
        assert await run(context(opened, answered), line) == Copy(*copied)


@pytest.mark.parametrize(
    ("line", "answered", "said"),
    [
        ("/copy everything", CODE, "nothing called everything"),
        ("/copy", "", "has no answer"),
        ("/copy code", "no code here, only `a word`", "has no code"),
    ],
)
async def test_what_is_not_there_is_not_copied(line: str, answered: str, said: str, home: Path) -> None:
    async with station(home, settings()) as opened:
        with pytest.raises(UserError, match=said):
            await run(context(opened, answered), line)


async def test_before_the_first_prompt_there_is_nothing_to_copy(home: Path) -> None:
    async with station(home, settings()) as opened:
        with pytest.raises(UserError, match="no turn yet"):
            await run(context(opened, has_turn=False), "/copy")


async def test_the_whole_session_is_copied_with_its_prompts_as_quotations(home: Path) -> None:
    async with (
        ScriptedServer(answer("first answer"), answer("second answer")) as server,
        station(home, settings(provider("lab", f"{server.url}/v1"))) as opened,
    ):
        first = await ask(opened, "one\n\ntwo")
        last = await ask(opened, "three", first.session_id)

        effect = await run(CommandContext(opened, opened.sessions.get(last.session_id), last), "/copy session")

    assert effect == Copy("> one\n>\n> two\n\nfirst answer\n\n> three\n\nsecond answer", "session")


async def test_words_to_find_are_taken_as_they_stand(home: Path) -> None:
    async with station(home, settings()) as opened:
        assert await run(context(opened), "/find  two  Words ") == Find("two  Words")
        assert await run(context(opened), "/find") == Find("")
