"""How the screen is arranged at each size, and what lies over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui.screens.over import Over
from hawkmoth_tui.ui.screens.sheet import PaneScreen
from hawkmoth_tui.ui.startup import Startup

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]


def is_seen(sitting: Sitting, selector: str) -> bool:
    return sitting.app.conversation.query_one(selector).region.area > 0


async def test_a_wide_terminal_shows_the_panes_beside_the_conversation(sit_down: SitDown) -> None:
    async with sit_down(size=(120, 40)) as sitting:
        await sitting.ask("hello tokens=20 rate=0")

        assert is_seen(sitting, "RoutingPane")
        assert is_seen(sitting, "CostPane")
        assert not is_seen(sitting, "FoldedPanes")
        assert sitting.app.conversation.query_one("#side").region.width == 39


async def test_a_narrow_terminal_folds_each_pane_to_a_line(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        turn = await sitting.ask("hello tokens=20 rate=0")
        rows = sitting.screen_text().splitlines()

        assert not is_seen(sitting, "#side")
        assert any(f"● {turn.model}" in row and row.rstrip().endswith("F4") for row in rows)
        assert any("turn $" in row and "today $" in row and row.rstrip().endswith("F5") for row in rows)


@pytest.mark.parametrize(("key", "other", "word"), [("f4", "f5", "Candidates"), ("f5", "f4", "1 Now  2 Spend")])
async def test_a_key_opens_a_pane_whole_and_esc_closes_it(sit_down: SitDown, key: str, other: str, word: str) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        await sitting.ask("hello tokens=20 rate=0")

        await sitting.press(key)
        await sitting.until(lambda: word in sitting.screen_text() and isinstance(sitting.app.screen, Over))
        place = sitting.app.screen
        await sitting.press(other)
        await sitting.until(lambda: isinstance(sitting.app.screen, Over) and sitting.app.screen is not place)
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)

        assert sitting.app.focused is sitting.app.conversation.composer


async def test_the_open_routing_pane_shows_every_vote_and_follows_the_answer(sit_down: SitDown, held: Held) -> None:
    async with sit_down(size=(120, 40)) as sitting:
        await sitting.begin("tokens=60 rate=0")
        await sitting.press("f4")
        await sitting.until(lambda: isinstance(sitting.app.screen, PaneScreen))
        held.let_go()
        await sitting.until(lambda: not sitting.app.bridge.runs)
        await sitting.pilot.pause()

        route = sitting.turns[-1].route
        assert route is not None
        text = sitting.screen_text()
        assert all(vote.rule in text for candidate in route.candidates for vote in candidate.votes)
        assert "when it has ended" not in text


async def test_a_terminal_that_is_too_small_waits_until_it_is_larger(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        sitting.app.conversation.composer.put("half a thou")

        await sitting.pilot.resize_terminal(36, 10)
        await sitting.until(lambda: is_seen(sitting, "TooSmall"))
        assert "40×12 needed" in sitting.screen_text()
        await sitting.press("g", "h", "t")
        await sitting.pilot.resize_terminal(80, 24)
        await sitting.until(lambda: not is_seen(sitting, "TooSmall"))

        assert sitting.written == "half a thought"


async def test_what_is_too_small_says_need_and_size_on_a_line_each(sit_down: SitDown) -> None:
    async with sit_down(size=(20, 5)) as sitting:
        await sitting.until(lambda: is_seen(sitting, "TooSmall"))
        await sitting.pilot.pause()

        assert [row.strip() for row in sitting.screen_text().splitlines() if row.strip()] == [
            "40×12 needed",
            "20×5 here",
        ]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_ways_to_a_model_are_whole_at_every_size(sit_down: SitDown, size: tuple[int, int]) -> None:
    async with sit_down(size=size, startup=Startup()) as sitting:
        sitting.app.conversation.welcome.show((), is_simulated=False)
        await sitting.pilot.pause()
        text = " ".join(sitting.screen_text().split())

        assert all(words in text for words in ("one of these is enough:", "start hawkmoth again", "then just send"))
        assert "with simulated models" in text


@pytest.mark.parametrize("size", [(40, 12), (40, 18)])
async def test_on_small_screens_every_way_to_a_model_is_named_with_its_key(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size=size, startup=Startup()) as sitting:
        sitting.app.conversation.welcome.show((), is_simulated=False)
        await sitting.pilot.pause()

        text = sitting.screen_text()
        assert all(words in text for words in ("export TOGETHER_API_KEY", "ollama serve", "hawkmoth demo"))
        assert all(key in text for key in ("Ctrl+X k", "F2", "Ctrl+X h"))


@pytest.mark.parametrize("size", [(40, 12), (60, 14), (80, 24)])
async def test_the_first_screen_of_the_demo_says_that_it_is_one_and_names_the_keys(
    sit_down: SitDown, size: tuple[int, int]
) -> None:
    async with sit_down(size=size) as sitting:
        await sitting.pilot.pause()
        text = sitting.screen_text()

        assert "imulated" in text
        assert all(key in text for key in ("Enter", "F4", "F1"))


async def test_on_a_very_wide_screen_the_panes_get_more_room_and_prose_keeps_its_measure(sit_down: SitDown) -> None:
    async with sit_down(size=(200, 60)) as sitting:
        await sitting.ask("hello tokens=400 rate=0")
        side = sitting.app.conversation.query_one("#side").region
        rows = [row[: side.x].rstrip() for row in sitting.screen_text().splitlines()]

        assert side.width == 56
        assert 60 < max(len(row) for row in rows[:40]) <= 102


@pytest.mark.parametrize("key", ["f1", "f2", "f3", "f4", "f5", "f8"])
async def test_on_the_smallest_screen_what_opens_takes_all_of_it(sit_down: SitDown, key: str) -> None:
    async with sit_down(size=(40, 12)) as sitting:
        await sitting.ask("hello tokens=20 rate=0")
        await sitting.press(key)
        await sitting.until(lambda: sitting.app.screen is not sitting.app.conversation)

        def is_wide() -> bool:
            return any(row.startswith("╭") and row.endswith("╮") for row in sitting.screen_text().splitlines())

        await sitting.until(is_wide)


async def test_the_first_screen_is_whole_on_a_small_terminal_and_names_the_keys_in_force(sit_down: SitDown) -> None:
    async with sit_down(size=(50, 14), config='[keys]\n"help.show" = "f9"\n"route.why" = "f7"') as sitting:
        await sitting.pilot.pause()
        welcome = sitting.app.conversation.welcome
        text = " ".join(line.plain for line in welcome.lines(36))

        assert "…" not in text
        assert "F9" in text
        assert "F7" in text
        assert "F1" not in text
        assert "F7" in sitting.screen_text().splitlines()[-4]


async def test_the_panes_follow_a_resize(sit_down: SitDown) -> None:
    async with sit_down(size=(120, 40)) as sitting:
        await sitting.pilot.resize_terminal(99, 30)
        await sitting.until(lambda: is_seen(sitting, "FoldedPanes"))
        assert not is_seen(sitting, "#side")

        await sitting.pilot.resize_terminal(100, 30)
        await sitting.until(lambda: is_seen(sitting, "#side"))
        assert not is_seen(sitting, "FoldedPanes")


@pytest.mark.parametrize("theme", ["hawkmoth", "paper"])
@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)])
async def test_every_theme_shows_a_conversation_at_every_size(
    sit_down: SitDown, theme: str, size: tuple[int, int]
) -> None:
    async with sit_down(size=size, config=f'[ui]\ntheme = "{theme}"') as sitting:
        await sitting.ask("hello tokens=20 rate=0")

        assert sitting.app.theme == theme
        assert "Simulated" in sitting.screen_text()
        assert all(len(row) <= size[0] for row in sitting.screen_text().splitlines())


async def test_a_theme_that_does_not_exist_is_told_and_replaced(sit_down: SitDown) -> None:
    async with sit_down(config='[ui]\ntheme = "moon"') as sitting:
        assert sitting.app.theme == "hawkmoth"
        assert "no theme is called moon" in sitting.notices


async def test_a_command_changes_the_theme_at_once(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/theme paper")
        await sitting.until(lambda: sitting.app.theme == "paper")

        assert sitting.written == ""


async def test_a_routing_pane_without_room_says_where_the_rest_is(sit_down: SitDown) -> None:
    async with sit_down(size=(120, 20)) as sitting:
        await sitting.ask("fail refuse")

        await sitting.until(lambda: "F4 shows the rest" in sitting.screen_text())
