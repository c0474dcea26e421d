"""A door that is closed after the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from hawkmoth_tui.providers.door import HttpDoor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture
async def door() -> AsyncIterator[HttpDoor]:
    """The HTTP door of one test."""
    opened_door = HttpDoor({})
    yield opened_door
    await opened_door.aclose()
