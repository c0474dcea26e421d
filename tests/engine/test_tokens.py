"""Counting in the engine: an estimate until the vocabulary is loaded, and factors that follow what providers report."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.catalog.counting import Count, Counter
from hawkmoth_tui.core.messages import Image, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.money import PICO_PER_USD
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.tokens import Tokens
from hawkmoth_tui.routing.tokens import estimate, estimate_messages
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation

PROSE = "The engine counts what a request holds before it is sent, and learns from what comes back. " * 40
PLAIN = estimate_messages((user(PROSE),))
GPT, CLAUDE, LAB = ModelRef("openai", "gpt-4o"), ModelRef("anthropic", "claude-opus-5-5"), ModelRef("lab", "m")


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(None, owner=this_process(), clock_ms=lambda: 7)
    yield opened
    opened.close()


@pytest.fixture
def tokens(store: Store) -> Tokens:
    return Tokens(lambda: store, lambda: 7)


def factor(opened: Workstation, ref: ModelRef = LAB) -> float:
    return opened.tokens.yardstick(ref, PROSE).learned_factor


def test_nothing_is_exact_until_somebody_asks(tokens: Tokens) -> None:
    assert tokens.count(PROSE, GPT) == Count(estimate(PROSE), False)
    assert not tokens.is_loaded

    tokens.load()

    assert tokens.count("hello world", GPT) == Count(2, True)
    assert not tokens.count("hello world", CLAUDE).is_exact
    assert not tokens.count("hello world").is_exact


async def test_a_text_of_any_length_is_counted_beside_the_loop(tokens: Tokens) -> None:
    text = "A line of words.\n" * 60_000

    counting = asyncio.create_task(tokens.count_whole(text, GPT))
    beats = 0
    while not counting.done():
        await asyncio.sleep(0.005)
        beats += 1

    assert counting.result() == Count(300_000, True)
    assert beats > 2


def test_a_vocabulary_that_cannot_be_used_leaves_the_estimate(store: Store, tmp_path: Path) -> None:
    tokens = Tokens(lambda: store, lambda: 7, Counter(estimate, tmp_path / "gone"))

    tokens.load()

    assert tokens.count(PROSE, GPT) == Count(estimate(PROSE), False)
    assert "cannot be read" in tokens.problem


async def test_a_report_teaches_and_is_kept(home: Path) -> None:
    async with ScriptedServer(answer(usage=(round(PLAIN * 1.4), 5))) as server:
        lab = settings(provider("lab", server.url))
        async with station(home, lab) as opened:
            await ask(opened, PROSE)
            taught = factor(opened)
            text = opened.tokens.count(PROSE, LAB)
        async with station(home, lab) as again:
            kept = factor(again)

    assert taught == pytest.approx(1.2, abs=0.03)
    assert kept == taught
    assert text == Count(round(estimate(PROSE) * taught), False)


async def test_the_next_request_is_reserved_by_what_was_learned(home: Path) -> None:
    async with (
        ScriptedServer(answer(usage=(PLAIN * 2, 5)), answer(usage=None)) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        for _ in range(2):
            turn = await ask(opened, PROSE)
        taught = factor(opened)

    usage = turn.attempts[-1].usage
    assert usage is not None
    assert usage.estimated
    assert usage.input_tokens == pytest.approx(PLAIN * taught, rel=0.03)


async def test_what_says_nothing_about_the_tokeniser_teaches_nothing(home: Path) -> None:
    picture = Image("image/png", base64.b64decode("iVBORw0KGgo="))
    reports = {"short": (900, 5), "unbelievable": (PLAIN * 9, 5), "none": None, "picture": (PLAIN * 2, 5)}
    learned = {}
    for name, usage in reports.items():
        async with ScriptedServer(answer(usage=usage)) as server:
            seeing = model("m", capabilities=("vision",))
            async with station(home, settings(provider("lab", server.url, seeing))) as opened:
                seen = (picture,) if name == "picture" else ()
                turn = await ask(opened, "hello" if name == "short" else PROSE, attachments=seen)
                learned[name] = factor(opened)
                assert turn.state is TurnState.DONE

    assert learned == dict.fromkeys(reports, 1.0)


async def test_each_way_of_counting_learns_for_itself(home: Path) -> None:
    async with (
        ScriptedServer(answer(usage=(round(PLAIN * 1.4), 5))) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        await ask(opened, PROSE)
        estimated = factor(opened)
        opened.tokens.load()
        counted = factor(opened)

    assert estimated > 1.1
    assert counted == 1.0


async def test_a_store_that_cannot_be_written_only_costs_the_lesson(tokens: Tokens, store: Store) -> None:
    yardstick = tokens.yardstick(LAB, PROSE)
    store.close()

    await tokens.learn(yardstick, 1_000, 1_200)

    assert tokens.yardstick(LAB, PROSE) == yardstick


def test_a_family_that_counts_more_is_expected_to(tokens: Tokens) -> None:
    assert tokens.yardstick(CLAUDE, PROSE).tokens(1_000) == 1_550
    assert tokens.yardstick(GPT, PROSE).tokens(1_000) == 1_000


async def test_a_claude_candidate_is_expected_to_cost_by_its_own_tokens(home: Path) -> None:
    alike = (model("gpt-4o", "1", max_output_tokens=100_000), model("claude-opus-5-5", "1", max_output_tokens=100_000))
    async with station(home, settings(provider("lab", "http://127.0.0.1:9/v1", *alike))) as opened:
        route = await opened.route(PROSE)

    cost = {candidate.model.id: candidate.expected_cost_pico for candidate in route.candidates}
    gpt, claude = cost["gpt-4o"], cost["claude-opus-5-5"]
    assert gpt is not None
    assert claude is not None
    assert claude / gpt == pytest.approx(1.55, rel=0.01)


async def test_what_claude_reported_is_not_multiplied_again(home: Path) -> None:
    alike = (model("gpt-4o", "1"), model("claude-opus-5-5", "1"))
    reported = 15_500
    async with (
        ScriptedServer(answer(usage=(reported, 0))) as server,
        station(home, settings(provider("lab", server.url, *alike))) as opened,
    ):
        first = await ask(opened, "hi", model=ModelRef("lab", "claude-opus-5-5"))
        route = await opened.route("and?", first.session_id)

    cost = {candidate.model.id: candidate.expected_cost_pico or 0 for candidate in route.candidates}
    input_only = PICO_PER_USD // 1_000_000
    assert cost["gpt-4o"] // input_only == pytest.approx(10_000, abs=2_500)
    assert cost["claude-opus-5-5"] / cost["gpt-4o"] == pytest.approx(1.55, rel=0.02)
