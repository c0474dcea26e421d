"""The preview of a prompt's route while it is being written, and the key that takes the other model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.engine.foretaste import Foretaste, Prospect
from hawkmoth_tui.ui.widgets.preview import Preview, preview_text
from hawkmoth_tui.ui.widgets.status import Activity, Status, status_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

HAIKU, OPUS = Prospect(ModelRef("lab", "haiku"), 400_000_000), Prospect(ModelRef("far", "org/opus"), 6_000_000_000)
TOLD = Foretaste(HAIKU, OPUS, 0.92, True, "translation", "best value, wins 92 % at translation")
TRANSLATE = "Translate moth to French"


@pytest.mark.parametrize(
    ("width", "says"),
    [
        (80, "→ haiku · ~$0.0004 · 92 % · translation; Tab for opus ~$0.006"),
        (55, "→ haiku · ~$0.0004 · 92 %; Tab for opus ~$0.006"),
        (40, "→ haiku · ~$0.0004 · 92 %; Tab for opus"),
        (30, "→ haiku · ~$0.0004 · 92 %"),
        (20, "→ haiku · ~$0.0004"),
        (10, "→ haiku"),
    ],
)
def test_what_does_not_fit_is_left_out_the_task_first(width: int, says: str) -> None:
    assert preview_text(Preview(TOLD, "Tab"), width).plain == says


def test_a_rating_alone_is_marked_and_nobody_is_said_with_the_reason() -> None:
    alone = Foretaste(HAIKU, None, 0.75, False, "coding", "")
    nobody = Foretaste(None, None, None, False, "coding", "all 3 models are vetoed")

    assert preview_text(Preview(alone, "Tab"), 80).plain == "→ haiku · ~$0.0004 · ~75 % · coding"
    assert preview_text(Preview(nobody, "Tab"), 80).plain == "✗ no model may take this · all 3 models are vetoed"


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_the_status_line_keeps_its_width_and_says_that_all_is_simulated(width: int) -> None:
    status = Status(Activity.READY, "a title", preview=Preview(TOLD, "Tab"), is_simulated=True, hints=(("F1", "help"),))

    line = status_line(status, width)

    assert line.cell_length <= width
    assert "SIMULATED" in line.plain
    assert ("→ haiku" in line.plain) is (width >= 20)
    assert "F1" not in line.plain


async def written(sitting: Sitting, text: str) -> None:
    """Write a prompt once the records are loaded, and wait for its preview."""
    await sitting.until(lambda: sitting.app.desk is not None and sitting.desk.workstation.learning.is_loaded)
    await sitting.press(*text)
    await sitting.until(lambda: "→ " in sitting.status())


async def test_the_preview_comes_in_a_pause_moves_nothing_and_goes_with_the_text(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.until(lambda: sitting.app.desk is not None)
        place = sitting.app.conversation.composer.region

        await written(sitting, TRANSLATE)

        assert "→ steady · ~$0.000" in sitting.status()
        assert "~75 % · translation; Tab for deep ~$0.00" in sitting.status()
        assert sitting.app.conversation.composer.region == place
        await sitting.press("ctrl+c")
        await sitting.until(lambda: "→ " not in sitting.status())
        await sitting.press(*"/cost")
        await sitting.until(lambda: sitting.written == "/cost")
        sitting.app.previewing.look()
        assert "→ " not in sitting.status()


async def test_tab_takes_the_other_model_for_this_turn_and_no_longer(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await written(sitting, f"{TRANSLATE} rate=0 tokens=5")
        await sitting.press("tab")
        await sitting.until(lambda: "→ deep" in sitting.status())
        assert "Tab for steady" in sitting.status()
        assert sitting.app.focused is sitting.app.conversation.composer

        await sitting.press("enter")
        await sitting.until(lambda: sitting.turns and not sitting.turns[-1].state.is_live)
        await written(sitting, TRANSLATE)

        assert str(sitting.turns[-1].model) == "demo/deep"
        assert "→ steady" in sitting.status()


async def test_tab_again_takes_it_back_and_so_does_an_emptied_text(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await written(sitting, TRANSLATE)
        await sitting.press("tab", "tab")
        await sitting.until(lambda: "→ steady" in sitting.status())
        assert sitting.desk.once is None

        await sitting.press("tab")
        await sitting.until(lambda: "→ deep" in sitting.status())
        await sitting.press("ctrl+c")
        await sitting.until(lambda: "→ " not in sitting.status())

        assert sitting.desk.once is None


async def test_tab_completes_while_a_list_is_open(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await written(sitting, TRANSLATE)
        await sitting.press("ctrl+c", *"/poli", "tab")
        await sitting.until(lambda: sitting.written.startswith("/policy"))

        assert sitting.desk.once is None
