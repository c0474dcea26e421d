"""For each rule: one input changes, and that rule's opinion alone changes, its reason naming the value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.intents import NowAsked
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.money import PICO_PER_USD
from hawkmoth_tui.core.route import Veto
from hawkmoth_tui.routing.features import Circumstances, extract
from hawkmoth_tui.routing.health import Health
from hawkmoth_tui.routing.policy import POLICIES
from hawkmoth_tui.routing.router import Contender, decide
from hawkmoth_tui.routing.rules import RULES, Room
from hawkmoth_tui.routing.tasks import Task, TaskGuess
from hawkmoth_tui.settings.schema import Preference
from tests.routing.scene import (
    HERE,
    LARGE,
    MARKET,
    MIDDLE,
    OWN,
    SMALL,
    changed,
    features,
    judged,
    opinions,
    priced,
    route,
)

if TYPE_CHECKING:
    from hawkmoth_tui.routing.features import Features


def test_the_rules_of_the_contract_are_all_there() -> None:
    assert set(RULES) == {
        "asked",
        *("pinned", "capability", "window", "health", "task", "preference"),
        *("sticky", "budget", "cost", "speed", "privacy", "allow", "local"),
        *("record", "price", "back", "wait"),
    }


def test_pinned_votes_for_the_pin() -> None:
    before, after = judged(features(), MIDDLE), judged(replace(features(), pinned=MIDDLE.ref), MIDDLE)

    assert changed(before, after) == {"pinned"}
    assert opinions(after)["pinned"] == (1.0, "pinned by you: lab/middle")


def test_pinned_vetoes_every_other() -> None:
    before, after = judged(features(), MIDDLE), judged(replace(features(), pinned=LARGE.ref), MIDDLE)

    assert changed(before, after) == {"pinned"}
    assert opinions(after)["pinned"] == (None, "you pinned far/large")


def test_capability_vetoes_what_cannot_see_a_picture() -> None:
    before, after = (
        judged(features(), MIDDLE),
        judged(replace(features(), needs=frozenset({Capability.VISION})), MIDDLE),
    )

    assert changed(before, after) == {"capability"}
    assert opinions(after)["capability"] == (None, "lacks vision")


def test_capability_leaves_a_pinned_model_its_turn() -> None:
    asked = replace(features(), pinned=MIDDLE.ref)

    before, after = judged(asked, MIDDLE), judged(replace(asked, needs=frozenset({Capability.VISION})), MIDDLE)

    assert changed(before, after) == {"capability"}
    assert opinions(after)["capability"] == (-1.0, "not known to have vision")
    assert after.veto is None


def test_window_vetoes_what_the_turn_cannot_fit() -> None:
    before, after = judged(features(), MIDDLE), judged(features(), replace(MIDDLE, context_tokens=1_200))

    assert changed(before, after) == {"window"}
    assert opinions(after)["window"] == (None, "needs 1,000 + 500 tokens, its window has 1,200")


def test_window_votes_against_leaving_history_out() -> None:
    asked = replace(features(), required_tokens=100)

    before, after = judged(asked, MIDDLE), judged(asked, replace(MIDDLE, context_tokens=1_250))

    assert changed(before, after) == {"window"}
    score, reason = opinions(after)["window"]
    assert score is not None
    assert score == pytest.approx(-0.25 * 2)
    assert reason == "leaves out 250 tokens: its window has 1,250"


def test_window_lets_an_unknown_window_pass() -> None:
    assert "window" not in opinions(judged(features(prompt_tokens=10**7), replace(MIDDLE, context_tokens=None)))


def test_health_vetoes_while_cooling_and_says_for_how_long() -> None:
    resting = Contender(MIDDLE, Health(cooling_until_s=112.0, failures=1, last_error="RateLimited"))

    before = route(features(), MIDDLE, SMALL, now_s=100.0).candidate(MIDDLE.ref)
    after = route(features(), resting, SMALL, now_s=100.0).candidate(MIDDLE.ref)

    assert before is not None
    assert after is not None
    assert changed(before, after) == {"health"}
    assert opinions(after)["health"] == (None, "cooling for 12 s after RateLimited")


def test_health_lets_a_cooling_model_try_when_nothing_else_fits() -> None:
    resting = Contender(MIDDLE, Health(cooling_until_s=112.0, failures=1, last_error="RateLimited"))
    asked = replace(features(), deny=("lab/small",))

    made = route(asked, resting, SMALL, now_s=100.0)

    assert made.chosen == MIDDLE.ref
    assert made.fallbacks == ()
    assert opinions(made.candidates[0])["health"] == (-1.0, "cooling for 12 s after RateLimited")


def test_health_votes_against_recent_failures_once_the_pause_is_over() -> None:
    rested = Contender(MIDDLE, Health(cooling_until_s=90.0, failures=1, last_error="Overloaded"))

    before, after = judged(features(), MIDDLE, now_s=100.0), judged(features(), rested, now_s=100.0)

    assert changed(before, after) == {"health"}
    assert opinions(after)["health"] == (-0.5, "1 failed in a row after Overloaded")


def test_health_lets_a_pinned_model_try_while_cooling() -> None:
    resting = Contender(MIDDLE, Health(cooling_until_s=112.0, failures=1, last_error="Unreachable"))

    after = judged(replace(features(), pinned=MIDDLE.ref), resting, now_s=100.0)

    assert after.veto is None
    assert opinions(after)["health"] == (-1.0, "cooling for 12 s after Unreachable")


def test_health_vetoes_where_no_key_is_found() -> None:
    before, after = judged(features(), MIDDLE), judged(features(), Contender(MIDDLE, key_problem="set LAB_API_KEY"))

    assert changed(before, after) == {"health"}
    assert opinions(after)["health"] == (None, "set LAB_API_KEY")


def test_task_weighs_the_quality_against_the_floor() -> None:
    before, after = judged(features(), MIDDLE), judged(features(), replace(MIDDLE, quality=0.60))

    assert changed(before, after) == {"task"}
    assert opinions(before)["task"][1] == "quality 0.75, enough for coding (0.74)"
    score, reason = opinions(after)["task"]
    assert score is not None
    assert score < -2.5
    assert reason == "quality 0.60, below 0.74 for coding"


def test_task_alone_changes_with_the_task() -> None:
    before, after = judged(features(Task.CHITCHAT), SMALL), judged(features(Task.MATH), SMALL)

    assert changed(before, after) == {"task"}


def test_task_takes_an_unrated_model_for_less_than_its_lane() -> None:
    said = opinions(judged(features(), replace(LARGE, quality=None)))["task"][1]

    assert said == "unrated, taken as 0.70 in lane premium, below 0.74 for coding"


def test_preference_votes_for_the_users_model_at_that_task_only() -> None:
    wishes = (Preference("coding", "lab/middle"), Preference("math", "lab/small"))

    before, after = judged(features(), MIDDLE), judged(replace(features(), preferences=wishes), MIDDLE)

    assert changed(before, after) == {"preference"}
    assert opinions(after)["preference"] == (10.0, "you prefer lab/middle for coding")
    assert changed(judged(features(), SMALL), judged(replace(features(), preferences=wishes), SMALL)) == set()


def test_local_vetoes_hawkmoths_own_answers_where_a_model_is_needed() -> None:
    before, after = judged(features(), MIDDLE), judged(features(), OWN)

    assert "local" not in opinions(before)
    assert opinions(after)["local"] == (None, "answers only dates, arithmetic, units and Hawkmoth's own figures")


def test_local_votes_for_them_where_the_prompt_plainly_needs_none() -> None:
    asked = replace(features(), intent=NowAsked())

    assert opinions(judged(asked, OWN))["local"] == (50.0, "a question of date and time needs no model")
    assert "local" not in opinions(judged(asked, MIDDLE))


@pytest.mark.parametrize("under", sorted(POLICIES))
def test_a_question_that_needs_no_model_goes_to_none_under_every_policy(under: str) -> None:
    wishes = tuple(Preference("math", str(model.ref)) for model in MARKET)
    asked = extract("what is 17 * 23?", Circumstances(incumbent=LARGE.ref, preferences=wishes))

    made = route(asked, *MARKET, OWN, under=under)

    assert made.chosen == OWN.ref
    assert (made.reason, made.confidence) == ("a calculation needs no model", 1.0)


def test_a_pin_elsewhere_wins_over_an_answer_for_nothing() -> None:
    asked = extract("what is 17 * 23?", Circumstances(pinned=LARGE.ref))

    assert route(asked, *MARKET, OWN).chosen == LARGE.ref


def test_own_answers_can_be_denied() -> None:
    asked = extract("what is 17 * 23?", Circumstances(deny=("local/*",)))
    made = route(asked, *MARKET, OWN)

    assert made.chosen in {model.ref for model in MARKET}
    assert opinions(made.candidates[-1])["allow"] == (None, 'denied by "local/*" in [routing] deny')


def test_own_answers_that_are_out_of_the_question_stand_last_and_are_not_counted() -> None:
    vetoed = route(replace(features(), deny=("lab/*", "far/*", "ollama/*")), *MARKET, OWN)

    assert route(features(), MIDDLE, OWN).reason == "the only model there is"
    assert vetoed.reason == "all 4 models are vetoed"
    assert vetoed.candidates[-1].model == OWN.ref


def test_own_answers_pass_an_overspent_budget() -> None:
    asked = extract("what is 17 * 23?", Circumstances(budget_left_pico=-1))

    assert route(asked, *MARKET, OWN).chosen == OWN.ref


def test_a_picture_needs_a_model_whatever_stands_beside_it() -> None:
    assert extract("what is 17 * 23?", Circumstances(has_images=True)).intent is None


def test_sticky_votes_for_the_model_that_answered_last() -> None:
    before, after = judged(features(), MIDDLE), judged(replace(features(), incumbent=MIDDLE.ref), MIDDLE)

    assert changed(before, after) == {"sticky"}
    assert opinions(after)["sticky"] == (0.125, "answered last in this session")


def test_sticky_votes_against_reading_a_warm_context_again() -> None:
    asked = replace(features(), incumbent=LARGE.ref)

    before, after = judged(asked, MIDDLE), judged(replace(asked, cached_tokens=800), MIDDLE)

    assert changed(before, after) == {"sticky"}
    score, reason = opinions(after)["sticky"]
    assert score is not None
    assert score < 0
    assert reason == "reads 800 tokens uncached that far/large holds: ~$0.00072 more"


def test_sticky_has_nothing_against_a_free_model() -> None:
    asked = replace(features(), incumbent=LARGE.ref, cached_tokens=800)

    assert "sticky" not in opinions(judged(asked, HERE))


def test_budget_vetoes_a_reservation_that_does_not_fit() -> None:
    asked = replace(features(), budget_left_pico=PICO_PER_USD)

    before, after = judged(asked, LARGE), judged(replace(asked, budget_left_pico=PICO_PER_USD // 20), LARGE)

    assert changed(before, after) == {"budget"}
    assert opinions(after)["budget"][0] is None
    assert opinions(after)["budget"][1].startswith("may cost up to $0.085, the budget has $0.05 left")


def test_budget_votes_by_the_share_of_what_is_left() -> None:
    before = judged(features(), MIDDLE)
    after = judged(replace(features(), budget_left_pico=PICO_PER_USD), MIDDLE)

    assert changed(before, after) == {"budget"}
    assert opinions(after)["budget"] == (-0.0015, "takes about 0.3% of the $1.00 left")


def test_budget_vetoes_an_unknown_price_and_names_the_fields_to_set() -> None:
    unpriced = replace(MIDDLE, prices=None)

    before, after = judged(features(), unpriced), judged(replace(features(), budget_left_pico=PICO_PER_USD), unpriced)

    assert changed(before, after) == {"budget"}
    reason = opinions(after)["budget"][1]
    assert "input_usd_per_mtok" in reason
    assert "output_usd_per_mtok" in reason
    assert "lab/middle" in reason


def test_budget_vetoes_what_its_own_provider_or_lane_has_no_room_for_and_names_the_limit() -> None:
    room = Room("lab day", PICO_PER_USD, PICO_PER_USD // 20)

    made = decide(features(), (Contender(LARGE, room=room), Contender(MIDDLE)), POLICIES["balanced"], lambda: 0.0)

    assert made.chosen == MIDDLE.ref
    assert made.candidates[1].veto == Veto(
        "budget",
        "may cost up to $0.085, the lab day limit of $1.00 has $0.05 left (a lower max_output_tokens reserves less)",
    )


def test_budget_lets_a_free_model_pass_an_empty_budget() -> None:
    assert judged(replace(features(), budget_left_pico=0), HERE).veto is None


def test_cost_falls_with_the_price_and_names_it() -> None:
    before, after = judged(features(), MIDDLE), judged(features(), priced(MIDDLE, "2"))

    assert changed(before, after) == {"cost"}
    assert opinions(before)["cost"][1] == "about $0.003 for this turn"
    assert opinions(after)["cost"][1] == "about $0.006 for this turn"
    assert opinions(judged(features(), HERE))["cost"] == (1.0, "about $0.00 for this turn")


def test_cost_never_takes_an_unknown_price_for_a_low_one() -> None:
    unknown, dear = judged(features(), replace(SMALL, prices=None)), judged(features(), priced(SMALL, "100"))

    assert unknown.expected_cost_pico is None
    assert opinions(unknown)["cost"] == (-0.9, "price unknown: counts as dear")
    assert unknown.score < dear.score


def test_speed_votes_by_measured_time_and_names_it() -> None:
    quick = Contender(MIDDLE, Health(ttft_ms=500.0, tokens_per_s=100.0))

    before, after = judged(features(), MIDDLE), judged(features(), quick)

    assert changed(before, after) == {"speed"}
    score, reason = opinions(after)["speed"]
    assert score is not None
    assert score > 0
    assert reason == "about 5.5 s at 100 tokens/s"


def test_privacy_vetoes_models_off_this_machine() -> None:
    before, after = judged(features(), MIDDLE), judged(replace(features(), is_private=True), MIDDLE)

    assert changed(before, after) == {"privacy"}
    assert opinions(after)["privacy"] == (None, "lab is not on this machine, and this request is private")
    assert judged(replace(features(), is_private=True), HERE).veto is None


def test_privacy_follows_a_private_policy() -> None:
    veto = judged(features(), MIDDLE, under="private").veto

    assert veto is not None
    assert veto.reason == "lab is not on this machine, and the private policy is private"


def test_allow_vetoes_what_the_user_denies() -> None:
    before, after = judged(features(), MIDDLE), judged(replace(features(), deny=("lab/*",)), MIDDLE)

    assert changed(before, after) == {"allow"}
    assert opinions(after)["allow"] == (None, 'denied by "lab/*" in [routing] deny')


def test_allow_vetoes_what_is_not_on_the_list() -> None:
    before, after = judged(features(), MIDDLE), judged(replace(features(), allow=("far/*", "*/smal?")), MIDDLE)

    assert changed(before, after) == {"allow"}
    assert opinions(after)["allow"] == (None, "not among [routing] allow: far/*, */smal?")
    assert judged(replace(features(), allow=("far/*", "*/smal?")), SMALL).veto is None


def test_allow_knows_only_the_star_and_the_question_mark() -> None:
    assert judged(replace(features(), deny=("lab/[m]iddle",)), MIDDLE).veto is None


def test_of_several_vetoes_the_first_in_a_fixed_order_is_shown() -> None:
    private = replace(features(), budget_left_pico=0, is_private=True)

    assert _veto(private) == "privacy"
    assert _veto(replace(private, deny=("lab/*",))) == "allow"
    assert _veto(replace(private, is_private=False)) == "budget"


def test_every_vote_stays_beside_the_veto() -> None:
    vetoed = judged(replace(features(), deny=("*",)), MIDDLE)

    assert {vote.rule for vote in vetoed.votes} >= {"task", "cost"}


def test_a_task_nobody_could_tell_has_its_own_floor() -> None:
    asked = replace(features(), task=TaskGuess())

    assert opinions(judged(asked, MIDDLE))["task"][1] == "quality 0.75, enough for this (0.64)"
    assert route(asked).reason == "cheapest good enough for this"


def _veto(asked: Features) -> str:
    veto = judged(asked, MIDDLE).veto
    assert veto is not None
    return veto.rule
