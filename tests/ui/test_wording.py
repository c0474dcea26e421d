"""What is said on the screen names the keys in force, and no command for a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.wording import on_screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

OTHER_KEYS = '[keys]\n"turn.stop" = "f9"\n"composer.undo" = "f7"\n"model.pick" = "f11"'


def test_a_way_without_a_key_is_its_slash_command() -> None:
    assert on_screen("`hawkmoth models` lists them", {}) == "F2 lists them"
    assert on_screen("see `hawkmoth sessions list`", {"session.pick": ""}) == "see /sessions"


async def test_notices_name_the_users_own_keys(sit_down: SitDown) -> None:
    async with sit_down(config=OTHER_KEYS) as sitting:
        await sitting.send("/model qqqq")
        await sitting.until(lambda: "F11 lists them" in sitting.notices)
        assert sitting.written == "/model qqqq"

        await sitting.press("ctrl+c")
        await sitting.until(lambda: "F7 brings it back" in sitting.notices)
        await sitting.press("f7")
        await sitting.until(lambda: sitting.written == "/model qqqq")

        await sitting.press("ctrl+c", "ctrl+c")
        await sitting.until(lambda: "F9 stops an answer" in sitting.notices)

        await sitting.begin("tokens=4000 rate=50")
        await sitting.send("/demo")
        await sitting.until(lambda: "F9 stops it" in sitting.notices)
        await sitting.press("f9")
        await sitting.until(lambda: not sitting.turns[-1].state.is_live)
