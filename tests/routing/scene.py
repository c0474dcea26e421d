"""A small market of models and the questions that the routing tests ask of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import Capability, Model, ModelRef, Prices
from hawkmoth_tui.routing.features import Features
from hawkmoth_tui.routing.policy import policy
from hawkmoth_tui.routing.router import Contender, decide
from hawkmoth_tui.routing.tasks import Task, TaskGuess

if TYPE_CHECKING:
    from hawkmoth_tui.core.route import Candidate, Route
    from hawkmoth_tui.routing.policy import Policy

ALL = frozenset({Capability.TOOLS, Capability.VISION, Capability.REASONING})


def model(
    name: str,
    usd: str | None = "1",
    quality: float | None = 0.6,
    *,
    is_local: bool = False,
    lane: str = "standard",
    context_tokens: int | None = 100_000,
    capabilities: frozenset[Capability] = frozenset({Capability.TOOLS}),
) -> Model:
    """A model whose output costs four times its input `usd`, a cached read a tenth. None: price unknown."""
    ref = ModelRef.parse(name)
    assert ref is not None
    price = None if usd is None else Decimal(usd)
    return Model(
        ref=ref,
        lane=lane,
        context_tokens=context_tokens,
        max_output_tokens=4_000,
        prices=None if price is None else Prices(price, price * 4, price / 10),
        capabilities=capabilities,
        quality=quality,
        is_local=is_local,
    )


SMALL = model("lab/small", "0.1", 0.5, lane="economy")
MIDDLE = model("lab/middle", "1", 0.75)
LARGE = model("far/large", "5", 0.9, lane="premium", capabilities=ALL)
HERE = model("ollama/here", "0", 0.55, is_local=True, lane="local")
OWN = replace(model("local/facts", "0", 1.0, is_local=True, lane="local", capabilities=frozenset()), is_facts=True)
"""Hawkmoth's own answers; not in the market."""
MARKET = (SMALL, MIDDLE, LARGE, HERE)


def features(task: Task = Task.CODING, prompt_tokens: int = 1_000) -> Features:
    """A turn of a certain task with nothing else about it."""
    return Features(prompt_tokens=prompt_tokens, task=TaskGuess(task, 0.8, ("sign",)), expected_output_tokens=500)


def route(
    asked: Features | None = None, *contenders: Contender | Model, under: Policy | str = "balanced", now_s: float = 0.0
) -> Route:
    """The decision over the contenders, else over the whole market, with the clock standing at `now_s`."""
    field = [each if isinstance(each, Contender) else Contender(each) for each in contenders or MARKET]
    chosen = policy(under) if isinstance(under, str) else under
    return decide(asked or features(), field, chosen, lambda: now_s)


def opinions(candidate: Candidate) -> dict[str, tuple[float | None, str]]:
    """What each rule said: (score, reason), the score None for the veto."""
    said: dict[str, tuple[float | None, str]] = {vote.rule: (vote.score, vote.reason) for vote in candidate.votes}
    if candidate.veto:
        said[candidate.veto.rule] = (None, candidate.veto.reason)
    return said


def judged(asked: Features, contender: Contender | Model, under: str = "balanced", now_s: float = 0.0) -> Candidate:
    """The judgement on one candidate alone."""
    return route(asked, contender, under=under, now_s=now_s).candidates[0]


def changed(before: Candidate, after: Candidate) -> set[str]:
    """The rules that say something else after than before."""
    one, other = opinions(before), opinions(after)
    return {rule for rule in one.keys() | other.keys() if one.get(rule) != other.get(rule)}


def priced(base: Model, usd: str) -> Model:
    """The same model at another price."""
    price = Decimal(usd)
    return replace(base, prices=Prices(price, price * 4, price / 10))
