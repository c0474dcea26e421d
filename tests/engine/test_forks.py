"""A fork: the branch up to here as a session of its own, and the old one untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Image
from tests.engine.stations import answer, ask, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = Image("image/png", b"\x89PNG\r\n\x1a\n", "chart.png")


async def test_a_fork_has_the_turns_under_new_names_and_none_of_the_money(home: Path) -> None:
    async with (
        ScriptedServer(answer=lambda _: answer()) as server,
        station(home, settings(provider("lab", server.url))) as here,
    ):
        session = await here.sessions.create(title="plans")
        await ask(here, "one", session.id, attachments=(PICTURE,))
        await ask(here, "two", session.id)

        fork = await here.sessions.fork(session.id)

        old, new = here.sessions.branch(session.id), here.sessions.branch(fork.id)
        assert fork.title == "plans (fork)"
        assert [turn.prompt for turn in new] == [turn.prompt for turn in old]
        assert [turn.text for turn in new] == [turn.text for turn in old]
        assert not {turn.id for turn in new} & {turn.id for turn in old}
        assert [turn.parent_id for turn in new] == [None, new[0].id]
        assert here.costs.summary(fork.id).session_pico == 0
        assert here.sessions.latest() == fork


async def test_a_fork_goes_its_own_way(home: Path) -> None:
    async with (
        ScriptedServer(answer=lambda _: answer()) as server,
        station(home, settings(provider("lab", server.url))) as here,
    ):
        session = await here.sessions.create()
        await ask(here, "one", session.id)
        fork = await here.sessions.fork(session.id, "elsewhere")

        await ask(here, "two", fork.id)

        assert [turn.prompt.text for turn in here.sessions.branch(fork.id)] == ["one", "two"]
        assert [turn.prompt.text for turn in here.sessions.branch(session.id)] == ["one"]


async def test_an_empty_session_is_not_forked(home: Path) -> None:
    async with station(home, settings()) as here:
        session = await here.sessions.create()

        with pytest.raises(UserError, match="no answered prompt"):
            await here.sessions.fork(session.id)
