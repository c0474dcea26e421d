"""What others were seen to lose or to make up: a session at a restart, the user's own words, a rule that nobody follows."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import TurnKind
from hawkmoth_tui.engine.workstation import CONTINUE_PROMPT
from hawkmoth_tui.settings.schema import SessionSettings
from tests.conftest import PROJECT
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_session_is_after_a_restart_what_it_was(home: Path) -> None:
    async with ScriptedServer(answer("one"), answer("two")) as server:
        chosen = settings(provider("lab", server.url, model("m"), model("other")))
        async with station(home, chosen) as opened:
            other = opened.models.resolve("lab/other")
            first = await ask(opened, "hello")
            await opened.sessions.pin(first.session_id, other)
            second = await ask(opened, "and again", first.session_id)
            before = opened.sessions.get(first.session_id)
            summary, costs = opened.sessions.list(), opened.costs.summary(first.session_id)

        async with station(home, chosen) as opened:
            session = opened.sessions.latest()

            assert session == before
            assert session.model == other
            assert session.created_at_ms <= second.created_at_ms <= session.updated_at_ms
            assert opened.sessions.branch(session.id) == (first, second)
            assert opened.sessions.history() == ("and again", "hello")
            assert opened.sessions.list() == summary
            assert opened.costs.summary(session.id).session_pico == costs.session_pico > 0


async def test_words_of_ours_are_never_kept_as_the_users(home: Path) -> None:
    async with ScriptedServer(answer("one", finish="length"), answer("two"), answer("three")) as server:
        chosen = settings(provider("lab", server.url, model("m"), model("other")))
        async with station(home, chosen) as opened:
            cut = await ask(opened, "tell me")
            await ask(opened, "", cut.session_id, kind=TurnKind.CONTINUE, of=cut.id)
            await opened.sessions.pin(cut.session_id, opened.models.resolve("lab/other"))
            await ask(opened, "and with another model", cut.session_id)

            asked = [
                turn.prompt.text
                for turn in opened.sessions.branch(cut.session_id)
                if turn.kind in (TurnKind.PROMPT, TurnKind.EDIT)
            ]
            assert asked == ["tell me", "and with another model"]
            assert opened.sessions.history() == ("and with another model", "tell me")
            assert all(CONTINUE_PROMPT not in summary.preview for summary in opened.sessions.list())


def test_every_rule_for_sessions_is_followed_somewhere() -> None:
    code = "".join(
        file.read_text() for file in (PROJECT / "hawkmoth_tui").rglob("*.py") if file.parent.name != "settings"
    )

    assert [field.name for field in fields(SessionSettings) if f".{field.name}" not in code] == []
