"""The decision: every rule judges every candidate, the votes are added, and the order of the sums is the route.

Pure. The clock is a monotonic one in seconds, used for pauses and for the time the decision took.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hawkmoth_tui.core.route import Candidate, Route, Veto, Vote
from hawkmoth_tui.routing.costs import (
    expected_cost_pico,
    expected_output,
    held_tokens,
    reservation_pico,
    return_cost_pico,
)
from hawkmoth_tui.routing.health import Health
from hawkmoth_tui.routing.quality import expected_quality
from hawkmoth_tui.routing.reasons import confidence, is_out_of_question, note, reason
from hawkmoth_tui.routing.rules import RULES, Against, For, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.routing.features import Features
    from hawkmoth_tui.routing.policy import Policy
    from hawkmoth_tui.routing.rules import Room, Rule

VETO_ORDER = ("pinned", "asked", "allow", "local", "privacy", "capability", "window", "budget", "health")
"""Which veto is shown where several rules cast one; rules that are not here come after, by name."""

WISHES = ("local", "preference")
"""Rules that come before all sums where the records choose."""

SCORE_DIGITS = 9
"""Sums that agree to this many digits are a tie, which the name decides."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A model that could take the turn."""

    model: Model
    health: Health = field(default_factory=Health)
    key_problem: str = ""
    """Why no request can be sent there, naming the variable or the command; empty when one can."""
    token_factor: float = 1.0
    """Its tokens for each plain one that the features count."""
    room: Room | None = None
    """The tightest limit of its own provider or lane. None: neither has one."""


def decide(
    features: Features,
    contenders: Sequence[Contender],
    policy: Policy,
    clock: Callable[[], float],
    rules: Mapping[str, Rule] = RULES,
) -> Route:
    """The route: best candidate first, the others as fallbacks, vetoed ones last. A pin never moves: it has no fallbacks, and a vetoed
    pin leaves nothing chosen. The order of contenders and rules does not matter. When nothing fits, models that only pause may be tried."""
    started_s = clock()
    judged = _judge_all(features, contenders, policy, started_s, rules)
    if all(candidate.veto for candidate in judged):
        judged = _judge_all(features, contenders, policy, started_s, rules, is_last_resort=True)
    fitting = [candidate for candidate in judged if candidate.veto is None]
    return Route(
        chosen=fitting[0].model if fitting else None,
        fallbacks=tuple(candidate.model for candidate in fitting[1:]),
        candidates=tuple(judged),
        policy=policy.name,
        policy_sha256=policy.sha256,
        task=features.task.task.value,
        confidence=confidence(features, fitting),
        reason=reason(features, policy, judged),
        elapsed_ms=round((clock() - started_s) * 1000, 3),
        difficulty=features.expected.difficulty if features.expected else None,
        is_pinned=features.pinned is not None and not features.is_going_on,
        task_weight=round(features.task.confidence, 3),
        looks_like=features.expected.looks_like if features.expected else "",
        note=note(features),
    )


def _judge_all(
    features: Features,
    contenders: Sequence[Contender],
    policy: Policy,
    now_s: float,
    rules: Mapping[str, Rule],
    *,
    is_last_resort: bool = False,
) -> list[Candidate]:
    """Every contender judged, best first, vetoed ones last."""
    weights = dict(policy.weights)
    in_order = [(name, rules[name]) for name in sorted(rules)]
    left = next((contender.model for contender in contenders if contender.model.ref == features.incumbent), None)
    judged = []
    for contender in contenders:
        own = features.counted_by(contender.token_factor)
        judged.append(_judge(own, _subject(own, contender, left, now_s, is_last_resort), policy, in_order, weights))
    judged.sort(
        key=lambda c: (
            c.veto is not None,
            is_out_of_question(c),
            features.is_measured and _is_not_wished(c),
            -round(c.score, SCORE_DIGITS),
            c.model,
        )
    )
    return judged


def _is_not_wished(candidate: Candidate) -> float:
    """Where dollars are votes, no price stands against what the user wishes: the lower, the sooner it is taken."""
    return -max((vote.score for vote in candidate.votes if vote.rule in WISHES), default=0.0)


def _judge(
    features: Features,
    subject: Subject,
    policy: Policy,
    rules: Sequence[tuple[str, Rule]],
    weights: Mapping[str, float],
) -> Candidate:
    votes: list[Vote] = []
    vetoes: list[Veto] = []
    for name, rule in rules:
        match rule(features, subject, policy):
            case For(score, why):
                votes.append(Vote(name, round(score * weights.get(name, 1.0), SCORE_DIGITS), why))
            case Against(why):
                vetoes.append(Veto(name, why))
            case None:
                pass
    return Candidate(
        model=subject.model.ref,
        score=math.fsum(vote.score for vote in votes),
        expected_quality=subject.quality,
        expected_cost_pico=subject.cost_pico,
        votes=tuple(votes),
        veto=min(vetoes, key=_veto_rank, default=None),
        record=subject.record,
        cached_tokens=held_tokens(subject.model, features),
    )


def _subject(
    features: Features, contender: Contender, left: Model | None, now_s: float, is_last_resort: bool
) -> Subject:
    """`left` is the model that answered last, where it is among the contenders."""
    model = contender.model
    records = features.expected.records if features.expected else {}
    own = records.get(model.ref)
    stays = left is None or left.ref == model.ref
    before = None if stays or left is None else records.get(left.ref)
    return Subject(
        model=model,
        health=contender.health,
        key_problem=contender.key_problem,
        is_last_resort=is_last_resort,
        cooling_s=contender.health.cooling_s(now_s),
        quality=own.win if own else expected_quality(model, features.task.task),
        output_tokens=expected_output(model, features),
        cost_pico=expected_cost_pico(model, features),
        reservation_pico=reservation_pico(model, features) if features.is_limited or contender.room else None,
        room=contender.room,
        record=own,
        return_pico=0 if stays or left is None or not features.is_measured else return_cost_pico(left, features),
        doubt=math.hypot(own.spread, before.spread) if own and before else 0.0,
    )


def _veto_rank(veto: Veto) -> tuple[int, str]:
    known = VETO_ORDER.index(veto.rule) if veto.rule in VETO_ORDER else len(VETO_ORDER)
    return known, veto.rule
