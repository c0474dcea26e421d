"""A policy or a model on a share of the turns: compared, stopped at its ceiling, promoted and taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.engine.policies import policy_of
from hawkmoth_tui.engine.trials import Standing, Trial
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import Reply, Request, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import Settings

CHEAP, DEAR = model("minnow", "1", quality="0.8"), model("orca", "40", quality="0.9")
WORSE = "I'm sorry, but I can't help with that."


def served(server: ScriptedServer) -> Settings:
    return settings(provider("lab", server.url, CHEAP, DEAR))


def audited(home: Path) -> list[dict[str, str]]:
    lines = [line for file in sorted((home / "log").glob("audit-*.jsonl")) for line in file.read_text().splitlines()]
    return [entry for line in lines if (entry := json.loads(line))["what"].startswith("rollout")]


async def test_a_worse_and_dearer_model_stops_at_its_ceiling_and_is_rolled_back(home: Path) -> None:
    def server_answer(request: Request) -> Reply:
        return answer(WORSE if request.document["model"] == "orca" else "fine", usage=(1000, 1000))

    async with ScriptedServer(answer=server_answer) as server, station(home, served(server)) as opened:
        before = await ask(opened, "hello")
        await opened.trials.start(ModelRef("lab", "orca"), Decimal(1), Decimal("0.3"))
        first = await ask(opened, "hello")
        second = await ask(opened, "hello")
        stopped = opened.trials.current()
        after = await ask(opened, "hello")
        await opened.trials.roll_back()
        last = await ask(opened, "hello")

        assert [str(turn.model) for turn in (before, first, second, after, last)] == [
            *("lab/minnow", "lab/orca", "lab/orca", "lab/minnow", "lab/minnow")
        ]
        assert first.route is not None
        assert "roll-out of lab/orca" in first.route.reason
        assert stopped is not None
        assert (stopped.standing, stopped.new.turns) == (Standing.STOPPED, 2)
        assert opened.trials.current() is None

    written = audited(home)
    assert [entry["what"] for entry in written] == [
        *("rollout started", "rollout stopped at its ceiling", "rollout rolled back")
    ]
    assert written[1]["new_turns"] == "2"
    assert written[1]["new_cost"] == "$0.40"
    assert len({(entry["rollout"], entry["sha256"]) for entry in written}) == 1


async def test_a_policy_is_promoted_by_word_only_and_every_decision_names_its_digest(home: Path) -> None:
    policy = policy_of("mine.toml", 'based_on = "best"\n')
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        await opened.trials.start(policy, Decimal("0.0001"), Decimal(5))
        outside = await ask(opened, "hello")
        await opened.trials.promote()
        inside = await ask(opened, "hello")
        pinned = await ask(opened, "hello", model=ModelRef("lab", "minnow"))

    assert outside.route is not None
    assert outside.route.policy == "balanced"
    assert inside.route is not None
    assert (inside.route.policy, inside.route.policy_sha256) == ("mine", policy.sha256)
    assert str(pinned.model) == "lab/minnow"


async def test_past_turns_are_decided_again_under_another_policy_without_a_call(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        turn = await ask(opened, "hello")
        asked = len(server.requests)
        then = await opened.reconsider(turn.id, None)
        under = await opened.reconsider(turn.id, None, policy_of("mine.toml", 'based_on = "best"\n'))

        assert (str(then.chosen), str(under.chosen)) == ("lab/minnow", "lab/orca")
        assert len(server.requests) == asked
        assert [each.id for each in opened.sessions.decided_since(turn.created_at_ms)] == [turn.id]


def test_the_share_is_drawn_from_the_turn_id_and_apart_for_each_task() -> None:
    trial = Trial("t", Standing.RUNNING, Decimal("0.2"), 1, None, ModelRef("lab", "orca"))
    ids = [f"turn-{number}" for number in range(4000)]
    coding, maths = ([each for each in ids if trial.takes(each, task)] for task in ("coding", "math"))

    assert coding == [each for each in ids if trial.takes(each, "coding")]
    assert all(abs(len(taken) / len(ids) - 0.2) < 0.03 for taken in (coding, maths))
    assert coding != maths
    assert all(replace(trial, share=Decimal(1)).takes(each, "coding") for each in ids[:50])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[weights]\nprise = 3\n", "mine.toml: there is no rule 'prise': did you mean price?"),
        ("[floors]\ncodign = 0.5\n", "mine.toml: there is no task 'codign': did you mean coding?"),
        ("wieghts = 3\n", "mine.toml: there is no setting 'wieghts': did you mean weights?"),
        ("[weights]\nprice = true\n", "mine.toml: price is not a number from 0 to 1000"),
        ("[floors]\ncoding = 2\n", "mine.toml: coding is not a number from 0 to 1"),
        ('based_on = "bset"\n', "No policy is named 'bset': choose best"),
        ("= 3", "mine.toml is no TOML: Invalid statement (at line 1, column 1)"),
    ],
)
def test_a_mistake_in_a_policy_file_is_one_clear_line(text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        policy_of("mine.toml", text)

    assert str(caught.value) == said
