"""What holds for every decision, whoever stands for choice and in whatever order."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.models import Model, ModelRef, Prices
from hawkmoth_tui.core.money import PICO_PER_USD, list_price_pico
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.routing.features import Circumstances, Features, extract
from hawkmoth_tui.routing.health import Health
from hawkmoth_tui.routing.policy import POLICIES, policy
from hawkmoth_tui.routing.router import Contender, decide
from hawkmoth_tui.routing.rules import RULES
from hawkmoth_tui.routing.tasks import Task, TaskGuess
from hawkmoth_tui.settings.schema import Preference
from tests.routing.scene import HERE, LARGE, MARKET, MIDDLE, SMALL, features, model, priced, route

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from random import Random

    from hawkmoth_tui.core.route import Route

REFS = st.builds(ModelRef, st.sampled_from(["lab", "far", "ollama"]), st.text("abcde", min_size=1, max_size=3))
PRICES = st.one_of(
    st.none(),
    st.builds(
        Prices,
        st.decimals(0, 100, places=2),
        st.decimals(0, 100, places=2),
        st.one_of(st.none(), st.decimals(0, 10, places=2)),
        st.one_of(st.none(), st.decimals(0, 100, places=2)),
    ),
)
MODELS = st.builds(
    Model,
    ref=REFS,
    lane=st.sampled_from(["local", "economy", "standard", "premium", "mine"]),
    context_tokens=st.one_of(st.none(), st.integers(1, 200_000)),
    max_output_tokens=st.one_of(st.none(), st.integers(1, 8_000)),
    prices=PRICES,
    quality=st.one_of(st.none(), st.floats(0, 1)),
    is_local=st.booleans(),
)
HEALTHS = st.builds(
    Health,
    cooling_until_s=st.sampled_from([0.0, 50.0, 150.0]),
    failures=st.integers(0, 4),
    ttft_ms=st.one_of(st.none(), st.floats(1, 60_000)),
    tokens_per_s=st.one_of(st.none(), st.floats(0.1, 2_000)),
)
CONTENDERS = st.lists(
    st.builds(Contender, MODELS, HEALTHS, st.sampled_from(["", "", "set LAB_API_KEY"])),
    max_size=7,
    unique_by=lambda contender: contender.model.ref,
)
QUESTIONS = st.builds(
    Features,
    prompt_tokens=st.integers(1, 150_000),
    incumbent=st.one_of(st.none(), REFS),
    cached_tokens=st.integers(0, 100_000),
    budget_left_pico=st.one_of(st.none(), st.integers(0, 10 * PICO_PER_USD)),
    deny=st.sampled_from([(), ("far/*",)]),
    is_private=st.booleans(),
    task=st.builds(TaskGuess, st.sampled_from(Task), st.floats(0, 1)),
    expected_output_tokens=st.integers(1, 5_000),
)
NAMES = st.sampled_from(sorted(POLICIES))


def settled(asked: Features, contenders: Sequence[Contender], name: str) -> Route:
    return decide(asked, contenders, policy(name), lambda: 100.0)


@given(QUESTIONS, CONTENDERS, NAMES, st.randoms(use_true_random=False))
def test_the_order_of_rules_and_contenders_does_not_matter(
    asked: Features, contenders: list[Contender], name: str, chance: Random
) -> None:
    rules, shuffled = list(RULES.items()), list(contenders)
    chance.shuffle(rules)
    chance.shuffle(shuffled)

    assert decide(asked, shuffled, policy(name), lambda: 100.0, dict(rules)) == settled(asked, contenders, name)


@given(QUESTIONS, CONTENDERS, NAMES)
def test_a_vetoed_candidate_is_never_taken_and_stands_last(
    asked: Features, contenders: list[Contender], name: str
) -> None:
    made = settled(asked, contenders, name)

    vetoed = [candidate.veto is not None for candidate in made.candidates]
    assert vetoed == sorted(vetoed)
    fitting = tuple(candidate.model for candidate in made.candidates if candidate.veto is None)
    assert ((made.chosen,) if made.chosen else ()) + made.fallbacks == fitting
    assert len(made.candidates) == len(contenders)
    assert 0.0 <= made.confidence <= 1.0
    assert made.reason


@given(QUESTIONS, CONTENDERS, NAMES, st.floats(0, 1), st.decimals(0, 50, places=2))
def test_a_dominated_newcomer_changes_nothing(
    asked: Features, contenders: list[Contender], name: str, worse: float, dearer: Decimal
) -> None:
    before = settled(asked, contenders, name)
    leader = next((each for each in contenders if each.model.ref == before.chosen), None)
    if (
        leader is None
        or leader.model.prices is None
        or leader.model.quality is None
        or leader.model.ref == asked.incumbent
    ):
        return
    price = leader.model.prices
    newcomer = replace(
        leader.model,
        ref=ModelRef(leader.model.ref.provider, leader.model.ref.id + "z"),
        quality=leader.model.quality * worse,
        prices=replace(
            price,
            input_usd_per_mtok=price.input_usd_per_mtok + dearer,
            output_usd_per_mtok=price.output_usd_per_mtok + dearer,
        ),
    )

    after = settled(asked, [*contenders, replace(leader, model=newcomer)], name)

    assert after.chosen == before.chosen


@given(QUESTIONS, CONTENDERS)
def test_private_never_leaves_the_machine(asked: Features, contenders: list[Contender]) -> None:
    made = settled(asked, contenders, "private")

    local = {contender.model.ref for contender in contenders if contender.model.is_local}
    assert {made.chosen, *made.fallbacks} - {None} <= local


@given(QUESTIONS, CONTENDERS, NAMES)
def test_a_pin_never_moves(asked: Features, contenders: list[Contender], name: str) -> None:
    pin = contenders[0].model.ref if contenders else ModelRef("lab", "gone")

    made = settled(replace(asked, pinned=pin), contenders, name)

    assert made.chosen in (pin, None)
    assert made.fallbacks == ()
    assert made.is_pinned
    if contenders and made.chosen is None:
        stopped = made.candidate(pin)
        assert stopped is not None
        assert stopped.veto is not None
        assert stopped.veto.rule in made.reason


def test_balanced_takes_the_cheapest_that_is_good_enough() -> None:
    made = route(features(Task.CODING))

    assert made.chosen == MIDDLE.ref
    assert made.reason == "cheapest good enough for coding"
    assert made.fallbacks[0] == LARGE.ref


@pytest.mark.parametrize(
    ("name", "task", "chosen", "reason"),
    [
        ("cheapest", Task.CODING, HERE, "cheapest of all"),
        ("balanced", Task.CHITCHAT, HERE, "free and good enough for chitchat"),
        ("balanced", Task.QUESTION, MIDDLE, "cheapest good enough for questions"),
        ("best", Task.CHITCHAT, LARGE, "highest quality for chitchat"),
        ("private", Task.CODING, HERE, "the only one that fits"),
    ],
)
def test_each_policy_has_its_own_choice(name: str, task: Task, chosen: Model, reason: str) -> None:
    made = route(features(task), under=name)

    assert (made.chosen, made.reason) == (chosen.ref, reason)
    assert (made.policy, made.policy_sha256) == (name, policy(name).sha256)


def test_fast_takes_the_quickest_that_is_good_enough() -> None:
    quick = Contender(LARGE, Health(ttft_ms=300.0, tokens_per_s=300.0))
    slow = Contender(MIDDLE, Health(ttft_ms=4_000.0, tokens_per_s=15.0))

    made = route(features(), quick, slow, under="fast")

    assert (made.chosen, made.reason) == (LARGE.ref, "fastest good enough for coding")


def test_a_preference_wins_over_price_and_floor_but_not_over_a_veto() -> None:
    asked = replace(features(), preferences=(Preference("coding", "lab/small"),))

    assert route(asked).chosen == SMALL.ref
    assert route(asked).reason == "your preference for coding"
    assert route(replace(asked, deny=("lab/small",))).chosen == MIDDLE.ref


def test_a_long_warm_context_keeps_its_model_where_leaving_costs_more() -> None:
    rival = priced(replace(MIDDLE, ref=ModelRef("far", "rival")), "0.9")
    cold = features(prompt_tokens=50_000)
    warm = replace(cold, incumbent=MIDDLE.ref, cached_tokens=49_000)

    assert route(cold, MIDDLE, rival).chosen == rival.ref
    assert route(warm, MIDDLE, rival).chosen == MIDDLE.ref


def test_a_pin_is_said_to_be_yours() -> None:
    made = route(replace(features(), pinned=LARGE.ref))

    assert (made.chosen, made.reason, made.confidence) == (LARGE.ref, "pinned by you", 1.0)


def test_a_stopped_pin_says_by_what() -> None:
    made = route(replace(features(), pinned=LARGE.ref, budget_left_pico=0))

    assert made.chosen is None
    assert made.reason == "your pinned model is stopped by budget"


def test_nobody_to_choose_from_is_a_decision_too() -> None:
    made = decide(features(), (), policy("balanced"), lambda: 0.0)

    assert (made.chosen, made.candidates, made.confidence) == (None, (), 0.0)
    assert made.reason == "no model to choose from"


def test_all_vetoed_keeps_every_veto() -> None:
    made = route(replace(features(), deny=("*",)))

    assert made.chosen is None
    assert made.reason == "all 4 models are vetoed"
    assert all(candidate.veto and candidate.veto.rule == "allow" for candidate in made.candidates)


def test_a_tie_goes_by_the_name() -> None:
    twins = [model("lab/b"), model("lab/a"), model("far/z")]

    assert [c.model for c in route(features(), *twins).candidates] == sorted(twin.ref for twin in twins)


def test_expected_cost_counts_the_cached_beginning() -> None:
    asked = replace(features(prompt_tokens=10_000), incumbent=MIDDLE.ref, cached_tokens=8_000)

    made = route(asked).candidate(MIDDLE.ref)

    assert made is not None
    assert made.expected_cost_pico == list_price_pico(Usage(10_000, 500, 8_000), MIDDLE.prices)


def test_each_candidate_pays_for_the_tokens_that_it_counts() -> None:
    asked = replace(
        features(prompt_tokens=10_000), incumbent=MIDDLE.ref, cached_tokens=8_000, output_limit_tokens=10_000
    )
    contenders = [Contender(MIDDLE, token_factor=1.55), Contender(LARGE, token_factor=1.55), Contender(SMALL)]

    made = decide(asked, contenders, policy("balanced"), lambda: 0.0)
    dearer, leaving, plain = (made.candidate(each.ref) for each in (MIDDLE, LARGE, SMALL))

    assert dearer is not None
    assert leaving is not None
    assert plain is not None
    assert dearer.expected_cost_pico == list_price_pico(Usage(15_500, 775, 12_400), MIDDLE.prices)
    assert plain.expected_cost_pico == list_price_pico(Usage(10_000, 500), SMALL.prices)
    assert any("reads 12,400 tokens uncached" in vote.reason for vote in leaving.votes)


def test_a_window_is_held_against_the_tokens_of_its_own_model() -> None:
    asked = features(prompt_tokens=70_000)

    made = decide(asked, [Contender(MIDDLE, token_factor=1.55), Contender(SMALL)], policy("balanced"), lambda: 0.0)

    assert made.chosen == SMALL.ref
    vetoed = made.candidate(MIDDLE.ref)
    assert vetoed is not None
    assert vetoed.veto is not None
    assert vetoed.veto.rule == "window"


def test_a_near_tie_is_less_certain_than_a_clear_lead() -> None:
    near = route(features(), MIDDLE, priced(replace(MIDDLE, ref=ModelRef("lab", "twin")), "1.01"))
    clear = route(features(), MIDDLE, SMALL)

    assert near.confidence < clear.confidence < 1.0


def test_the_decision_is_timed_by_the_clock_it_is_given() -> None:
    ticks = count(10)

    assert decide(features(), (), policy("best"), lambda: next(ticks) / 1000).elapsed_ms == 1.0


def test_deciding_takes_a_millisecond_of_processor_time() -> None:
    prompt = ("Please compare these two approaches to parsing dates, and say which one is faster: " * 30)[:2_000]
    field = [Contender(each) for each in MARKET] * 2
    spent = []

    for _ in range(30):
        before = time.process_time()
        decide(extract(prompt, Circumstances(incumbent=MIDDLE.ref)), field, policy("balanced"), time.monotonic)
        spent.append(time.process_time() - before)

    assert min(spent) < 0.001 * 1.5, f"{min(spent) * 1000:.2f} ms"
