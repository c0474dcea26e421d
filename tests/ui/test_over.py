"""What lies over the conversation closes once, however fast the keys come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from hawkmoth_tui.ui.screens.leaving import LeavingScreen
from hawkmoth_tui.ui.screens.palette import Palette

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]


def press_at_once(sitting: Sitting, *keys: str) -> None:
    """Keys that arrive together, as after a pause of the line."""
    for key in keys:
        sitting.app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize(
    ("opening", "keys"),
    [
        (("ctrl+x",), ("z", "escape")),
        (("f1",), ("q", "q")),
        (("f1",), ("escape", "escape", "escape")),
        (("f4",), ("f4", "f4")),
        (("f2",), ("escape", "escape")),
        (("f2",), ("enter", "enter")),
        (("f3",), ("escape", "escape")),
        (("f8",), ("escape", "escape")),
        (("ctrl+r",), ("escape", "escape")),
        (("ctrl+x", "l"), ("escape", "escape")),
        (("ctrl+x", "k"), ("escape", "escape")),
    ],
)
async def test_keys_that_come_in_a_burst_close_a_screen_once(
    sit_down: SitDown, opening: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    async with sit_down() as sitting:
        here = sitting.app.conversation
        await sitting.press(*opening)
        await sitting.until(lambda: sitting.app.screen is not here)
        await sitting.pilot.pause()

        press_at_once(sitting, *keys)
        await sitting.until(lambda: sitting.app.screen is here)
        await sitting.press(*"still here")

        assert sitting.written == "still here"


async def test_keys_of_places_that_come_in_a_burst_open_the_last_one_alone(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        press_at_once(sitting, "f1", "f2", "f3", "f4", "f5", "f8")
        await sitting.until(lambda: isinstance(sitting.app.screen, Palette))

        assert len(sitting.app.screen_stack) == 2


async def test_a_place_asked_for_before_the_question_whether_to_leave_does_not_hide_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin("tokens=4000 rate=50")
        sitting.app.going.ask()
        await sitting.until(lambda: isinstance(sitting.app.screen, LeavingScreen))
        sitting.app.applying.start("/help")
        await sitting.app.workers.wait_for_complete([each for each in sitting.app.workers if each.name == "/help"])

        assert isinstance(sitting.app.screen, LeavingScreen)


async def test_a_key_right_after_a_wrong_one_is_not_lost_to_the_leader(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("ctrl+x")
        await sitting.until(lambda: sitting.app.screen is not sitting.app.conversation)

        press_at_once(sitting, "escape", "g", "u")
        await sitting.until(lambda: sitting.written)
        await sitting.pilot.pause()

        assert sitting.written == "gu"
