"""A door that is closed after the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from hawkmoth_tui.providers import inquiries
from hawkmoth_tui.providers.door import HttpDoor
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture
async def door() -> AsyncIterator[HttpDoor]:
    """The HTTP door of one test."""
    opened_door = HttpDoor({})
    yield opened_door
    await opened_door.aclose()


@pytest.fixture(autouse=True)
def questions_may_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a slow machine learns about a list's models is no less."""
    monkeypatch.setattr(inquiries, "DEADLINE_S", PATIENCE_S)
