"""Keys: the leader, the pickers, remapping, and the page that lists them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.commands.registry import all_commands
from hawkmoth_tui.ui.keys import GROUPS, key_name, problems, shown
from hawkmoth_tui.ui.screens.help import help_lines
from hawkmoth_tui.ui.screens.leader import LeaderScreen
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.screens.sheet import PaneScreen, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]


def test_every_id_names_one_key() -> None:
    ids = [key.id for group in GROUPS for key in group]

    assert len(ids) == len(set(ids))


def test_the_defaults_do_not_clash() -> None:
    assert problems({}) == ()


def test_a_clash_and_an_unknown_name_are_told() -> None:
    found = problems({"model.pick": "f1", "modle.pick": "f9"})

    assert any("F1 is wanted by both help.show and model.pick" in line for line in found)
    assert any("nothing is called modle.pick; did you mean model.pick?" in line for line in found)


def test_a_name_that_is_no_key_is_told() -> None:
    found = problems({"help.show": "f99,nonsense+key", "model.pick": "alt+m,f9,slash,ctrl+@"})

    assert [line.split(" is no key")[0] for line in found] == [
        "[keys] help.show: f99",
        "[keys] help.show: nonsense+key",
    ]


def test_a_key_that_two_actions_want_is_shown_at_the_one_that_has_it() -> None:
    text = "\n".join(line.plain for line in help_lines(all_commands(), {"model.pick": "f3"}, 80))

    assert key_name("model.pick", {"model.pick": "f3"}) == "F3"
    assert key_name("session.pick", {"model.pick": "f3"}) == ""
    assert text.count("F3") == 1


def test_a_key_after_the_leader_is_named_with_the_leader_in_force() -> None:
    assert key_name("turn.retry", {}) == "Ctrl+X r"
    assert key_name("turn.retry", {"leader": "ctrl+b", "turn.retry": "y"}) == "Ctrl+B y"


async def test_the_leader_says_which_key_it_is(sit_down: SitDown) -> None:
    async with sit_down(config='[keys]\nleader = "ctrl+b"') as sitting:
        await sitting.press("ctrl+b")
        await sitting.until(lambda: "n new" in sitting.screen_text())

        assert "Ctrl+B n new" in sitting.screen_text()


async def test_the_key_that_opened_the_help_closes_it_and_another_changes_over(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("f1")
        await sitting.until(lambda: "scroll" in sitting.screen_text())
        await sitting.press("f1")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)

        await sitting.press("f1")
        await sitting.until(lambda: isinstance(sitting.app.screen, Sheet))
        await sitting.press("f4")
        await sitting.until(lambda: isinstance(sitting.app.screen, PaneScreen))


@pytest.mark.parametrize(
    ("name", "words"), [("ctrl+x", "Ctrl+X"), ("f2", "F2"), ("escape", "Esc"), ("alt+enter", "Alt+Enter"), ("n", "n")]
)
def test_keys_are_written_as_people_write_them(name: str, words: str) -> None:
    assert shown(name) == words


def test_the_help_page_lists_every_command_and_the_keys_in_force() -> None:
    text = "\n".join(line.plain for line in help_lines(all_commands(), {"model.pick": "f9"}, 80))

    assert all(f"/{command.name}" in text for command in all_commands())
    assert "F9" in text
    assert "F2" not in text


@pytest.mark.parametrize("width", [33, 60, 96])
def test_the_help_page_is_whole_at_every_width(width: int) -> None:
    lines = help_lines(all_commands(), {}, width)

    assert all(line.cell_length <= width for line in lines)
    assert not any("…" in line.plain.replace("1…9", "") for line in lines)


async def test_f1_opens_help_and_esc_closes_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("f1")
        await sitting.until(lambda: "keys and commands" in sitting.screen_text())
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)


async def test_a_remapped_key_moves_and_the_old_one_is_free(sit_down: SitDown) -> None:
    async with sit_down(config='[keys]\n"model.pick" = "f9"') as sitting:
        await sitting.press("f2")
        await sitting.pilot.pause()
        assert not isinstance(sitting.app.screen, PickScreen)

        await sitting.press("f9")
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))

        assert "F9 model" in sitting.status()


async def test_a_clash_is_reported_on_the_screen(sit_down: SitDown) -> None:
    async with sit_down(config='[keys]\n"model.pick" = "f1"') as sitting:
        assert "wanted by both" in sitting.notices


async def test_the_leader_shows_what_may_follow_and_any_other_key_leaves_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("ctrl+x")
        await sitting.until(lambda: isinstance(sitting.app.screen, LeaderScreen))
        await sitting.until(lambda: "n new" in sitting.screen_text())

        await sitting.press("z")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)

        assert sitting.written == ""


async def test_the_leader_takes_a_model_slot(sit_down: SitDown) -> None:
    async with sit_down(config='[routing]\nslots = ["demo/deep"]') as sitting:
        await sitting.press("ctrl+x", "2")
        await sitting.until(lambda: "slot 2 is empty" in sitting.notices)


async def test_a_picked_model_takes_the_next_prompt(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("f2")
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))
        await sitting.pilot.pause()
        await sitting.press(*"deep", "enter")
        await sitting.until(lambda: "pinned" in sitting.status())

        turn = await sitting.ask("hello tokens=5 rate=0")

        assert str(turn.model) == "demo/deep"
        assert "pinned by you" in sitting.routing()


async def test_a_picked_session_is_shown(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("about moths tokens=5 rate=0")
        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: sitting.desk.session is None)
        await sitting.ask("about hawks tokens=5 rate=0")

        await sitting.press("f3")
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))
        await sitting.pilot.pause()
        await sitting.press(*"moths", "enter")
        await sitting.until(lambda: sitting.desk.is_here(first.session_id))

        assert [turn.id for turn in sitting.turns] == [first.id]


@pytest.mark.parametrize(
    ("opening", "told"),
    [
        (("f2",), "take the model for the next turn only"),
        (("f3",), "change its title"),
        (("f4",), "change over; its own key closes this one"),
        (("f5",), "the turns behind it; Enter there opens one in its session"),
        (("f8",), "narrow the list"),
        (("ctrl+x",), "Ctrl+X n"),
        (("ctrl+x", "l"), "narrow the list"),
        (("ctrl+x", "k"), "narrow the list"),
    ],
)
async def test_f1_tells_the_keys_of_the_place_and_esc_closes_only_that(
    sit_down: SitDown, opening: tuple[str, ...], told: str
) -> None:
    async with sit_down() as sitting:
        await sitting.press(*opening)
        await sitting.until(lambda: len(sitting.app.screen_stack) == 2 and sitting.app.screen.is_active)
        place = sitting.app.screen
        await sitting.pilot.pause()

        await sitting.press("f1")
        await sitting.until(lambda: "Keys here" in sitting.screen_text() and told in sitting.screen_text())
        await sitting.press("escape")

        await sitting.until(lambda: sitting.app.screen is place)


async def test_a_remapped_key_of_the_list_closes_it(sit_down: SitDown) -> None:
    async with sit_down(config='[keys]\n"palette.show" = "f9"\n"help.show" = "f12"') as sitting:
        await sitting.press("f9")
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))
        await sitting.until(lambda: "F12 help" in sitting.screen_text())
        await sitting.press("f12")
        await sitting.until(lambda: "Keys here" in sitting.screen_text())
        await sitting.press("f12")
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))

        await sitting.press("f9")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)


async def test_what_the_screen_says_of_keys_follows_the_remapping(sit_down: SitDown) -> None:
    config = '[keys]\nleader = "ctrl+b"\n"turn.continue" = "g"\n"route.why" = "f7"'
    async with sit_down(config=config) as sitting:
        await sitting.begin("tokens=4000 rate=50")
        await sitting.press("escape")
        await sitting.until(lambda: "stopped · Ctrl+B r retry · Ctrl+B g continue" in sitting.screen_text())

        assert "F7 shows every vote" in sitting.routing()
        assert "Ctrl+X" not in sitting.screen_text()
        assert "F4" not in sitting.screen_text()
