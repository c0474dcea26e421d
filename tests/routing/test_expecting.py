"""What the records say about candidates, and when they may choose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.money import PICO_PER_USD
from hawkmoth_tui.routing.abilities import load_abilities
from hawkmoth_tui.routing.expecting import Evidence, Expectations, Graded
from hawkmoth_tui.routing.features import Circumstances, extract
from hawkmoth_tui.routing.health import Health
from hawkmoth_tui.routing.policy import POLICIES, policy
from hawkmoth_tui.routing.router import Contender, decide
from hawkmoth_tui.routing.tasks import Task, guess
from hawkmoth_tui.routing.weights import DATA, load
from hawkmoth_tui.settings.schema import Preference
from tests.routing.scene import HERE, LARGE, SMALL, model, opinions, priced

if TYPE_CHECKING:
    from hawkmoth_tui.core.route import Route

WEIGHTS, ABILITIES = load(DATA), load_abilities()
MINI = model("lab/gpt-4o-mini", "0.15", 0.58, lane="economy")
SONNET = model("lab/claude-3-5-sonnet", "3", 0.72)
FIELD = (MINI, SONNET, SMALL, LARGE, HERE)
APPLES = "Janet has 3 apples and buys twice as many. She gives 2 away. How many are left?"
ALONE = Circumstances()
CONTEST = (
    "Let $x, y, z$ be positive real numbers with $x + y + z = 1$. Find the maximum of $\\frac{xyz}{(x+y)(y+z)}$. "
    "Express your answer as a common fraction. Find the sum of all integers $n$ such that $n^2 + 3n$ divides $2^{10}$."
)


def expectations(evidence: Evidence | None = None) -> Expectations:
    return Expectations(WEIGHTS, ABILITIES, FIELD, evidence or {})


def chosen(text: str, about: Circumstances = ALONE, name: str = "balanced", evidence: Evidence | None = None) -> Route:
    field = [Contender(each) for each in FIELD]
    return decide(extract(text, about, expectations(evidence)), field, policy(name), lambda: 0.0)


def test_a_prompt_whose_words_and_likeness_agree_is_chosen_for_by_the_records() -> None:
    made = chosen(APPLES)

    assert (made.task, made.looks_like, made.note) == ("math", "grade-school mathematics", "")
    assert made.task_weight is not None
    assert made.task_weight > 0.9
    assert made.chosen == MINI.ref
    assert made.reason == "best value, wins 95 % at math"
    record = made.candidates[0].record
    assert record is not None
    assert (record.own, str(record)) == (0, f"wins 95 % here, n={record.graded}")
    assert record.graded > 600


def test_a_model_without_a_record_gets_the_mean_of_its_tier_on_the_task() -> None:
    easy, hard = (expectations().of(text, guess(text)).records for text in (APPLES, CONTEST))

    assert easy[LARGE.ref].graded == 0
    assert easy[LARGE.ref].win > easy[SMALL.ref].win
    assert hard[LARGE.ref].win - hard[SMALL.ref].win > easy[LARGE.ref].win - easy[SMALL.ref].win
    assert str(easy[LARGE.ref]).endswith("by its rating")


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("Translate this to French: the cat sat on the mat", "translation"),
        ("hello", "chitchat"),
        ("asdf qwer zxcv", "unknown"),
    ],
)
def test_where_words_and_likeness_disagree_the_rules_decide_alone_and_say_so(text: str, task: str) -> None:
    made = chosen(text)

    assert made.task == task
    assert "the rules decide alone" in made.note
    assert made.looks_like == ""
    assert all(candidate.record is None for candidate in made.candidates)
    assert {"record", "price"}.isdisjoint(vote.rule for candidate in made.candidates for vote in candidate.votes)


def test_the_default_model_for_unknown_work_is_a_preference() -> None:
    made = chosen("asdf qwer zxcv", Circumstances(preferences=(Preference("unknown", "far/large"),)))

    assert (made.chosen, made.reason) == (LARGE.ref, "your preference for this")
    assert made.note


def test_your_own_grades_join_the_public_record() -> None:
    good = {(MINI.ref, "math"): Graded(0.0, 12.0, 12)}

    before, after = chosen(APPLES).candidate(MINI.ref), chosen(APPLES, evidence=good).candidate(MINI.ref)

    assert before is not None
    assert after is not None
    assert before.record is not None
    assert after.record is not None
    assert after.record.win < before.record.win - 0.2
    assert str(after.record).endswith("12 yours")
    assert after.record.graded == before.record.graded + 12


def test_enough_bad_answers_send_such_work_elsewhere() -> None:
    assert chosen(APPLES, evidence={(MINI.ref, "math"): Graded(0.0, 30.0, 30)}).chosen != MINI.ref


def test_where_no_public_record_is_your_own_grades_move_the_rating() -> None:
    text = "Translate this to French: the cat sat on the mat"
    praised = {(SMALL.ref, "translation"): Graded(20.0, 0.0, 20)}

    before, after = chosen(text), chosen(text, evidence=praised)

    assert before.chosen != SMALL.ref
    assert after.chosen == SMALL.ref
    task = opinions(after.candidates[0])["task"][1]
    assert task == "quality 0.75 with 20 graded by you, enough for translation (0.58)"


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_no_price_stands_against_a_preference(name: str) -> None:
    about = Circumstances(prompt_tokens=90_000, preferences=(Preference("math", str(LARGE.ref)),))
    here = replace(LARGE, is_local=True)

    made = decide(
        extract(APPLES, about, expectations()),
        [Contender(MINI), Contender(here), Contender(HERE)],
        policy(name),
        lambda: 0.0,
    )

    assert made.chosen == LARGE.ref
    assert made.reason == "your preference for math"


def test_a_pin_stands_whatever_the_records_say() -> None:
    made = chosen(APPLES, Circumstances(pinned=SMALL.ref))

    assert (made.chosen, made.fallbacks, made.note) == (SMALL.ref, (), "")


def test_a_small_gain_does_not_leave_the_model_that_answered_last() -> None:
    twin = priced(replace(SONNET, ref=ModelRef("lab", "claude-3-5-sonnet-twin")), "2.9")
    field = [Contender(SONNET), Contender(twin)]
    records = Expectations(WEIGHTS, ABILITIES, (SONNET, twin), {})

    fresh = decide(extract(APPLES, Circumstances(), records), field, policy("balanced"), lambda: 0.0)
    later = decide(
        extract(APPLES, Circumstances(incumbent=SONNET.ref), records), field, policy("balanced"), lambda: 0.0
    )

    assert fresh.chosen == twin.ref
    assert later.chosen == SONNET.ref
    leaving = later.candidate(twin.ref)
    assert leaving is not None
    assert opinions(leaving)["back"][1].startswith("must be better than lab/claude-3-5-sonnet by ")


def test_leaving_a_warm_cache_pays_for_the_way_there_and_the_way_back() -> None:
    cold = Circumstances(prompt_tokens=60_000, incumbent=SONNET.ref)
    warm = replace(cold, cached_tokens=59_000)

    left, kept = (chosen(APPLES, about).candidate(LARGE.ref) for about in (cold, warm))

    assert left is not None
    assert kept is not None
    assert "coming back to it about $0.1" in opinions(kept)["back"][1]
    assert kept.score < left.score - 0.5
    stayed = chosen(APPLES, warm).candidate(SONNET.ref)
    assert stayed is not None
    assert stayed.cached_tokens == 59_000
    assert "59,000 tokens cached" in opinions(stayed)["price"][1]


def test_a_model_that_answered_earlier_still_reads_its_part_cached() -> None:
    about = Circumstances(prompt_tokens=20_000, incumbent=SONNET.ref, also_cached=((MINI.ref, 15_000),))

    made = chosen(APPLES, about).candidate(MINI.ref)
    fresh = chosen(APPLES, replace(about, also_cached=())).candidate(MINI.ref)

    assert made is not None
    assert fresh is not None
    assert made.cached_tokens == 15_000
    assert (made.expected_cost_pico or 0) < (fresh.expected_cost_pico or 0)


def test_a_nearly_spent_budget_weighs_every_dollar_more() -> None:
    ample, scarce = (chosen(CONTEST, Circumstances(budget_left_pico=usd * PICO_PER_USD // 10)) for usd in (10_000, 1))

    assert ample.candidates[0].expected_cost_pico is not None
    large = scarce.candidate(LARGE.ref)
    assert large is not None
    assert "left" in opinions(large)["budget"][1]
    assert large.score < (ample.candidate(LARGE.ref) or large).score


def test_a_slow_model_loses_under_a_policy_that_is_in_a_hurry() -> None:
    slow = Contender(SONNET, Health(ttft_ms=9_000.0, tokens_per_s=10.0))
    field = [slow, Contender(MINI, Health(ttft_ms=200.0, tokens_per_s=200.0))]
    features = extract(CONTEST, Circumstances(), expectations())

    made = decide(features, field, policy("fast"), lambda: 0.0)

    assert made.chosen == MINI.ref
    judged = made.candidate(SONNET.ref)
    assert judged is not None
    assert opinions(judged)["wait"][0] is not None


def test_a_candidate_far_below_the_best_is_too_weak_however_cheap() -> None:
    made = chosen(CONTEST).candidate(HERE.ref)

    assert made is not None
    assert "too weak beside" in opinions(made)["record"][1]
    assert made.score < 0


def test_the_weight_of_the_task_is_one_of_the_kinds_the_ledger_knows() -> None:
    kinds = {kind for kind in ABILITIES.kinds.values() if kind != "none"} | {"question"}

    assert kinds <= {task.value for task in Task}
    assert set(ABILITIES.kinds) <= set(WEIGHTS.tasks)
    assert set(ABILITIES.ratings) == {name for row in WEIGHTS.records.values() for name in row}
