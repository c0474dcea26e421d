"""Themes, the palette, keys for this run, forks, edits and exports, from the keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeAlias

from hawkmoth_tui.commands.registry import all_commands
from hawkmoth_tui.core.turn import TurnKind
from hawkmoth_tui.ui.choosing import palette_entries
from hawkmoth_tui.ui.screens.help import help_lines
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.screens.themes import ThemePicker
from hawkmoth_tui.ui.startup import Startup
from tests.ui.conftest import Sitting

SitDown: TypeAlias = Callable[..., AbstractAsyncContextManager[Sitting]]


async def test_a_theme_is_seen_while_it_is_chosen_and_esc_brings_the_old_one_back(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/theme")
        await sitting.until(lambda: isinstance(sitting.app.screen, ThemePicker))

        await sitting.press("down")
        await sitting.until(lambda: sitting.app.theme == "high-contrast")
        await sitting.press("escape")

        await sitting.until(lambda: sitting.app.theme == "hawkmoth")


async def test_enter_keeps_a_theme_and_says_how_to_keep_it_for_good(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/theme")
        await sitting.until(lambda: isinstance(sitting.app.screen, ThemePicker))

        await sitting.press("p", "a", "p", "enter")
        await sitting.until(lambda: not isinstance(sitting.app.screen, ThemePicker))

        assert sitting.app.theme == "paper"
        assert 'theme = "paper"' in sitting.notices


async def test_a_theme_of_the_user_that_was_edited_is_shown_when_it_is_chosen_again(
    sit_down: SitDown, home: Path
) -> None:
    mine = home / "themes" / "mine.toml"
    mine.parent.mkdir(parents=True)
    shipped = (Path(__file__).parents[2] / "themes" / "hawkmoth.toml").read_text()
    mine.write_text(shipped)
    async with sit_down() as sitting:
        await sitting.send("/theme mine")
        await sitting.until(lambda: sitting.app.theme == "mine")

        mine.write_text(shipped.replace("#242832", "#403020"))
        await sitting.send("/theme mine")

        await sitting.until(lambda: sitting.app.conversation.status.styles.background.hex == "#403020")


async def test_the_first_theme_of_the_users_own_is_found_while_the_workstation_runs(
    sit_down: SitDown, home: Path
) -> None:
    shipped = (Path(__file__).parents[2] / "themes" / "hawkmoth.toml").read_text(encoding="utf-8")
    async with sit_down() as sitting:
        (home / "themes").mkdir()
        (home / "themes" / "mine.toml").write_text(shipped, encoding="utf-8")
        await sitting.send("/theme mine")
        await sitting.until(lambda: sitting.app.theme == "mine")


async def test_a_broken_theme_of_the_user_says_where_and_changes_nothing(sit_down: SitDown, home: Path) -> None:
    (home / "themes").mkdir(parents=True)
    (home / "themes" / "mine.toml").write_text("[colours]\nprimery = '#ffffff'\n")
    async with sit_down() as sitting:
        await sitting.send("/theme")
        await sitting.until(lambda: isinstance(sitting.app.screen, ThemePicker))

        await sitting.press("m", "i", "n", "e")
        await sitting.until(lambda: "line 2" in sitting.screen_text())

        assert sitting.app.theme == "hawkmoth"


async def test_the_palette_runs_what_is_found(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("f8")
        await sitting.until(lambda: isinstance(sitting.app.screen, PickScreen))

        await sitting.press(*"rename")
        await sitting.press("enter")

        await sitting.until(lambda: sitting.written == "/rename ")


def test_the_palette_has_every_command_once() -> None:
    entries = palette_entries(all_commands(), {})

    assert {f"/{command.name}" for command in all_commands()} <= set(entries)
    assert len({entry.does for entry in entries.values()}) == len(entries)


async def test_an_edited_prompt_becomes_a_sibling(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("one")
        first = await sitting.ask("two")
        await sitting.send("/edit")
        await sitting.until(lambda: sitting.written == "two")

        await sitting.send("three")
        await sitting.until(lambda: sitting.turns[-1].prompt.text == "three" and not sitting.turns[-1].state.is_live)

        assert sitting.turns[-1].kind is TurnKind.EDIT
        assert sitting.turns[-1].parent_id == first.parent_id


async def test_an_edit_that_was_cleared_is_forgotten(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("one")
        await sitting.send("/edit")
        await sitting.until(lambda: sitting.written == "one")

        await sitting.press("ctrl+c")
        await sitting.pilot.pause()
        turn = await sitting.ask("other")

        assert turn.kind is TurnKind.PROMPT


async def test_a_fork_is_opened_and_the_old_session_stays(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("one")
        assert sitting.desk.session is not None
        before = sitting.desk.session.id

        await sitting.send("/fork elsewhere")
        await sitting.until(lambda: sitting.desk.session and sitting.desk.session.id != before)

        assert sitting.desk.session.title == "elsewhere"
        assert [turn.prompt.text for turn in sitting.turns] == ["one"]


async def test_an_export_is_the_users_alone_and_overwrites_nothing(sit_down: SitDown, tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    async with sit_down() as sitting:
        await sitting.ask("one")

        await sitting.send(f"/export {file}")
        await sitting.until(file.exists)
        await sitting.until(lambda: "1 turn written" in sitting.notices)
        await sitting.send(f"/export {file}")
        await sitting.until(lambda: "exists already" in sitting.notices)

    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["turns"][0]["prompt"] == "one"


async def test_without_a_provider_the_first_screen_names_a_key_for_each_way(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup(), size=(80, 24)) as sitting:
        sitting.app.conversation.welcome.show((), is_simulated=False)
        await sitting.until(lambda: "Ctrl+X k" in sitting.screen_text())

        assert "Ctrl+X h" in sitting.screen_text()
        await sitting.press("ctrl+x", "k")
        await sitting.until(lambda: "A key for" in sitting.screen_text())


async def test_the_demo_takes_the_place_of_the_workstation(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup()) as sitting:
        await sitting.press("ctrl+x", "h")
        await sitting.until(lambda: not sitting.app.is_running)

        assert sitting.app.wants_demo


def test_the_help_begins_with_the_place_where_the_user_is() -> None:
    assert help_lines(all_commands(), {}, 80)[0].plain == "Writing"
    assert help_lines(all_commands(), {}, 80, is_reading=True)[0].plain == "Reading the conversation"
