"""What the panes say, word by word, without a screen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.exchange import Allotment, Quota
from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.route import Candidate, Record, Route, Veto, Vote
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.costs import CostSummary
from hawkmoth_tui.ui.lines import fitting, milliseconds, short_name, spread, words, wrapped
from hawkmoth_tui.ui.panes.cost_lines import Sum, cost_line, cost_lines, signed, turn_cost
from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts
from hawkmoth_tui.ui.panes.routing_lines import routing_line, routing_lines
from hawkmoth_tui.ui.widgets.status import Activity, Status, status_line

if TYPE_CHECKING:
    from textual.content import Content

USD = 10**12
SMALL, LARGE, LOCAL = ModelRef("lab", "small"), ModelRef("lab", "large"), ModelRef("here", "org/tiny-model")
ROUTE = Route(
    chosen=SMALL,
    fallbacks=(LARGE,),
    candidates=(
        Candidate(
            SMALL, 0.62, 0.6, USD // 2500, (Vote("cost", 0.45, "cheapest of 2"), Vote("speed", -0.1, "slow today"))
        ),
        Candidate(LARGE, 0.2, 0.9, None, (Vote("task", 0.3, "good at code"),)),
        Candidate(LOCAL, 0.0, None, 0, veto=Veto("window", "4,096 tokens are too few for 9,000")),
    ),
    policy="balanced",
    policy_sha256="0" * 64,
    task="coding",
    confidence=0.8,
    reason="cheapest that is good enough",
    elapsed_ms=0.5,
    difficulty=0.42,
)
RUNNING = Attempt("a", SMALL, 0, ttft_ms=312)
DONE = replace(RUNNING, outcome=Outcome.OK, duration_ms=2312, usage=Usage(1204, 310), cost_pico=USD // 2000)
ASKED = Turn("t", "s", None, TurnKind.PROMPT, user("hello"), 0, route=ROUTE, attempts=(RUNNING,))
ENDED = replace(ASKED, state=TurnState.DONE, attempts=(DONE,), baseline=str(LARGE), baseline_cost_pico=USD // 100)
SUMMARY = CostSummary(
    session_pico=USD // 100,
    today_pico=42 * USD // 100,
    month_pico=4 * USD,
    unknown_session=0,
    unknown_today=3,
    unknown_month=3,
    saved_session_pico=USD // 10,
    saved_today_pico=-USD // 5,
    saved_month_pico=0,
    baseline=str(LARGE),
    limits=(("day", 42 * USD // 100, USD // 2), ("month", 4 * USD, 100 * USD)),
)
WARN_AT = Decimal("0.8")


def text(lines: list[Content]) -> str:
    return "\n".join(line.plain for line in lines)


def routing(turn: Turn, width: int = 36, *, is_expanded: bool = False, is_simulated: bool = False) -> str:
    return text(routing_lines(RoutingFacts(turn), width, is_expanded=is_expanded, is_simulated=is_simulated))


def cost(turn: Turn | None, summary: CostSummary = SUMMARY, width: int = 36) -> str:
    return text(cost_lines(turn, summary, width, warn_at=WARN_AT, is_simulated=False))


def test_the_routing_pane_tells_who_why_and_at_what_cost() -> None:
    shown = routing(ENDED)

    for words_ in ("● lab/small", "cheapest that is good enough", "balanced", "coding · difficulty 0.42", "312 ms"):
        assert words_ in shown
    assert "expected  ~$0.0004" in shown
    assert "actual    $0.0005" in shown
    assert "speed     155 tok/s" in shown
    assert "1,204 in · 310 out" in shown


def test_every_candidate_has_its_strongest_vote_or_its_veto_in_words() -> None:
    shown = routing(ENDED)

    assert "cost: cheapest of 2" in shown
    assert "slow today" not in shown
    assert "task: good at code" in shown
    assert "veto" in shown
    assert "window: 4,096 tokens are too few" in shown


def test_the_expanded_pane_shows_every_vote_signed() -> None:
    shown = routing(ENDED, 80, is_expanded=True)

    assert "+0.45 cost" in shown
    assert "-0.10 speed" in shown
    assert "slow today" in shown


def test_an_unknown_expected_cost_is_a_question_mark_and_never_zero() -> None:
    candidate_row = next(row for row in routing(ENDED).splitlines() if "lab/large" in row)

    assert candidate_row.rstrip().endswith("?")
    assert "0.00" not in candidate_row


def test_a_failed_attempt_is_told_with_its_error() -> None:
    failed = Attempt("x", LARGE, 0, Outcome.FAILED, TurnError("RateLimited", "slow down"), retries=2, duration_ms=90)

    shown = routing(replace(ENDED, attempts=(failed, DONE)))

    assert "Attempts" in shown
    assert "rate limited: slow down" in shown
    assert "asked 3 times" in shown


def test_a_route_without_a_model_says_so_and_promises_no_figures() -> None:
    shown = routing(replace(ENDED, attempts=(), state=TurnState.BLOCKED, route=replace(ROUTE, chosen=None)))

    assert "no model may take this turn" in shown
    assert "when it has ended" not in shown
    assert "expected  ?" not in shown


def test_the_attempts_stand_before_the_candidates() -> None:
    """A low screen cuts the end of the pane: what happened must not be there."""
    failed = Attempt("x", LARGE, 0, Outcome.FAILED, TurnError("Unreachable", "nobody there"), duration_ms=9)

    shown = routing(replace(ENDED, attempts=(failed, DONE)))

    assert shown.index("Attempts") < shown.index("Candidates")


def test_the_model_that_answers_is_listed_however_far_down_it_was() -> None:
    others = tuple(Candidate(ModelRef("lab", f"m{n}"), 1.0, None, USD) for n in range(9))

    shown = routing(replace(ENDED, route=replace(ROUTE, candidates=(*others, *ROUTE.candidates))))

    assert shown.count("● lab/small") == 2
    assert "7 more" in shown


def test_a_pin_is_told_once_and_does_not_list_what_it_leaves_out() -> None:
    vetoed = tuple(Candidate(m, 0.0, None, None, veto=Veto("pinned", "you pinned lab/small")) for m in (LARGE, LOCAL))
    chosen = Candidate(SMALL, 1.0, None, USD, (Vote("pinned", 1.0, "pinned by you: lab/small"),))
    route = replace(ROUTE, candidates=(chosen, *vetoed), is_pinned=True, reason="pinned by you")

    shown = routing(replace(ENDED, route=route))

    assert shown.splitlines().count("pinned by you") == 1
    assert "lab/large" not in shown
    assert "2 others, which the pin leaves out" in shown


def test_an_expected_cost_is_an_estimate_wherever_it_stands() -> None:
    candidate_row = next(row for row in routing(ENDED).splitlines() if "+0.62" in row)

    assert candidate_row.endswith("~$0.0004")


def test_what_the_provider_lets_through_is_shown_and_a_low_one_with_its_end() -> None:
    quota = Quota(Allotment(3, 60, 11.6), Allotment(48_200, 90_000, 0.5))

    shown = text(routing_lines(RoutingFacts(ENDED, quota=quota), 36, is_expanded=False, is_simulated=False))

    assert "left      3/60 requests for 12 s\n          48k/90k tokens\n" in shown
    assert "left " not in routing(ENDED)


def test_a_simulated_model_is_marked() -> None:
    assert "SIMULATED" in routing(ENDED, is_simulated=True)


def test_the_live_speed_is_an_estimate_and_moves_twice_a_second() -> None:
    facts, now = RoutingFacts(ASKED), 100.0
    speeds = set()
    for _ in range(40):
        facts = facts.after(ev.TextDelta("x" * 40), ASKED, now)
        speeds.add(facts.speed)
        now += 0.05

    assert all(speed == "" or speed.startswith("~") for speed in speeds)
    assert 2 <= len(speeds) <= 5


def test_a_new_attempt_starts_the_speed_anew() -> None:
    facts = RoutingFacts(ASKED)
    for now in (1.0, 2.0):
        facts = facts.after(ev.TextDelta("x" * 400), ASKED, now)

    assert facts.speed
    assert facts.after(ev.AttemptStarted(RUNNING), ASKED, 3.0).speed == ""


def test_the_cost_pane_marks_sums_that_leave_unknown_prices_out() -> None:
    shown = cost(ENDED)

    assert "≥ $0.42 + 3 unknown" in shown
    assert "session  $0.01" in shown


def test_how_many_prices_are_unknown_is_never_cut_off() -> None:
    long = replace(SUMMARY, today_pico=42 * USD // 10**6, unknown_today=12, saved_today_pico=USD // 5000)

    shown = cost(ENDED, long)

    assert "≥ $0.000042 + 12 ?" in shown
    assert "…" not in shown


def test_savings_are_signed_and_their_baseline_is_named() -> None:
    shown = cost(ENDED)

    assert "+$0.10" in shown
    assert "-$0.20" in shown
    assert "saved against lab/large" in shown


def test_a_budget_that_is_nearly_used_warns_and_others_do_not() -> None:
    shown = " ".join(cost(ENDED).split())

    assert "! 84% of the day budget of $0.50 is used" in shown
    assert "month budget" not in shown


def test_the_turns_cost_is_expected_while_it_runs_and_actual_after() -> None:
    assert turn_cost(None).plain == "–"
    assert turn_cost(ASKED).plain == "~$0.0004"
    assert turn_cost(ENDED).plain == "$0.0005"
    assert turn_cost(replace(ENDED, attempts=(replace(DONE, cost_pico=None),))).plain == "?"


def test_without_a_baseline_no_saving_is_claimed() -> None:
    shown = cost(ENDED, replace(SUMMARY, baseline=""))

    assert "saved against" not in shown
    assert "+$0.10" not in shown


@pytest.mark.parametrize(("saved", "words_"), [(None, "–"), (0, "$0.00"), (USD, "+$1.00"), (-USD, "-$1.00")])
def test_a_saving_has_a_sign(saved: int | None, words_: str) -> None:
    assert signed(saved).plain == words_


def test_known_sums_are_plain() -> None:
    assert Sum("today", USD, 0, False, None).spent().plain == "$1.00"


def test_a_sum_with_an_estimate_in_it_is_an_estimate() -> None:
    shown = cost(ENDED, replace(SUMMARY, is_estimate_session=True, is_estimate_today=True))

    assert "session  ~$0.01" in shown
    assert "today    ≥ ~$0.42 + 3 unknown" in shown
    assert "month    ≥ $4.00" in shown


@pytest.mark.parametrize("width", [36, 60, 77, 120])
@pytest.mark.parametrize("is_expanded", [False, True])
def test_no_line_is_wider_than_its_pane(width: int, is_expanded: bool) -> None:
    facts = RoutingFacts(ENDED)
    lines = [
        *routing_lines(facts, width, is_expanded=is_expanded, is_simulated=True),
        *cost_lines(ENDED, SUMMARY, width, warn_at=WARN_AT, is_simulated=True),
        routing_line(facts, width),
        cost_line(ENDED, SUMMARY, width, warn_at=WARN_AT),
        status_line(Status(Activity.READY, "a title " * 9, "pinned lab/small", 2, True, (("F1", "help"),)), width),
    ]

    assert [line.plain for line in lines if line.cell_length > width] == []


@given(st.text(max_size=60), st.text(max_size=60), st.integers(8, 90))
def test_a_spread_line_fits_whatever_is_in_it(left: str, right: str, width: int) -> None:
    line = spread(words((left, "")), words((right, "")), width)

    assert line.cell_length <= width
    assert "\n" not in line.plain


@given(st.text(max_size=300), st.integers(8, 90), st.integers(1, 4))
def test_wrapped_text_keeps_to_its_room(raw: str, width: int, most: int) -> None:
    lines = wrapped(raw, "", width, indent="  ", most=most)

    assert len(lines) <= most
    assert all(line.cell_length <= width for line in lines)


def test_segments_that_do_not_fit_are_left_out_whole() -> None:
    parts = [words((part, "")) for part in ("one", "two", "three")]

    assert fitting(parts, 9, words((" · ", ""))).plain == "one · two"
    assert fitting(parts, 2, words((" · ", ""))).plain == "o…"


def test_a_long_model_name_loses_its_provider_before_its_end() -> None:
    model = ModelRef("together", "meta-llama/Llama-3.3-70B")

    assert short_name(model, 40) == "together/meta-llama/Llama-3.3-70B"
    assert short_name(model, 25) == "meta-llama/Llama-3.3-70B"
    assert short_name(model, 15) == "Llama-3.3-70B"
    assert short_name(model, 8) == "Llama-3…"


@pytest.mark.parametrize(
    ("amount_ms", "words_"), [(None, "–"), (0, "0 ms"), (999, "999 ms"), (1200, "1.2 s"), (125_000, "2 min 5 s")]
)
def test_times_are_short(amount_ms: int | None, words_: str) -> None:
    assert milliseconds(amount_ms) == words_


def test_the_status_line_keeps_what_matters_and_drops_hints_first() -> None:
    status = Status(Activity.ANSWERING, "moths", "auto · balanced", 1, True, (("F1", "help"), ("F2", "model")))

    assert status_line(status, 120).plain.endswith("F1 help  F2 model")
    narrow = status_line(status, 62).plain
    assert "SIMULATED" in narrow
    assert "answering" in narrow
    assert "F2" not in narrow


def test_a_record_is_told_beside_its_candidate_and_what_is_kept_of_it() -> None:
    known = replace(
        ROUTE,
        candidates=(
            replace(ROUTE.candidates[0], record=Record(0.93, 41, 12, 0.04), cached_tokens=1200),
            *ROUTE.candidates[1:],
        ),
        task_weight=0.71,
        looks_like="code reasoning",
        note="",
    )

    brief, whole = routing(replace(ENDED, route=known)), routing(replace(ENDED, route=known), 80, is_expanded=True)

    for words_ in ("task      coding 0.71", "like      code reasoning", "●●●○ 0.80", "~1,200 tokens"):
        assert words_ in brief
    assert "wins 93 % here, n=41, 12 yours" in brief
    assert "cost: cheapest of 2" not in brief
    assert "wins 93 % here, n=41, 12 yours · ~1,200 tokens cached" in whole
    assert "+0.45 cost" in whole


def test_it_is_said_when_the_rules_decided_alone() -> None:
    alone = replace(ENDED, route=replace(ROUTE, note="no public record of such work: the rules decide alone"))

    assert "by        the rules alone" in routing(alone)
    assert "by        no public record of such work: the rules decide alone" in routing(alone, 80, is_expanded=True)
