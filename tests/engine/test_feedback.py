"""Signs about answers: said, taken back, and seen in what the user does next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.feedback import SignKind
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.performance import MetricsBy
from hawkmoth_tui.core.turn import TurnKind
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import Settings

WEAK = ModelRef("lab", "weak")
STRONG = ModelRef("lab", "strong")


def lab(url: str) -> Settings:
    return settings(provider("lab", url, model("weak", quality="0.3"), model("strong", "9", quality="0.9")))


@pytest.mark.parametrize(
    ("kind", "chosen", "sign"),
    [
        (TurnKind.RETRY, WEAK, SignKind.REGENERATED),
        (TurnKind.RETRY, STRONG, SignKind.WENT_STRONGER),
        (TurnKind.EDIT, WEAK, SignKind.EDITED),
    ],
)
async def test_asking_again_tells_of_the_answer_before(
    home: Path, kind: TurnKind, chosen: ModelRef, sign: SignKind
) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, lab(server.url)) as opened:
        first = await ask(opened, "write a poem about moths", model=WEAK)
        await ask(opened, "and bats", first.session_id, model=chosen, kind=kind, of=first.id)

        signs = [found for _, found in opened.feedback.of(first.id)]
        lines = {line.model: line.wins.rate for line in await opened.metrics.read(MetricsBy.MODEL)}

    assert signs == [sign]
    assert lines["lab/weak"] == 0
    assert len(lines) == (2 if chosen == STRONG else 1)


async def test_a_word_about_an_answer_can_be_taken_back(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, lab(server.url)) as opened:
        turn = await ask(opened, "write a poem about moths", model=WEAK)

        sign = await opened.feedback.add(turn.id, SignKind.GOOD)
        (praised,) = await opened.metrics.read(MetricsBy.TASK)
        was_undone = await opened.feedback.undo(sign)
        (silent,) = await opened.metrics.read(MetricsBy.TASK)

    assert (praised.wins.rate, praised.task) == (1, turn.route.task if turn.route else "")
    assert was_undone
    assert silent.wins.rate is None
    assert silent.requests == 1


async def test_a_plain_word_takes_the_place_of_the_one_before_and_says_what_it_does_to_the_record(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, lab(server.url)) as opened:
        first = await ask(opened, "write a poem about moths", model=WEAK)
        second = await ask(opened, "write a poem about bats", model=WEAK)
        task = first.route.task if first.route else ""

        said = [
            str(await opened.feedback.judge(turn.id, kind))
            for turn, kind in (
                (first, SignKind.GOOD),
                (second, SignKind.TOO_WEAK),
                (second, SignKind.OVERKILL),
                (second, None),
                (first, None),
            )
        ]
        stands = opened.feedback.of(first.id) + opened.feedback.of(second.id)

    assert said == [
        f"good · lab/weak now wins 100% at {task} (its first sign)",
        f"too weak · lab/weak now wins 50% at {task} (was 100%)",
        f"overkill · lab/weak now wins 100% at {task} (was 50%)",
        f"taken back · lab/weak now wins 100% at {task} (was 100%)",
        f"taken back · lab/weak has no record at {task} any more",
    ]
    assert stands == ()


async def test_nothing_is_taken_back_where_nothing_was_said(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, lab(server.url)) as opened:
        turn = await ask(opened, "write a poem about moths", model=WEAK)

        with pytest.raises(UserError, match="nothing was said of this answer"):
            await opened.feedback.judge(turn.id, None)
