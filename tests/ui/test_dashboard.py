"""F5: every figure on it is the ledger's, every bar leads to its turns, and all of it works from the keyboard."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeAlias

from hawkmoth_tui.core.money import money_text, sum_text
from hawkmoth_tui.engine.chronicle import Span
from hawkmoth_tui.ui.dashboard.behind import TurnsBehind
from hawkmoth_tui.ui.dashboard.figures import PAGES, Page
from hawkmoth_tui.ui.dashboard.screen import Dashboard
from hawkmoth_tui.ui.startup import Startup
from tests.pictures.world import furnished
from tests.ui.conftest import Sitting

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SitDown: TypeAlias = Callable[..., AbstractAsyncContextManager[Sitting]]
CONTINUED = Startup(is_demo=True, is_continue=True)
BUDGET = '[budget]\nday_usd = "0.01"\n[budget.providers.demo]\nmonth_usd = "5"\n'


async def opened(sitting: Sitting, page: Page = Page.NOW, span: Span = Span.EVER) -> Dashboard:
    """The dashboard over the conversation, its figures read."""
    app = sitting.app
    await sitting.until(lambda: sitting.turns)
    await sitting.press("f5")
    await sitting.until(lambda: isinstance(app.screen, Dashboard))
    board = app.screen
    assert isinstance(board, Dashboard)
    await sitting.press("a" if span is Span.EVER else "d", str(PAGES.index(page) + 1))
    await sitting.until(lambda: board.figures and (board.figures.page, board.figures.span) == (page, span))
    await sitting.pilot.pause()
    return board


async def turn_to(sitting: Sitting, board: Dashboard, page: Page) -> None:
    await sitting.press(str(PAGES.index(page) + 1))
    await sitting.until(lambda: board.figures and board.figures.page is page)
    await sitting.pilot.pause()


def files(folder: Path, ending: str) -> list[str]:
    """The texts of the files that end so, in the order of their names."""
    return [file.read_text() for file in sorted(folder.glob(f"*{ending}"))]


async def test_every_page_shows_the_numbers_of_the_ledger(sit_down: SitDown, home: Path) -> None:
    await furnished(home)
    async with sit_down(size=(80, 24), config=BUDGET, startup=CONTINUED) as sitting:
        board = await opened(sitting)
        costs = sitting.desk.workstation.costs
        total = costs.totals("month")
        for page in PAGES:
            await turn_to(sitting, board, page)
            shown = sitting.screen_text()
            assert f"ever · {money_text(total.total_pico)} · " in shown
            if page.by is not None and page is not Page.SPEED:
                groups = costs.totals(page.by).groups
                assert len(board.list.rows) == len(groups)
                for group in groups:
                    assert sum_text(group.cost_pico, group.unknown_turns) in shown
        await sitting.press("1")
        await sitting.until(lambda: "demo month" in sitting.screen_text())
        limit = {name: used for name, used, _ in costs.summary(None).limits}["demo month"]
        assert f"{money_text(limit)} of $5.00" in sitting.screen_text()


async def test_a_bar_leads_to_its_turns_and_a_turn_to_its_session(sit_down: SitDown, home: Path) -> None:
    await furnished(home)
    async with sit_down(size=(80, 24), startup=CONTINUED) as sitting:
        app = sitting.app
        board = await opened(sitting, Page.SESSIONS)
        titles = [group.label for group in board.figures.totals.groups] if board.figures else []
        place = next(place for place, title in enumerate(titles) if title.startswith("Why do hawk"))
        await sitting.press(*["down"] * place, "enter")
        await sitting.until(lambda: isinstance(app.screen, TurnsBehind))
        assert "Turns of Why do hawk" in sitting.screen_text()
        await sitting.press("enter")
        await sitting.until(lambda: app.screen is app.conversation and app.conversation.reading.is_on)
        marked = app.conversation.marked_turn

        assert sitting.desk.session is not None
        assert sitting.desk.session.title.startswith("Why do hawk")
        assert marked is not None
        assert marked.prompt.text.startswith("Why do hawkmoths hover?")


async def test_a_page_is_saved_for_spreadsheets_and_programs(
    sit_down: SitDown, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnished(home)
    monkeypatch.chdir(tmp_path)
    async with sit_down(size=(80, 24), startup=CONTINUED) as sitting:
        board = await opened(sitting, Page.MODELS)
        for _ in range(2):
            await sitting.press("e")
            await sitting.until(lambda: "saved hawkmoth-models-ever-" in sitting.screen_text())
            await sitting.press("up")
        totals = sitting.desk.workstation.costs.totals("model")
        await turn_to(sitting, board, Page.SPEED)
        await sitting.press("e")
        await sitting.until(lambda: "saved hawkmoth-speed-ever-" in sitting.screen_text())

    sheets, documents = files(tmp_path, "-models-*.csv"), files(tmp_path, "-models-*.json")
    assert (len(sheets), len(documents)) == (2, 2)
    rows = list(csv.DictReader(sheets[0].splitlines()))
    assert [row["key"] for row in rows] == [group.key for group in totals.groups]
    assert [row["cost_usd"] for row in rows] == [group["cost_usd"] for group in json.loads(documents[0])["groups"]]
    (speed,) = files(tmp_path, "-speed-*.csv")
    assert {row["model"] for row in csv.DictReader(speed.splitlines())} == {row["key"] for row in rows}


async def test_nothing_spent_is_said_in_words(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        await sitting.press("f5", "2")
        await sitting.until(
            lambda: "Nothing was asked in the last 30 days, so nothing was spent." in sitting.screen_text()
        )
        await sitting.press("d")
        await sitting.until(lambda: "Nothing was asked today" in sitting.screen_text())
        await sitting.press("f1")
        await sitting.until(lambda: "Keys here" in sitting.screen_text())
        await sitting.press("escape", "f5")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)


async def test_what_ends_meanwhile_is_in_the_figures(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        await sitting.begin("what do moths say? fail stall")
        await sitting.press("f5", "3")
        await sitting.until(lambda: "nothing was spent" in sitting.screen_text())
        sitting.app.sending.stop()
        await sitting.until(lambda: "30 days" in sitting.screen_text() and " · 1 turn" in sitting.screen_text())
        (model,) = sitting.turns[-1].attempts
        await sitting.until(lambda: str(model.model) in sitting.screen_text())
