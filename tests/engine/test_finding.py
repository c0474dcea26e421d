"""A session is found by its id, by the beginning of it, or by its title, however many were used since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.store import db, sessions
from tests.engine.stations import settings, station
from tests.store import samples

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_session_is_found_however_many_were_used_since(home: Path) -> None:
    async with station(home, settings()) as opened:
        old = await opened.sessions.create(title="Über Moths")
        database = db.open_database(home / "hawkmoth.db")
        with database.writing as connection:
            for number in range(3000):
                sessions.create(connection, samples.session(f"zz{number:04d}", title=f"later {number:04d}"))
        database.close()

        assert opened.sessions.matching(old.id) == (old,)
        assert opened.sessions.matching(old.id[:12].upper()) == (old,)
        assert opened.sessions.matching("über m") == (old,)
        assert [each.id for each in opened.sessions.matching("later 0007")] == ["zz0007"]
        assert len(opened.sessions.matching("later")) == 2
        assert opened.sessions.matching("nothing like it") == ()
        await opened.sessions.delete(old.id)
        assert opened.sessions.matching(old.id) == ()
