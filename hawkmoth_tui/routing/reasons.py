"""Why a route came out as it did, in about five words, and how clear the choice was."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hawkmoth_tui.routing.policy import Aim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.core.route import Candidate
    from hawkmoth_tui.routing.features import Features
    from hawkmoth_tui.routing.policy import Policy
    from hawkmoth_tui.routing.tasks import Task

CLEAR_LEAD = 0.25
"""A lead in votes that settles most of the doubt between two candidates."""

GOES_ON = "goes on with its own answer"
"""Of the model that began the answer which is continued."""

_DECIDED_BY = {
    "sticky": "keeps the session's warm model",
    "speed": "fastest good enough for {work}",
    "health": "the others failed lately",
    "window": "keeps the whole history",
    "budget": "spares the budget",
}
"""Words for a choice that neither cost nor quality explains, by the rule that made the difference."""


def confidence(features: Features, fitting: Sequence[Candidate]) -> float:
    """0..1. 1: pinned, or nothing else fits. 0: nothing fits. Else from the lead over the next one, 0.5 being a tie, and from how sure the
    task is."""
    if not fitting:
        return 0.0
    if features.pinned is not None or len(fitting) == 1 or _score(fitting[0], "local") > 0:
        return 1.0
    lead = fitting[0].score - fitting[1].score
    if features.is_measured:
        return round((0.5 + 0.5 * _sureness(fitting[0], fitting[1], lead)) * (0.6 + 0.4 * features.task.confidence), 3)
    clarity = 1 - 0.5 * math.exp(-lead / CLEAR_LEAD)
    return round(clarity * (0.6 + 0.4 * features.task.confidence), 3)


def reason(features: Features, policy: Policy, judged: Sequence[Candidate]) -> str:
    """Why the first candidate leads; of vetoed ones only, what stopped the pin or how many there were.

    Hawkmoth's own answers are no model: where they are out of the question they are not counted.
    """
    judged = [candidate for candidate in judged if not is_out_of_question(candidate)] or judged
    if not judged:
        return "no model to choose from"
    fitting = [candidate for candidate in judged if candidate.veto is None]
    if not fitting:
        return _all_vetoed(features, judged)
    chosen = fitting[0]
    work = features.task.task.work
    if features.pinned is not None:
        return GOES_ON if features.is_going_on else "pinned by you"
    if _score(chosen, "local") > 0:
        return next(vote.reason for vote in chosen.votes if vote.rule == "local")
    if len(fitting) == 1:
        return "the only one that fits" if len(judged) > 1 else "the only model there is"
    if _score(chosen, "preference") > 0:
        return f"your preference for {work}"
    private = "private, " if policy.is_private else ""
    if features.is_measured:
        return private + _by_record(features, chosen, fitting)
    return private + _leading(policy, features.task.task, chosen, fitting, work)


def note(features: Features) -> str:
    """Why the records do not choose; empty when they do, or when nobody chooses."""
    if features.pinned is not None or features.intent is not None:
        return ""
    return features.expected.note if features.expected else features.note


def is_out_of_question(candidate: Candidate) -> bool:
    """Whether it is Hawkmoth's own answers, where a model is needed."""
    return candidate.veto is not None and candidate.veto.rule == "local"


def _sureness(chosen: Candidate, other: Candidate, lead: float) -> float:
    """0..1: how sure it is that the lead is not chance, from what is known of both records."""
    if chosen.record is None or other.record is None:
        return 0.0
    doubt = math.hypot(chosen.record.spread, other.record.spread)
    return math.erf(lead / (doubt * math.sqrt(2.0))) if doubt else 1.0


def _by_record(features: Features, chosen: Candidate, fitting: Sequence[Candidate]) -> str:
    """Where the records chose: what the chosen one's record is worth, beside its price."""
    if chosen.record is None:
        return "best balance for this"
    work, wins = features.task.task.work, f"wins {100 * chosen.record.win:.0f} %"
    costs = [c.expected_cost_pico for c in fitting if c.expected_cost_pico is not None]
    is_cheapest = chosen.expected_cost_pico is not None and chosen.expected_cost_pico == min(costs)
    is_best = all(c.record is None or c.record.win <= chosen.record.win for c in fitting)
    if is_cheapest:
        return f"cheapest, {wins} at {work}" if not is_best else f"best and cheapest, {wins} at {work}"
    if is_best:
        return f"worth its price, {wins} at {work}"
    if features.incumbent == chosen.model and _decisive(chosen, fitting) == "back":
        return f"stays with the session's model, {wins} at {work}"
    return f"best value, {wins} at {work}"


def _leading(policy: Policy, task: Task, chosen: Candidate, fitting: Sequence[Candidate], work: str) -> str:
    costs = [c.expected_cost_pico for c in fitting if c.expected_cost_pico is not None and _is_enough(c)]
    if policy.aim is Aim.MOST:
        is_best = _score(chosen, "task") == max(_score(candidate, "task") for candidate in fitting)
        return f"highest quality for {work}" if is_best else f"best balance for {work}"
    if not _is_enough(chosen):
        return f"nearest to good enough for {work}"
    if chosen.expected_cost_pico is not None and chosen.expected_cost_pico == min(costs):
        if policy.floor(task) <= 0:
            return "cheapest of all"
        if chosen.expected_cost_pico == 0:
            return f"free and good enough for {work}"
        return f"cheapest good enough for {work}"
    return _DECIDED_BY.get(_decisive(chosen, fitting), "best balance for {work}").format(work=work)


def _decisive(chosen: Candidate, fitting: Sequence[Candidate]) -> str:
    """The rule that put the chosen one furthest ahead of the next."""
    rules = {vote.rule for candidate in fitting[:2] for vote in candidate.votes}
    return max(sorted(rules), key=lambda rule: _score(chosen, rule) - _score(fitting[1], rule))


def _is_enough(candidate: Candidate) -> bool:
    return _score(candidate, "task") >= 0


def _score(candidate: Candidate, rule: str) -> float:
    return next((vote.score for vote in candidate.votes if vote.rule == rule), 0.0)


def _all_vetoed(features: Features, judged: Sequence[Candidate]) -> str:
    if features.pinned is None:
        return f"all {len(judged)} models are vetoed" if len(judged) > 1 else "the only model is vetoed"
    stopped = next((candidate.veto for candidate in judged if candidate.model == features.pinned), None)
    pinned = "the model that began this answer" if features.is_going_on else "your pinned model"
    return f"{pinned} is stopped by {stopped.rule}" if stopped else f"{pinned} is not there"
