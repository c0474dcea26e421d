"""Conversations of twenty turns, made up from a seed, and what a router pays for them, caches included.

A model that answered within its cache's time to live reads the beginning of the conversation at its cached price; any other reads all
of it anew. So leaving a model costs once on the way out and once on the way back. Costs are in USD and floating: this is a rehearsal.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TURNS = 20
TTL_S = 300.0
RETURN_SHARE = 0.7
"""How likely a conversation is to come back to the model that it leaves."""
LEAST_GAIN = 0.02
"""Utility by which another model must be better before the incumbent is left."""
MOST_OVER = 1.02
"""A routed conversation may cost this much of the unrouted one, and no more."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a model charges, in USD per token."""

    fresh: float
    cached: float
    written: float
    """Input that is read fresh and written to the cache; the fresh price where writing costs nothing extra."""
    answer: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of a conversation."""

    new_tokens: int
    answer_tokens: int
    pause_s: float
    """Since the turn before."""
    wins: Mapping[str, float]
    """Expected quality by model."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands."""

    context_tokens: int = 0
    cached: Mapping[str, int] = field(default_factory=dict)
    """Tokens of the beginning that a model still holds."""
    idle_s: Mapping[str, float] = field(default_factory=dict)
    """Since a model answered last; only models that ever did."""


def turn_usd(tariff: Tariff, context: int, cached: int, new: int, answer: int) -> float:
    """The cost of one turn: the cached beginning, the rest of the context, what is new, and the answer."""
    held = min(cached, context)
    return held * tariff.cached + (context - held) * tariff.written + new * tariff.fresh + answer * tariff.answer


def return_usd(incumbent: Tariff, context: int, new: int, answer: int) -> float:
    """What coming back to the incumbent would cost beyond staying: its cache has to be warmed again."""
    return (context + new + answer) * max(0.0, max(incumbent.fresh, incumbent.written) - incumbent.cached)


def after(state: State, model: str, exchange: Exchange) -> State:
    """The conversation after a model took a turn; what nobody used for longer than the time to live is forgotten."""
    idle = {name: seconds + exchange.pause_s for name, seconds in state.idle_s.items()} | {model: 0.0}
    context = state.context_tokens + exchange.new_tokens + exchange.answer_tokens
    held = {name: tokens for name, tokens in state.cached.items() if idle[name] <= TTL_S} | {model: context}
    return State(context, held, idle)


def held_by(state: State, model: str, pause_s: float) -> int:
    """Tokens that a model will still hold after a pause."""
    idle = state.idle_s.get(model)
    return state.cached.get(model, 0) if idle is not None and idle + pause_s <= TTL_S else 0


def made_up(seed: int, tariffs: Mapping[str, Tariff]) -> list[Exchange]:
    """A conversation: prompts and answers of very different lengths, pauses that sometimes outlast the caches, quality by model."""
    draw = random.Random(seed)
    general = {name: draw.uniform(0.4, 0.95) for name in tariffs}
    return [
        Exchange(
            new_tokens=round(draw.lognormvariate(5.0, 1.3)) + 1,
            answer_tokens=round(draw.lognormvariate(5.7, 0.9)) + 1,
            pause_s=draw.expovariate(1 / 90.0) if draw.random() < 0.85 else draw.uniform(200.0, 4000.0),
            wins={name: min(1.0, max(0.0, draw.gauss(quality, 0.15))) for name, quality in general.items()},
        )
        for _ in range(TURNS)
    ]


def tariffs(seed: int) -> dict[str, Tariff]:
    """Three models with prices as they are found: a cheap, a middling and a dear one, with and without dearer cache writes."""
    draw = random.Random(seed)
    found = {}
    for name, low, high in (("small", 0.05, 0.5), ("middle", 0.5, 3.0), ("large", 2.0, 15.0)):
        fresh = draw.uniform(low, high) / 1e6
        written = fresh * draw.choice((1.0, 1.25))
        found[name] = Tariff(fresh, fresh * draw.choice((0.1, 0.25, 0.5, 1.0)), written, fresh * draw.uniform(3.0, 5.0))
    return found


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a conversation cost."""

    routed_usd: float
    stayed_usd: float
    switches: int

    @property
    def ratio(self) -> float:
        """Routed against staying."""
        return self.routed_usd / self.stayed_usd


def replay(
    conversation: Sequence[Exchange], prices: Mapping[str, Tariff], incumbent: str, price_of_quality: float
) -> Replayed:
    """Route a conversation that began with the incumbent. A turn goes elsewhere only if that pays after the way out and the likely way
    back, and only if the way back is already saved up: then the whole can never cost more than MOST_OVER of staying."""
    ours, stays = State(), State()
    spent = stayed = 0.0
    current, switches = incumbent, 0
    for exchange in conversation:
        staying = _usd(prices, stays, incumbent, exchange)
        options = {name: _usd(prices, ours, name, exchange) for name in prices}
        allowance = MOST_OVER * (stayed + staying) - spent
        fitting = [
            name for name in prices if options[name] + _debt(prices, ours, incumbent, name, exchange) <= allowance
        ]
        chosen = _best(options, prices, ours, exchange, current, fitting or [incumbent], price_of_quality)
        switches += chosen != current
        spent, stayed, current = spent + options[chosen], stayed + staying, chosen
        ours, stays = after(ours, chosen, exchange), after(stays, incumbent, exchange)
    return Replayed(spent, stayed, switches)


def _usd(prices: Mapping[str, Tariff], state: State, name: str, exchange: Exchange) -> float:
    held = held_by(state, name, exchange.pause_s)
    return turn_usd(prices[name], state.context_tokens, held, exchange.new_tokens, exchange.answer_tokens)


def _debt(prices: Mapping[str, Tariff], state: State, incumbent: str, name: str, exchange: Exchange) -> float:
    """What has to be kept back so that the next turn could return to the incumbent."""
    if name == incumbent:
        return 0.0
    return return_usd(prices[incumbent], state.context_tokens, exchange.new_tokens, exchange.answer_tokens)


def _best(
    options: Mapping[str, float],
    prices: Mapping[str, Tariff],
    state: State,
    exchange: Exchange,
    current: str,
    fitting: Sequence[str],
    price_of_quality: float,
) -> str:
    def utility(name: str) -> float:
        back = 0.0
        if name != current:
            warm = return_usd(prices[current], state.context_tokens, exchange.new_tokens, exchange.answer_tokens)
            back = RETURN_SHARE * warm
        return exchange.wins[name] - price_of_quality * (options[name] + back)

    best = max(fitting, key=lambda name: (utility(name), name))
    if current in fitting and utility(best) - utility(current) <= LEAST_GAIN:
        return current
    return best


def rehearsals(count: int, seed: int = 0) -> Iterator[Replayed]:
    """Many conversations with many price lists, begun with each of the models."""
    for at in range(count):
        prices = tariffs(seed + at)
        incumbent = sorted(prices)[at % len(prices)]
        yield replay(made_up(seed + at, prices), prices, incumbent, (0.0, 5.0, 50.0, 500.0)[at % 4])
