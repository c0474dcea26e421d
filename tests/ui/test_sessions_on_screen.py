"""Sessions on the screen: the list with its preview, tabs, titles, and a session that another process answers."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events

from hawkmoth_tui.core.events import TextDelta, TurnEnded
from hawkmoth_tui.core.turn import TurnState, advance
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.store.rows import Owner
from hawkmoth_tui.store.store import Store
from hawkmoth_tui.ui.screens.sessions import SessionPicker
from hawkmoth_tui.ui.tabs import Badge
from tests.patience import PATIENCE_S
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    import pytest

    from hawkmoth_tui.engine.sessions import Elsewhere
    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

SLOW = "tokens=4000 rate=50"
NEVER = Owner(2**22 + 1, "never")
"""No process has this id."""


async def open_picker(sitting: Sitting) -> SessionPicker:
    await sitting.press("f3")
    await sitting.until(lambda: isinstance(sitting.app.screen, SessionPicker))
    await sitting.pilot.pause()
    screen = sitting.app.screen
    assert isinstance(screen, SessionPicker)
    return screen


async def new_session(sitting: Sitting) -> None:
    await sitting.press("ctrl+x", "n")
    await sitting.until(lambda: sitting.desk.session is None)


def tab_line(sitting: Sitting) -> str:
    line = sitting.app.conversation.tabs
    return line.render().plain if line.display else ""


@contextmanager
def another_process(sitting: Sitting, owner: Owner | None = None) -> Iterator[Store]:
    """The same store as another process has it open; by default one that lives: the one that started us."""
    file = sitting.desk.workstation.paths.cache_dir / "demo.db"
    store = Store.open(file, owner=owner or Owner(os.getppid(), ""), clock_ms=Clocks().now_ms)
    try:
        yield store
    finally:
        store.close()


def shown_prompts(sitting: Sitting) -> list[str]:
    return [turn.prompt.text for turn in sitting.turns]


def wait_until_written(store: Store) -> None:
    """The journal of the turn t9 is on the disk."""
    deadline = time.monotonic() + PATIENCE_S
    while not (turn := store.turn("t9")) or not turn.text:
        assert time.monotonic() < deadline


async def test_the_list_finds_words_of_any_prompt_and_previews_the_last_turns(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("About moths and lamps. tokens=5 rate=0")
        await sitting.ask("what of the moon? tokens=5 rate=0")
        await sitting.ask("and then? tokens=5 rate=0")
        await new_session(sitting)
        await sitting.ask("About hawks. tokens=5 rate=0")

        picker = await open_picker(sitting)
        assert "About moths and lamps" in sitting.screen_text()
        await sitting.press(*"the moon")
        await sitting.until(lambda: [row.key for row in picker.list.rows] == [first.session_id])
        await sitting.until(lambda: "› what of the moon?" in sitting.screen_text())
        await sitting.press("enter")

        await sitting.until(lambda: sitting.desk.is_here(first.session_id))


async def test_a_title_is_changed_in_place(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        turn = await sitting.ask("about moths tokens=5 rate=0")
        picker = await open_picker(sitting)

        await sitting.press("ctrl+t")
        await sitting.press(*" and lamps", "enter")
        await sitting.until(lambda: "lamps" in sitting.desk.workstation.sessions.get(turn.session_id).title)
        await sitting.until(lambda: "lamps" in picker.list.lines(80)[0].plain)
        await sitting.press("ctrl+t")
        await sitting.press(*"never kept", "escape")
        await sitting.press("escape")

        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)
        assert sitting.desk.workstation.sessions.get(turn.session_id).title.endswith("and lamps")


async def test_tabs_appear_with_the_second_session_and_keys_go_round(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("about moths tokens=5 rate=0")
        assert tab_line(sitting) == ""
        await new_session(sitting)
        second = await sitting.ask("about hawks tokens=5 rate=0")
        await sitting.until(lambda: "about moths" in tab_line(sitting) and "about hawks" in tab_line(sitting))

        await sitting.press("ctrl+pagedown")
        await sitting.until(lambda: sitting.desk.is_here(first.session_id))
        await sitting.press("ctrl+x", "left")
        await sitting.until(lambda: sitting.desk.is_here(second.session_id))
        await sitting.press("ctrl+x", "w")
        await sitting.until(lambda: sitting.desk.is_here(first.session_id))

        assert tab_line(sitting) == ""
        assert len(sitting.desk.workstation.sessions.list()) == 2


async def test_a_tab_tells_that_it_streams_and_that_it_was_answered_unseen(sit_down: SitDown, held: Held) -> None:
    async with sit_down() as sitting:
        await sitting.begin("tokens=60 rate=0")
        await new_session(sitting)
        await sitting.until(lambda: Badge.STREAMING.value[0] in tab_line(sitting))

        held.let_go()
        await sitting.until(lambda: Badge.ANSWERED.value[0] in tab_line(sitting))
        await sitting.press("ctrl+pageup")
        await sitting.until(lambda: sitting.desk.session is not None)

        assert Badge.ANSWERED.value[0] not in tab_line(sitting)


async def test_a_session_that_another_process_answers_is_shown_live_and_read_only(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("about moths tokens=5 rate=0")
        with another_process(sitting) as other:
            turn = replace(samples.turn("t9", "from elsewhere", session_id=first.session_id), parent_id=first.id)
            await other.start_turn(turn)
            other.journal("t9", TextDelta("The first words "))
            await sitting.send(f"/sessions {first.session_id}")
            await sitting.until(lambda: f"process {os.getppid()} is answering here" in sitting.notices)
            await sitting.until(lambda: "The first words" in sitting.screen_text())
            assert "read-only" in sitting.status()

            other.journal("t9", TextDelta("and more of them."))
            await sitting.until(lambda: "and more of them." in sitting.screen_text())
            await sitting.send("may I?")
            await sitting.until(lambda: sitting.written == "may I?" and "wait until it has ended" in sitting.notices)
            assert len(sitting.turns) == 2

            done = advance(turn, TextDelta("The first words and more of them. All of them."))
            await other.finish_turn(advance(done, TurnEnded(TurnState.DONE, 2000, "stop")))
            await sitting.until(lambda: "you can go on" in sitting.notices)

        assert "All of them." in sitting.turns[-1].text
        assert "read-only" not in sitting.status()


async def test_words_that_come_while_a_session_is_opened_are_not_missed(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("about moths tokens=5 rate=0")
        sessions = sitting.desk.workstation.sessions
        look = sessions.elsewhere
        with another_process(sitting) as other:
            turn = replace(samples.turn("t9", "from elsewhere", session_id=first.session_id), parent_id=first.id)
            await other.start_turn(turn)

            def words_come(session_id: str) -> Elsewhere | None:
                if "read-only" not in sitting.notices and "from elsewhere" in shown_prompts(sitting):
                    other.journal("t9", TextDelta("The first words."))
                    wait_until_written(other)
                return look(session_id)

            monkeypatch.setattr(sessions, "elsewhere", words_come)
            await sitting.send(f"/sessions {first.session_id}")

            await sitting.until(lambda: "The first words." in sitting.screen_text())


async def test_an_answer_left_behind_by_a_dead_process_is_ended_when_it_is_looked_at(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("about moths tokens=5 rate=0")
        with another_process(sitting, NEVER) as other:
            await other.start_turn(replace(samples.turn("t9", session_id=first.session_id), parent_id=first.id))
            other.journal("t9", TextDelta("half"))

            await sitting.send(f"/sessions {first.session_id}")
            await sitting.until(lambda: "is gone; what had arrived is kept" in sitting.notices)

        assert sitting.turns[-1].state is TurnState.INTERRUPTED


async def test_nothing_ticks_when_no_other_process_answers(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("about moths tokens=5 rate=0")
        await new_session(sitting)

        assert not sitting.app.browsing.is_watching


async def test_sums_of_another_window_are_seen_when_the_user_comes_back(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        turn = await sitting.ask("about moths tokens=5 rate=0")
        before = sitting.cost()
        with another_process(sitting) as other:
            now_ms = Clocks().now_ms()
            await other.append_ledger(
                samples.row("elsewhere", 7_000_000_000_000, session_id=turn.session_id, turn_id=turn.id, at_ms=now_ms)
            )
        assert sitting.cost() == before

        sitting.app.post_message(events.AppFocus())

        await sitting.until(lambda: "$7.00" in sitting.cost())
