"""`hawkmoth rollout` and `hawkmoth route --replay` on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.headless.shell import answer, configure, hawkmoth
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path


async def test_past_turns_are_replayed_under_a_file_and_a_roll_out_is_seen_and_taken_back(home: Path) -> None:
    mine, wrong = home / "mine.toml", home / "wrong.toml"
    mine.write_text('based_on = "best"\n')
    wrong.write_text("[weights]\nprise = 3\n")
    async with ScriptedServer(answer=lambda _: answer("fine")) as server:
        configure(home, server.url)
        asked = await hawkmoth("ask", "hello there")
        before = len(server.requests)
        replayed = await hawkmoth("route", "--replay", "--policy", str(mine), "--since", "1d", "--json")
        refused = await hawkmoth("route", "--replay", "--policy", str(wrong))
        started = await hawkmoth("rollout", "start", str(mine), "--share", "0.5", "--ceiling", "2")
        status = await hawkmoth("rollout", "status")
        ended = await hawkmoth("rollout", "rollback")
        again = await hawkmoth("rollout", "rollback")

        assert asked.code == replayed.code == 0, replayed.said
        assert (replayed.document["policy"], replayed.document["turns"]) == ("mine", 1)
        assert len(server.requests) == before
    assert refused.code == 2
    assert "wrong.toml: there is no rule 'prise': did you mean price?" in refused.last_line
    assert "running, 50% of the turns, $0.00 of $2.00 spent" in started.text
    assert status.text == started.text
    assert ended.text.startswith("taken back: mine")
    assert (again.code, again.last_line.count("nothing is rolled out")) == (2, 1)
