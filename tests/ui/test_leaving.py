"""Beginning and ending: what the command line asked for, and the ways out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from textual import events

from hawkmoth_tui.core.errors import SessionNotFound, UnknownModel
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.options import TurnOptions
from hawkmoth_tui.ui.screens.leaving import LeavingScreen
from hawkmoth_tui.ui.startup import Startup
from hawkmoth_tui.ui.terminal import Ending

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from hawkmoth_tui.core.turn import Turn
    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

SLOW = "tokens=4000 rate=50"


async def stored(sit_down: SitDown) -> Turn:
    """The last turn of the last session, read by a new workstation."""
    async with sit_down(startup=Startup(is_continue=True, is_demo=True)) as sitting:
        return sitting.turns[-1]


async def test_the_question_is_whole_on_the_smallest_screen(sit_down: SitDown) -> None:
    async with sit_down(size=(40, 12)) as sitting:
        await sitting.begin(SLOW)
        await sitting.press("ctrl+q")
        await sitting.until(lambda: isinstance(sitting.app.screen, LeavingScreen))
        await sitting.pilot.pause()

        text = " ".join(sitting.screen_text().replace("│", " ").split())
        assert all(words in text for words in ("when the answer has ended", "what has arrived is saved", "go on here"))


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+d"])
async def test_a_key_that_quits_does_not_overtake_the_letters_before_it(sit_down: SitDown, key: str) -> None:
    async with sit_down() as sitting:
        assert sitting.app._driver is not None
        for typed in ("d", "r", key):
            sitting.app._driver.process_message(events.Key(typed, typed if len(typed) == 1 else None))
        await sitting.until(lambda: sitting.written == "dr")
        if key == "ctrl+q":
            await sitting.until(lambda: sitting.app._exit)

    async with sit_down() as sitting:
        assert sitting.written == "dr"


async def test_clearing_does_not_overtake_the_letters_before_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        assert sitting.app._driver is not None
        for typed in ("d", "r", "ctrl+c"):
            sitting.app._driver.process_message(events.Key(typed, typed if len(typed) == 1 else None))
        await sitting.until(lambda: "brings it back" in sitting.notices)

        assert sitting.written == ""


async def test_a_turn_that_is_not_stored_yet_is_stopped_as_soon_as_it_is(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        session = await sitting.desk.workstation.sessions.create()
        sitting.app.bridge.start(sitting.desk.workstation, session.id, SLOW, TurnOptions())
        assert sitting.app.bridge.turn(session.id) is None
        assert sitting.app.bridge.stop(sitting.desk.workstation, session.id)
        await sitting.app.bridge.idle()

        assert sitting.desk.workstation.sessions.turns(session.id)[-1].state is TurnState.CANCELLED


async def test_what_is_sent_right_after_a_stop_waits_for_its_end_and_goes(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        assert sitting.app.sending.stop()
        await sitting.send("the next tokens=5 rate=0")
        await sitting.until(lambda: len(sitting.turns) == 2 and sitting.turns[-1].state is TurnState.DONE)

        assert sitting.turns[0].state is TurnState.CANCELLED


async def test_quitting_asks_nothing_when_nothing_is_answered(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("ctrl+q")
        await sitting.until(lambda: sitting.app._exit)

        assert sitting.app.return_value is None


async def test_quitting_while_answering_asks_once_and_may_stay(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        await sitting.press("ctrl+q")
        await sitting.until(lambda: isinstance(sitting.app.screen, LeavingScreen))
        await sitting.pilot.pause()
        assert all(word in sitting.screen_text() for word in ("finish", "keep the part", "stay"))

        await sitting.press("s")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)

        assert sitting.turns[-1].state.is_live


@pytest.mark.parametrize("keys", [("k",), ("ctrl+q",), ("down", "enter")])
async def test_keeping_the_part_stops_stores_and_quits(sit_down: SitDown, keys: tuple[str, ...]) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        await sitting.press("ctrl+x", "q")
        await sitting.until(lambda: isinstance(sitting.app.screen, LeavingScreen))
        await sitting.press(*keys)
        await sitting.until(lambda: sitting.app._exit)

    turn = await stored(sit_down)
    assert turn.state is TurnState.CANCELLED
    assert turn.text


async def test_finishing_quits_when_the_answer_is_complete(sit_down: SitDown, held: Held) -> None:
    async with sit_down() as sitting:
        await sitting.begin("tokens=60 rate=0")
        await sitting.press("ctrl+q")
        await sitting.until(lambda: isinstance(sitting.app.screen, LeavingScreen))
        await sitting.press("f")
        await sitting.until(lambda: "finishing" in sitting.status())
        held.let_go()
        await sitting.until(lambda: sitting.app._exit)

    assert (await stored(sit_down)).state is TurnState.DONE


async def test_an_answer_that_ends_while_the_question_is_open_answers_it(sit_down: SitDown, held: Held) -> None:
    async with sit_down() as sitting:
        await sitting.begin("tokens=60 rate=0")
        await sitting.press("ctrl+q")
        await sitting.until(lambda: isinstance(sitting.app.screen, LeavingScreen))
        held.let_go()
        await sitting.until(lambda: sitting.app._exit)

    assert (await stored(sit_down)).state is TurnState.DONE


async def test_being_told_to_end_keeps_the_part_and_the_draft(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        await sitting.press(*"and more")

        await sitting.app.shutdown(Ending.TERMINATED)

    async with sit_down(startup=Startup(is_continue=True, is_demo=True)) as sitting:
        assert sitting.turns[-1].state is TurnState.CANCELLED
        assert sitting.turns[-1].text
        assert sitting.written == "and more"


async def test_a_lost_terminal_lets_the_answer_finish(sit_down: SitDown, held: Held) -> None:
    async with sit_down(config="[session]\nfinish_after_hangup_s = 600") as sitting:
        await sitting.begin("tokens=60 rate=0")
        assert sitting.app.hangup_grace_s == 600

        ending = asyncio.create_task(sitting.app.shutdown(Ending.HUNG_UP))
        await sitting.pilot.pause()
        held.let_go()
        await ending

    assert (await stored(sit_down)).state is TurnState.DONE


async def test_a_lost_terminal_waits_no_longer_than_it_was_told(sit_down: SitDown) -> None:
    async with sit_down(config="[session]\nfinish_after_hangup_s = 0") as sitting:
        await sitting.begin(SLOW)

        await sitting.app.shutdown(Ending.HUNG_UP)

    assert (await stored(sit_down)).state is TurnState.CANCELLED


async def test_continuing_opens_the_last_session(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("remember the moths tokens=5 rate=0")

    async with sit_down(startup=Startup(is_continue=True, is_demo=True)) as sitting:
        assert "remember the moths" in sitting.screen_text()
        assert "remember the moths" in sitting.status()


async def test_continuing_without_a_session_says_so(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup(is_continue=True, is_demo=True)) as sitting:
        assert "no session to continue" in sitting.notices
        assert sitting.desk.session is None


async def test_the_command_lines_model_and_policy_hold_for_the_session(sit_down: SitDown) -> None:
    startup = Startup(model="demo/deep", policy="best", is_demo=True)
    async with sit_down(startup=startup) as sitting:
        assert "pinned: demo/deep" in sitting.status()

        turn = await sitting.ask("hello tokens=5 rate=0")

        assert str(turn.model) == "demo/deep"
        assert sitting.desk.session is not None
        assert sitting.desk.session.policy == "best"


@pytest.mark.parametrize(
    ("startup", "error"),
    [
        (Startup(session_id="nosuch", is_demo=True), SessionNotFound),
        (Startup(model="nosuch/model", is_demo=True), UnknownModel),
    ],
)
async def test_what_cannot_be_opened_ends_the_app_with_the_error(
    sit_down: SitDown, startup: Startup, error: type[Exception]
) -> None:
    async with sit_down(startup=startup, waits=False) as sitting:
        await sitting.until(lambda: sitting.app._exit)

        assert isinstance(sitting.app.return_value, error)
