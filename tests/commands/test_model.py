"""What /set, /system, /policy, /effort, /once and /model take, and what they refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from hawkmoth_tui.commands.effects import Refresh, Say, UseOnce
from hawkmoth_tui.commands.registry import CommandContext, run
from hawkmoth_tui.core.errors import UnknownModel, UserError
from hawkmoth_tui.core.models import ModelRef
from tests.engine.stations import model, provider, settings, station

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation


@pytest_asyncio.fixture
async def opened(home: Path) -> AsyncIterator[Workstation]:
    """A workstation with one provider that nobody asks."""
    async with station(home, settings(provider("lab", "http://127.0.0.1:9", model("small"), model("large")))) as opened:
        yield opened


async def fresh(opened: Workstation) -> CommandContext:
    """In a session of its own."""
    return CommandContext(opened, await opened.sessions.create(), None)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("/set max_output_tokens 1.5", "1.5 is not a whole number"),
        ("/set max_output_tokens 0", "not between 1 and"),
        ("/set max_output_tokens many", "many is not a number"),
        ("/set temperature 3", "not between 0 and 2"),
        ("/set temperature nan", "not between"),
        ("/set reasoning_effort huge", "one of low, medium, high"),
        ("/set volume 11", "nothing called volume"),
        ("/policy wild", "no policy wild"),
        ("/effort huge", "no effort huge"),
        ("/once", "needs a model"),
    ],
)
async def test_what_cannot_be_is_one_clear_line(line: str, problem: str, opened: Workstation) -> None:
    context = await fresh(opened)

    with pytest.raises(UserError, match=problem):
        await run(context, line)


@pytest.mark.parametrize("line", ["/set", "/system", "/effort", "/policy"])
async def test_a_look_at_what_is_set_begins_no_session(line: str, opened: Workstation) -> None:
    await run(CommandContext(opened, None, None), line)

    assert opened.sessions.latest() is None


@pytest.mark.parametrize("line", ["/set temperature 3", "/set volume 11", "/model nobody/large"])
async def test_what_is_refused_begins_no_session(line: str, opened: Workstation) -> None:
    with pytest.raises(UserError):
        await run(CommandContext(opened, None, None), line)

    assert opened.sessions.latest() is None


async def test_a_value_is_set_shown_and_taken_back(opened: Workstation) -> None:
    context = await fresh(opened)
    assert context.session is not None

    await run(context, "/set temperature 0.5")
    warmer = CommandContext(opened, opened.sessions.get(context.session.id), None)
    effect = await run(warmer, "/set max_output_tokens 100")
    session = opened.sessions.get(context.session.id)
    later = CommandContext(opened, session, None)
    shown = await run(later, "/set")
    await run(later, "/set temperature default")

    assert effect == Refresh(session.id, "max_output_tokens = 100")
    assert session.generation is not None
    assert (session.generation.temperature, session.generation.max_output_tokens) == (Decimal("0.5"), 100)
    assert shown == Say("temperature = 0.5, max_output_tokens = 100, reasoning_effort = default")
    changed = opened.sessions.get(session.id).generation
    assert changed is not None
    assert changed.temperature is None


async def test_a_model_is_pinned_handed_back_and_lent_for_one_turn(opened: Workstation) -> None:
    context = await fresh(opened)
    assert context.session is not None

    await run(context, "/model lab/large")
    assert opened.sessions.get(context.session.id).model == ModelRef("lab", "large")
    await run(context, "/model auto")
    assert opened.sessions.get(context.session.id).model is None
    lent = await run(context, "/once small")

    assert isinstance(lent, UseOnce)
    assert lent.model == ModelRef("lab", "small")


async def test_an_unknown_model_is_offered_its_neighbours(opened: Workstation) -> None:
    context = await fresh(opened)

    with pytest.raises(UnknownModel, match="did you mean lab/large"):
        await run(context, "/model lrge")
