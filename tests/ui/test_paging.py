"""A session of very many turns: its last page is read when it is opened, the rest when somebody goes there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.turn import TurnKind, TurnState
from hawkmoth_tui.store import branches, db, sessions, turns
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.ui import desk, paging
from hawkmoth_tui.ui.startup import Startup
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from hawkmoth_tui.ui.transcript import Transcript
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

MANY = 90


@pytest.fixture(autouse=True)
def pages_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "LATE_TURNS", 20)
    monkeypatch.setattr(paging, "PAGE_TURNS", 20)
    monkeypatch.setattr(paging, "LARGEST_PAGE", 40)
    monkeypatch.setattr(branches, "MOST_READ", 30)


@pytest.fixture
def long_session(home: Path) -> str:
    """A session of many turns, `moth 0` to `moth 89`; the first one has a sibling that nothing follows."""
    database, here = db.open_database(home / "hawkmoth.db"), this_process()
    with database.writing as connection:
        sessions.create(connection, samples.session("s1"))
        for number in range(MANY):
            parent = f"t{number - 1}" if number else None
            turn = replace(samples.turn(f"t{number}", parent=parent), prompt=user(f"moth {number}?"))
            turns.start(connection, turn, here, 1000 + number)
            ended = replace(turn, state=TurnState.DONE, answer=(Text(f"answer {number}"),), ended_at_ms=2000)
            turns.save(connection, ended, here)
        beside = replace(samples.turn("beside"), kind=TurnKind.EDIT, prompt=user("bee 0?"))
        turns.start(connection, beside, here, 3000)
        turns.save(connection, replace(beside, state=TurnState.DONE, answer=(Text("buzz"),), ended_at_ms=2000), here)
        branches.step(connection, "beside", 1)
    database.close()
    return "s1"


def transcript(sitting: Sitting) -> Transcript:
    found = sitting.app.conversation.transcript
    assert found is not None
    return found


async def test_opening_reads_the_last_page_and_going_up_the_pages_before_it(
    sit_down: SitDown, long_session: str
) -> None:
    async with sit_down(size=(80, 24), startup=Startup(session_id=long_session)) as sitting:
        assert [turn.id for turn in sitting.turns] == [f"t{number}" for number in range(MANY - 20, MANY)]
        await sitting.until(lambda: "answer 89" in sitting.screen_text())

        seen = [turn.id for turn in sitting.turns]
        while len(sitting.turns) == 20:
            before = sitting.screen_text().splitlines()[2]
            await sitting.press("pageup")
            await sitting.pilot.pause()
        assert [turn.id for turn in sitting.turns][-20:] == seen
        await sitting.press("pagedown")
        assert before in sitting.screen_text()


async def test_the_first_turn_is_one_key_away_and_words_are_found_wherever_they_stand(
    sit_down: SitDown, long_session: str
) -> None:
    async with sit_down(size=(80, 24), startup=Startup(session_id=long_session)) as sitting:
        transcript(sitting).action_to_start()
        await sitting.until(lambda: len(sitting.turns) == MANY)
        await sitting.until(lambda: "moth 0?" in sitting.screen_text())
        assert "1/2" in sitting.screen_text()
        transcript(sitting).follow()

    async with sit_down(size=(80, 24), startup=Startup(session_id=long_session)) as sitting:
        await sitting.send("/find moth 7?")
        await sitting.until(lambda: len(sitting.turns) == MANY)
        await sitting.until(lambda: transcript(sitting).found == ("moth 7?", 1, 1, True))
        await sitting.until(lambda: "moth 7?" in sitting.screen_text())


async def test_a_version_with_very_many_turns_after_it_shows_the_last_of_them(
    sit_down: SitDown, long_session: str
) -> None:
    async with sit_down(size=(80, 24), startup=Startup(session_id=long_session)) as sitting:
        transcript(sitting).action_to_start()
        await sitting.until(lambda: "moth 0?" in sitting.screen_text())
        await sitting.until(lambda: "1/2" in sitting.screen_text())
        await sitting.send("/version")
        await sitting.until(lambda: [turn.id for turn in sitting.turns] == ["beside"])
        assert "version 2/2" in sitting.notices

        await sitting.send("/version")
        await sitting.until(lambda: "version 1/2" in sitting.notices)
        assert [turn.id for turn in sitting.turns] == [f"t{number}" for number in range(MANY - 20, MANY)]

        await sitting.send("/undo")
        await sitting.until(lambda: [turn.id for turn in sitting.turns] == ["beside"])
