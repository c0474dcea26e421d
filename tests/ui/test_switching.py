"""Changing the model: the picker, one turn or for good, slots, recent ones, effort, and what the screen says about it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.summaries import ModelUse
from hawkmoth_tui.engine.models import Models
from hawkmoth_tui.engine.outlook import Gauge, Reread
from hawkmoth_tui.secrets.finding import KeyFinding
from hawkmoth_tui.settings.schema import ModelSettings, Protocol, ProviderSettings, Settings
from hawkmoth_tui.ui.screens.models import ModelPicker
from hawkmoth_tui.ui.shelf import Shelf
from hawkmoth_tui.ui.widgets.status import gauge_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

NOW_S = 1_700_000_000.0
SLOTS = '[routing]\nslots = ["demo/deep", "demo/swift"]'


def shelf(models: int) -> Shelf:
    """So many models, none with a price, the first used three times."""
    listed = tuple(ModelSettings(f"family-{n % 40}/model-{n}-instruct") for n in range(models))
    settings = Settings(providers={"lab": ProviderSettings("lab", Protocol.OPENAI_CHAT, "http://x", models=listed)})
    known = Models(settings, {}, lambda *_: KeyFinding(is_needed=False), lambda: 0.0)
    uses = (ModelUse(ModelRef("lab", "family-0/model-0-instruct"), 3, int(NOW_S * 1000), 81.6),)
    return Shelf(known, uses, pinned=None, once=None, reread=lambda _: None, now_s=NOW_S)


async def test_models_that_can_be_used_stand_before_names_that_fit_better(sit_down: SitDown) -> None:
    locked = ProviderSettings("moth", Protocol.OPENAI_CHAT, "http://x", models=(ModelSettings("qwen-best"),))
    open_to_all = ProviderSettings("lab", Protocol.OPENAI_CHAT, "http://y", models=(ModelSettings("some/long-qwen"),))
    settings = Settings(providers={"moth": locked, "lab": open_to_all})
    models = Models(
        settings, {}, lambda spec, *_: KeyFinding(problem="no key", is_needed=spec.name == "moth"), lambda: 0.0
    )
    await models.access.look_for_keys()
    listed = Shelf(models, (), pinned=None, once=None, reread=lambda _: None, now_s=NOW_S)

    async with sit_down() as sitting:
        picker = ModelPicker(listed, "auto")
        await sitting.app.push_screen(picker)
        await sitting.press(*"qwen")

        assert [row.key for row in picker.list.rows][:2] == ["lab/some/long-qwen", "moth/qwen-best"]


async def open_picker(sitting: Sitting) -> ModelPicker:
    await sitting.press("f2")
    await sitting.until(lambda: isinstance(sitting.app.screen, ModelPicker))
    await sitting.pilot.pause()
    screen = sitting.app.screen
    assert isinstance(screen, ModelPicker)
    return screen


async def status_says(sitting: Sitting, words: str) -> None:
    await sitting.until(lambda: words in sitting.status())


async def test_enter_pins_and_the_status_line_says_so(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await open_picker(sitting)
        await sitting.press(*"dep", "enter")
        await status_says(sitting, "pinned: demo/deep")

        first = await sitting.ask("hello tokens=5 rate=0")
        second = await sitting.ask("again tokens=5 rate=0")

        assert {str(first.model), str(second.model)} == {"demo/deep"}


async def test_tab_takes_a_model_for_one_turn_only(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/model demo/swift")
        await status_says(sitting, "pinned: demo/swift")
        await open_picker(sitting)
        await sitting.press(*"deep", "tab")
        await status_says(sitting, "one turn: demo/deep")

        first = await sitting.ask("hello tokens=5 rate=0")
        await status_says(sitting, "pinned: demo/swift")
        second = await sitting.ask("again tokens=5 rate=0")

        assert str(first.model) == "demo/deep"
        assert str(second.model) == "demo/swift"


async def test_what_was_taken_for_one_turn_can_be_taken_back(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/once demo/deep")
        await status_says(sitting, "one turn: demo/deep")

        await sitting.send("/once off")

        await status_says(sitting, "auto")


async def test_what_was_taken_for_one_turn_outlives_other_choices(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/once demo/deep")
        await status_says(sitting, "one turn: demo/deep")

        await sitting.press("ctrl+x", "e")
        await status_says(sitting, "effort low")

        assert "one turn: demo/deep" in sitting.status()


async def test_a_queued_prompt_of_a_session_in_the_background_takes_the_model_set_for_one_turn(
    sit_down: SitDown, held: Held
) -> None:
    async with sit_down() as sitting:
        await sitting.send("/model demo/swift")
        await status_says(sitting, "pinned: demo/swift")
        await sitting.begin("tokens=60 rate=0")
        assert sitting.desk.session is not None
        here = sitting.desk.session.id
        await sitting.send("/once demo/deep")
        await status_says(sitting, "one turn: demo/deep")
        await sitting.send("then this tokens=5 rate=0")
        await sitting.until(lambda: sitting.app.writing.trays.waiting(here))
        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: sitting.desk.session is None)

        held.let_go()
        await sitting.until(lambda: len(sitting.desk.workstation.sessions.branch(here)) == 2)
        await sitting.until(lambda: not sitting.app.bridge.is_running(here))

        models = [str(turn.model) for turn in sitting.desk.workstation.sessions.branch(here)]
        assert models == ["demo/swift", "demo/deep"]


async def test_a_continued_answer_is_not_said_to_be_pinned(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin("tokens=4000 rate=50")
        await sitting.press("escape")
        await sitting.until(lambda: not sitting.turns[-1].state.is_live)

        await sitting.press("ctrl+x", "c")
        await sitting.until(lambda: len(sitting.turns) == 2 and sitting.turns[-1].route)

        assert "goes on with its own answer" in sitting.routing()
        assert "pinned by you" not in sitting.routing()
        assert "the pin" not in sitting.routing()


async def test_alt_and_a_digit_takes_a_slot(sit_down: SitDown) -> None:
    async with sit_down(config=SLOTS) as sitting:
        await sitting.press("alt+2")
        await status_says(sitting, "pinned: demo/swift")

        await sitting.press("alt+1")
        await status_says(sitting, "pinned: demo/deep")

        assert sitting.written == ""


async def test_the_list_tells_the_slot_of_a_model(sit_down: SitDown) -> None:
    async with sit_down(config=SLOTS) as sitting:
        await open_picker(sitting)
        await sitting.press(*"swift")

        await sitting.until(lambda: "slot 2 · ok" in sitting.screen_text())


async def test_the_recent_models_go_round_and_end_with_auto(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        for name in ("swift", "deep"):
            await sitting.send(f"/once demo/{name}")
            await status_says(sitting, f"one turn: demo/{name}")
            await sitting.ask("hello tokens=5 rate=0")

        for expected in ("pinned: demo/deep", "pinned: demo/swift", "auto", "pinned: demo/deep"):
            await sitting.press("ctrl+x", "m")
            await status_says(sitting, expected)


async def test_the_effort_goes_round_by_key_and_is_set_by_name(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        for level in ("low", "medium", "high"):
            await sitting.press("ctrl+x", "e")
            await status_says(sitting, f"effort {level}")
        await sitting.press("ctrl+x", "e")
        await sitting.until(lambda: "effort" not in sitting.status())

        await sitting.send("/effort medium")
        await status_says(sitting, "effort medium")
        await sitting.send("/effort extreme")
        await sitting.until(lambda: "there is no effort extreme" in sitting.notices)


async def test_a_switch_says_what_must_be_read_again(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/once demo/swift")
        await status_says(sitting, "one turn")
        await sitting.ask("word " * 2_000 + "tokens=5 rate=0")

        await open_picker(sitting)
        await sitting.press(*"deep")
        await sitting.until(lambda: "a change re-reads ~" in sitting.screen_text())
        await sitting.press("enter")
        await sitting.until(lambda: "tokens uncached: ~$0." in sitting.notices)


async def test_the_gauge_shows_the_window_of_the_next_model_and_warns_once(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/model demo/swift")
        await status_says(sitting, "pinned")
        await sitting.ask("hello tokens=5 rate=0")
        assert "/33k" in sitting.status()

        await sitting.ask("word " * 21_000 + "tokens=5 rate=0")
        await sitting.until(lambda: "full:" in sitting.notices)

        assert " !" in sitting.status()
        await sitting.ask("more tokens=5 rate=0")
        assert "full:" not in sitting.notices


def test_fullness_is_marked_without_colour_too() -> None:
    def shown(used: int, *, is_estimate: bool = False) -> str:
        return gauge_text(Gauge(ModelRef("lab", "m"), used, 100_000, is_estimate)).plain

    assert shown(59_000) == "ctx 59k/100k 59%"
    assert shown(61_000, is_estimate=True) == "ctx ~61k/100k 61% !"
    assert shown(80_000).endswith(" !!")
    assert shown(90_000).endswith(" !!!")
    assert gauge_text(Gauge(ModelRef("lab", "m"), 900, None, True)).plain == "ctx ~900/?"


def test_what_is_unknown_is_a_question_mark() -> None:
    row = next(row for row in shelf(2).rows() if "model-1" in row.key)

    assert row.draw(120).plain.count("?") == 4


def test_a_used_model_shows_its_record() -> None:
    rows = shelf(2).rows()

    assert rows[1].key == "lab/family-0/model-0-instruct"
    assert "82" in rows[1].draw(120).plain
    assert rows[1].draw(120).plain.rstrip().endswith("3")


def test_a_narrow_list_drops_columns_and_keeps_the_name() -> None:
    line = shelf(2).rows()[1].draw(60)

    assert line.cell_length <= 60
    assert "model-0-instruct" in line.plain


@pytest.mark.parametrize("width", [36, 70, 71, 72, 73, 90, 107, 116])
def test_as_many_values_stand_in_a_row_as_names_over_it(width: int) -> None:
    models = shelf(2)
    row = next(row for row in models.rows() if "model-1" in row.key)

    names = models.head(width).plain.replace("last used", "last").split()
    values = row.draw(width - 2).plain.replace("no key", "none").split()

    assert len(names) == len(values)
    assert len(names) >= 2


def test_an_unknown_price_of_a_switch_is_not_free() -> None:
    assert str(Reread(12_345, None)) == "re-reads ~12k tokens uncached: ?"
    assert str(Reread(12_345, 31_000_000_000)) == "re-reads ~12k tokens uncached: ~$0.031"


async def test_a_key_costs_about_the_same_in_2500_models_as_in_100(sit_down: SitDown) -> None:
    """CPU of whole keys, from the driver to the painted screen; the quicker of two rounds each, as other work disturbs the rest."""
    async with sit_down() as sitting:

        async def cpu_s(models: int) -> float:
            picker = ModelPicker(shelf(models), "auto")
            await sitting.app.push_screen(picker)
            await sitting.press("down")
            began = time.process_time()
            for key in (*"mo 9", "backspace", "down", "pagedown"):
                await sitting.press(key)
                await sitting.until(lambda: not sitting.app.screen._dirty_widgets)
            spent = time.process_time() - began
            await sitting.press("escape")
            await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)
            return spent

        rounds = [(await cpu_s(2_500), await cpu_s(100)) for _ in range(2)]
        many, few = (min(spent) for spent in zip(*rounds, strict=True))

        assert many < 2 * few


async def test_a_long_list_leaves_room_for_what_is_said_below_it(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        await sitting.app.push_screen(ModelPicker(shelf(2_500), "auto"))
        await sitting.until(lambda: "2,500 models" in sitting.screen_text())

        await sitting.press("pagedown", "pagedown", "pagedown")
        await sitting.until(lambda: "its key was not looked for yet" in sitting.screen_text())

        assert "Enter pins" in sitting.screen_text()
        assert "›" in sitting.screen_text()


async def test_the_list_closes_by_its_own_key_and_changes_over_by_that_of_another(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await open_picker(sitting)
        await sitting.press("f2")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)

        await open_picker(sitting)
        await sitting.press("f3")
        await sitting.until(lambda: "Ctrl+T renames" in sitting.screen_text())
        await sitting.press("f3")

        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)


async def test_f1_in_the_list_tells_its_keys_and_esc_goes_back_to_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        picker = await open_picker(sitting)
        await sitting.press(*"deep", "f1")
        await sitting.until(lambda: "take the model for the next turn only" in sitting.screen_text())

        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is picker)

        assert picker.line.value == "deep"


async def test_the_effort_is_changed_without_leaving_the_list(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await open_picker(sitting)
        await sitting.press("ctrl+t", "ctrl+t")
        await sitting.until(lambda: "effort medium" in sitting.screen_text())
        await sitting.press("escape")

        await status_says(sitting, "effort medium")


async def test_prices_that_come_later_move_nothing(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        picker = ModelPicker(shelf(300), "auto")
        await sitting.app.push_screen(picker)
        await sitting.press(*"model-1", *["down"] * 70)
        await sitting.pilot.pause()
        before, shown = picker.list.row, sitting.screen_text()
        assert before is not None

        picker.read_again()
        await sitting.pilot.pause()

        assert picker.list.row is not None
        assert picker.list.row.key == before.key
        assert sitting.screen_text() == shown


async def test_servers_are_asked_again_from_the_list(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await open_picker(sitting)
        await sitting.press("ctrl+r")

        await sitting.until(lambda: "no new model" in sitting.screen_text())


async def test_before_the_first_turn_the_folded_line_names_the_model_that_takes_it(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24)) as sitting:

        def folded() -> str:
            return sitting.app.conversation.panes.folded.lines(70)[0].plain

        assert "demo/" not in folded()
        await sitting.send("/model demo/deep")
        await sitting.until(lambda: "demo/deep takes the next prompt" in folded())
        await sitting.send("/once demo/swift")
        await sitting.until(lambda: "demo/swift takes the next prompt" in folded())
        await sitting.send("/model auto")
        await sitting.until(lambda: "demo/" not in folded())
