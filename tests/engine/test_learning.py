"""The learned part of the router in a workstation: the user's own evidence, and what happens without usable weights."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.feedback import SignKind
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.routing import weights
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.core.turn import Turn

APPLES = "Janet has 3 apples and buys twice as many. She gives 2 away. How many are left?"
TRANSLATE = "Translate this to French: the cat sat on the mat"


def record(turn: Turn) -> str:
    """What was known of the model that answered."""
    judged = turn.route.candidate(turn.model) if turn.route and turn.model else None
    return str(judged.record) if judged and judged.record else ""


async def test_a_turn_is_routed_by_the_records_and_keeps_them(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(
            home, settings(provider("lab", server.url, model("gpt-4o-mini", "0.1"), model("big", quality="0.9")))
        ) as opened,
    ):
        turn = await ask(opened, APPLES)

        stored = opened.turn(turn.id)
    assert stored.route is not None
    assert (stored.route.task, stored.route.looks_like) == ("math", "grade-school mathematics")
    assert stored.route.reason == "cheapest, wins 95 % at math"
    assert record(stored).startswith("wins 95 % here, n=")
    assert stored.route == turn.route


async def test_what_you_say_about_an_answer_moves_the_next_turn_s_record(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, model("small", "0.1")))) as opened,
    ):
        turn = await ask(opened, TRANSLATE)
        sign = await opened.feedback.add(turn.id, SignKind.GOOD)
        praised = await ask(opened, TRANSLATE, turn.session_id)
        await opened.feedback.undo(sign)
        undone = await ask(opened, TRANSLATE, turn.session_id)

    assert [record(each) for each in (turn, praised, undone)] == ["", "wins 62 % here, n=1, 1 yours", ""]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: None, "the router's weights are missing"),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "the router's weights have the wrong digest"),
        (lambda raw: b"", hashlib.sha256(b"").hexdigest()[:12]),
    ],
)
async def test_without_usable_weights_the_rules_decide_alone_and_say_so(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: object, says: str
) -> None:
    assert callable(change)
    raw = change((weights.DATA / weights.FILE).read_bytes())
    (tmp_path / weights.MANIFEST).write_bytes((weights.DATA / weights.MANIFEST).read_bytes())
    if raw is not None:
        (tmp_path / weights.FILE).write_bytes(raw)
    monkeypatch.setattr(weights, "DATA", tmp_path)
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, model("gpt-4o-mini", "0.1")))) as opened,
    ):
        turn = await ask(opened, APPLES)

    assert turn.state is TurnState.DONE
    assert turn.route is not None
    assert says in turn.route.note
    assert turn.route.note.endswith(": the rules decide alone")
    assert all(candidate.record is None for candidate in turn.route.candidates)


async def test_a_preview_knows_at_once_what_was_said_and_sends_nothing(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, model("small", "0.1")))) as opened,
    ):
        turn = await ask(opened, TRANSLATE)
        asked, session = len(server.requests), opened.sessions.get(turn.session_id)
        before = opened.foretaste(TRANSLATE, session)
        await opened.feedback.add(turn.id, SignKind.GOOD)
        after = opened.foretaste(TRANSLATE, session)

    assert before is not None
    assert after is not None
    assert (before.is_graded, after.is_graded) == (False, True)
    assert (after.win or 0) > (before.win or 0)
    assert (after.task, after.other) == ("translation", None)
    assert len(server.requests) == asked
