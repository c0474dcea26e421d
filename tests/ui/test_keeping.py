"""Turns that are in memory only: the status line says so as long as it is true, and nobody quits without them unasked."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.engine import keeper
from hawkmoth_tui.ui.screens.leaving import LeavingScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

SHORT = "tokens=3 rate=0"


@pytest.fixture(autouse=True)
def retries_come_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "FIRST_RETRY_S", 0.05)
    monkeypatch.setattr(keeper, "LONGEST_RETRY_S", 0.05)


def write(home: Path, *statements: str) -> None:
    with closing(apsw.Connection(str(home / "cache" / "demo.db"))) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def break_store(home: Path) -> None:
    """From now on no turn can be written."""
    write(home, "CREATE TRIGGER broken BEFORE INSERT ON turn BEGIN SELECT RAISE(ABORT, 'broken'); END")


def mend_store(home: Path) -> None:
    write(home, "DROP TRIGGER broken")


async def test_the_status_line_warns_until_every_turn_is_saved(sit_down: SitDown, home: Path) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        await sitting.ask(SHORT)
        assert "not saved" not in sitting.status()
        break_store(home)

        await sitting.ask(SHORT)
        assert "! not saved: 1 turn" in sitting.status()
        assert keeper.MEMORY_ONLY in sitting.notices
        await sitting.ask(SHORT)
        await sitting.press("escape")
        assert "! not saved: 2 turns" in sitting.status()

        mend_store(home)
        await sitting.until(lambda: "not saved" not in sitting.status())
        assert "2 turns kept in memory are saved now" in sitting.notices
        assert keeper.MEMORY_ONLY not in sitting.notices

        await sitting.ask(SHORT)
        assert "saved now" not in sitting.notices


async def test_quitting_asks_before_it_loses_turns(sit_down: SitDown, home: Path) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        await sitting.ask(SHORT)
        break_store(home)
        await sitting.ask(SHORT)

        await sitting.press("ctrl+q")
        await sitting.until(lambda: isinstance(sitting.app.screen, LeavingScreen))
        await sitting.until(lambda: "1 turn is in memory only" in sitting.screen_text())
        await sitting.press("enter")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)

        mend_store(home)
        await sitting.press("ctrl+q")
        await sitting.until(lambda: sitting.app._exit)
        assert sitting.app.return_value is None
