"""One conversation on the screen: sending, streaming, stopping, and what is never lost."""

from __future__ import annotations

import os
from contextlib import aclosing
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.opening import open_workstation
from hawkmoth_tui.settings.load import load
from hawkmoth_tui.ui.startup import Startup

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

SLOW = "tokens=4000 rate=50"
"""An answer that does not end by itself within a test."""


async def test_an_answer_comes_with_its_route_and_its_cost(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        turn = await sitting.ask("hello tokens=20 rate=0")

        assert turn.state is TurnState.DONE
        assert sitting.written == ""
        assert "Simulated answer" in sitting.screen_text()
        assert str(turn.model) in sitting.routing()
        assert "tok/s" in sitting.routing()
        assert "$0." in sitting.cost()
        assert "saved against demo/deep" in sitting.cost()


async def test_esc_stops_the_answer_and_keeps_its_part(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        assert "answering" in sitting.status()

        await sitting.press("escape")
        await sitting.until(lambda: not sitting.turns[-1].state.is_live)

        assert sitting.turns[-1].state is TurnState.CANCELLED
        assert sitting.turns[-1].text
        assert sitting.desk.workstation.turn(sitting.turns[-1].id).text == sitting.turns[-1].text
        assert "ready" in sitting.status()


async def test_a_prompt_sent_before_the_engine_is_open_is_answered(sit_down: SitDown) -> None:
    async with sit_down(waits=False) as sitting:
        await sitting.press(*"hello", "enter")
        await sitting.until(lambda: sitting.turns and not sitting.turns[-1].state.is_live)

        assert sitting.turns[-1].prompt.text == "hello"
        assert sitting.turns[-1].state is TurnState.DONE


async def test_the_answer_to_a_command_takes_the_place_of_earlier_notices(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/set temperature 9")
        await sitting.until(lambda: "not between" in sitting.notices)
        await sitting.press("ctrl+c")
        assert "not between" not in sitting.notices

        await sitting.send("/policy fast")
        await sitting.until(lambda: "fast" in sitting.notices)

        assert sitting.notices == "the policy of this session is fast"


async def test_turns_from_another_window_are_shown_before_the_next_one(sit_down: SitDown) -> None:
    """They are part of what is sent, so they must not be missing from the screen."""
    async with sit_down() as sitting:
        session_id = (await sitting.ask("first tokens=5 rate=0")).session_id
        loaded = load(os.environ)
        elsewhere = open_workstation(loaded.settings, loaded.paths, is_demo=True)
        await elsewhere.start()
        async with aclosing(elsewhere.send(session_id, "elsewhere tokens=5 rate=0")) as events:
            async for _ in events:
                pass
        await elsewhere.aclose()

        await sitting.send("third tokens=5 rate=0")
        await sitting.until(lambda: len(sitting.turns) > 1 and not sitting.turns[-1].state.is_live)

        assert [turn.prompt.text.split()[0] for turn in sitting.turns] == ["first", "elsewhere", "third"]


async def test_two_sessions_are_answered_at_once(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        first = sitting.turns[-1].session_id

        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: sitting.desk.session is None)
        assert "+1 in background" in sitting.status()
        await sitting.begin(SLOW)
        await sitting.send(f"/sessions {first}")
        await sitting.until(lambda: sitting.desk.is_here(first))

        assert len(sitting.app.bridge.runs) == 2
        assert sitting.turns[-1].session_id == first
        length = len(sitting.turns[-1].text)
        await sitting.until(lambda: len(sitting.turns[-1].text) > length)


async def test_a_session_that_was_hidden_shows_its_answer_whole(sit_down: SitDown, held: Held) -> None:
    async with sit_down() as sitting:
        await sitting.begin("tokens=400 rate=0")
        first = sitting.turns[-1].session_id
        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: sitting.desk.session is None)
        held.let_go()
        await sitting.until(lambda: not sitting.app.bridge.runs)

        await sitting.send(f"/sessions {first}")
        await sitting.until(lambda: sitting.desk.is_here(first) and sitting.turns)

        assert sitting.turns[-1].text == sitting.desk.workstation.turn(sitting.turns[-1].id).text


async def test_a_retry_is_a_sibling_on_the_screen(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("hello tokens=20 rate=0")

        await sitting.press("ctrl+x", "r")
        await sitting.until(lambda: sitting.turns[-1].id != first.id and not sitting.turns[-1].state.is_live)

        assert sitting.turns[-1].prompt.text == first.prompt.text
        assert sitting.turns[-1].parent_id == first.parent_id


async def test_a_failing_candidate_is_shown_with_the_next_one(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        turn = await sitting.ask("hello fail 500 on swift")

        assert turn.state is TurnState.DONE
        assert len(turn.attempts) > 1
        assert "Attempts" in sitting.routing()
        assert "failed" in sitting.routing()


async def test_a_cut_answer_offers_to_go_on(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        turn = await sitting.ask("tell me about moths fail cut")

        assert turn.state is TurnState.INTERRUPTED
        await sitting.pilot.pause()
        assert "Ctrl+X c" in sitting.screen_text()


async def test_without_a_provider_the_screen_says_what_to_do_and_keeps_the_prompt(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24), startup=Startup()) as sitting:
        await sitting.until(lambda: "no model" in sitting.status())
        await sitting.pilot.pause()
        text = sitting.screen_text()
        await sitting.send("hello")
        await sitting.until(lambda: sitting.notices)

        assert all(words in text for words in ("TOGETHER_API_KEY", "ollama", "hawkmoth demo"))
        assert "no provider can be used" in sitting.notices
        assert sitting.written == "hello"
        assert sitting.desk.workstation.sessions.list() == ()


async def test_the_demo_says_that_it_is_simulated(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24), waits=False) as sitting:
        assert "SIMULATED" in sitting.status()

    async with sit_down() as sitting:
        assert "SIMULATED" in sitting.routing()
        assert "simulated" in sitting.cost()
