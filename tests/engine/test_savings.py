"""What a turn claims to have saved."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnKind
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.savings import at_baseline
from hawkmoth_tui.settings.schema import Settings
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

USAGE = Usage(25, 4, estimated=True)
ATTEMPT = Attempt("a", ModelRef("lab", "small"), 0, outcome=Outcome.OK, usage=USAGE)
TURN = Turn("t", "s", None, TurnKind.PROMPT, user("hello"), 0, attempts=(ATTEMPT,))


def test_a_failed_attempt_saves_nothing() -> None:
    failed = replace(ATTEMPT, outcome=Outcome.FAILED)

    assert at_baseline(failed, replace(TURN, attempts=(failed,)), None) == Usage()


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.CANCELLED, Outcome.INTERRUPTED])
def test_an_answer_is_compared_as_far_as_it_came(outcome: Outcome) -> None:
    assert at_baseline(replace(ATTEMPT, outcome=outcome), TURN, None) == USAGE


def test_what_the_baseline_would_have_in_its_cache_is_no_more_than_there_is_and_no_less_than_was_read_from_one() -> (
    None
):
    attempt = replace(ATTEMPT, usage=Usage(5000, 10, cached_input_tokens=3000, cache_write_tokens=1500))

    tokens = [at_baseline(attempt, TURN, None, warm) for warm in (1000, 2000, 4000, 9000)]

    assert [(usage.cached_input_tokens, usage.cache_write_tokens) for usage in tokens] == [
        (3000, 1500),
        (3000, 1500),
        (4000, 1000),
        (5000, 0),
    ]


async def test_a_switch_to_a_cold_cache_that_made_the_turn_dearer_shows_a_minus(home: Path) -> None:
    """The strong model has the session in its cache; the plain one costs less a token, and more for this turn."""
    strong = model("strong", "2", cached_input_usd_per_mtok=Decimal("0.1"))
    routing = replace(Settings().routing, baseline="lab/strong")
    replies = [answer(usage=(4000, 5)), answer(usage=(4100, 5))]
    async with ScriptedServer(answer=lambda _: replies.pop(0)) as server:
        chosen = settings(provider("lab", server.url, strong, model("plain", "1")), routing=routing)
        async with station(home, chosen) as opened:
            await opened.models.access.look_for_keys()
            first = await ask(opened, "write a poem", model=ModelRef("lab", "strong"))
            second = await ask(opened, "and another", first.session_id, model=ModelRef("lab", "plain"))
            spent = opened.costs.summary(first.session_id)

    cached = (4005 * 100_000 + 95 * 2_000_000) + 5 * 8_000_000
    assert first.saved_pico == 0
    assert second.saved_pico == cached - (4100 * 1_000_000 + 5 * 4_000_000) < 0
    assert spent.saved_session_pico == second.saved_pico
