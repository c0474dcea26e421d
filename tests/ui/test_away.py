"""An answer that ended while nobody looked is told once, at the next start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from hawkmoth_tui.engine.absence import SCOPE, Unseen
from hawkmoth_tui.ui.away import away_words
from hawkmoth_tui.ui.startup import Startup
from hawkmoth_tui.ui.terminal import Ending

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

PATIENT = "[session]\nfinish_after_hangup_s = 600"


def unseen(session_id: str, state: TurnState, title: str = "moths at night") -> Unseen:
    turn = Turn(f"turn of {session_id}", session_id, None, TurnKind.PROMPT, user("moths"), 0, state=state)
    return Unseen(Session(session_id, title, 0, 0), turn)


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ((), ""),
        ((unseen("a", TurnState.DONE),), 'an answer finished while you were away: "moths at night"; F3 opens it'),
        ((unseen("here", TurnState.DONE),), "the last answer here finished while you were away"),
        (
            (unseen("a", TurnState.CANCELLED),),
            'an answer was stopped and its part kept while you were away: "moths at night"; F3 opens it',
        ),
        ((unseen("here", TurnState.FAILED),), "the last answer here failed while you were away"),
        (
            (unseen("a", TurnState.DONE), unseen("b", TurnState.DONE)),
            "2 answers finished while you were away; F3 opens them",
        ),
        (
            (unseen("a", TurnState.DONE), unseen("b", TurnState.INTERRUPTED), unseen("here", TurnState.DONE)),
            "2 answers finished while you were away, 1 did not; F3 opens them",
        ),
    ],
)
def test_one_line_tells_all_of_them(found: tuple[Unseen, ...], line: str) -> None:
    assert away_words(found, "here", "F3") == line


async def lose_the_line(sitting: Sitting, held: Held) -> None:
    """The terminal goes while an answer is held, which then comes to its end."""
    sessions = sitting.desk.workstation.sessions
    ending = asyncio.create_task(sitting.app.shutdown(Ending.HUNG_UP))
    await sitting.until(lambda: sessions.draft(SCOPE))
    held.let_go()
    await ending


async def test_an_answer_that_finished_after_the_line_was_lost_is_told_once(sit_down: SitDown, held: Held) -> None:
    async with sit_down(config=PATIENT) as sitting:
        await sitting.begin("count the moths tokens=60 rate=0")
        await lose_the_line(sitting, held)

    async with sit_down() as sitting:
        await sitting.until(lambda: "an answer finished while you were away" in sitting.notices)
        assert "count the moths" in sitting.notices

    async with sit_down(startup=Startup(is_continue=True, is_demo=True)) as sitting:
        await sitting.until(lambda: sitting.turns)
        await sitting.pilot.pause()
        assert "away" not in sitting.notices


async def test_it_is_told_on_the_session_itself_and_nothing_queued_was_begun(sit_down: SitDown, held: Held) -> None:
    async with sit_down(config=PATIENT) as sitting:
        await sitting.begin("count the moths tokens=60 rate=0")
        await sitting.send("and then the hawks")
        await sitting.until(lambda: "and then the hawks" in sitting.screen_text())
        sitting.app.ending = Ending.HUNG_UP
        await lose_the_line(sitting, held)

    async with sit_down(startup=Startup(is_continue=True, is_demo=True)) as sitting:
        await sitting.until(lambda: "the last answer here finished while you were away" in sitting.notices)
        assert [turn.state for turn in sitting.turns] == [TurnState.DONE]
        await sitting.until(lambda: "and then the hawks" in sitting.screen_text())
