"""One function per reason to take or leave a candidate. A rule casts a vote, a veto or nothing; rules never see each other.

The decorator is all a new rule needs: its name is the function's, its weight stands in the policies, and its words are shown as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from hawkmoth_tui.core.money import PICO_PER_USD, money_text
from hawkmoth_tui.routing.costs import held_tokens, switch_cost_pico
from hawkmoth_tui.routing.intents import described
from hawkmoth_tui.routing.policy import Aim
from hawkmoth_tui.routing.quality import assumed_quality
from hawkmoth_tui.routing.reasons import GOES_ON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.route import Record
    from hawkmoth_tui.routing.features import Features
    from hawkmoth_tui.routing.health import Health
    from hawkmoth_tui.routing.policy import Policy

EVEN_COST_PICO = PICO_PER_USD // 200
"""0.005 USD: a turn that is neither cheap nor dear."""

UNKNOWN_COST = {"economy": -0.90, "standard": -0.95}
"""The vote on a candidate of unknown price, by its lane; -1 in any other. Near what a dollar would get."""

EVEN_SWITCH_PICO = PICO_PER_USD // 500
"""0.002 USD: a switch that counts half."""

EVEN_SECONDS = 10.0
"""A whole answer that is neither fast nor slow."""

UNKNOWN_USD = {"economy": 0.01, "standard": 0.03}
"""What a turn of unknown price is taken to cost where the records choose, by its lane; UNKNOWN_DEAR_USD in any other."""
UNKNOWN_DEAR_USD = 0.10

LEAST_SHARE = 0.75
"""A candidate that is expected to win less than this share of the best one's wins is too weak, however cheap."""

LEAST_GAIN, MOST_GAIN = 0.02, 0.15
"""By how much another model must be better, at least and at most, before the model that answered last is left."""

LONG_WAIT_S = 60.0
"""A wait that counts in full."""

STAYING = 0.25
"""What the session's own model gains by being there already."""

QUALITY_SPAN = 0.30
"""A candidate that misses the floor by this much cannot be worse."""

ABOVE_FLOOR = 0.002
"""Worth of quality above the floor: it decides only between candidates that cost the same."""


class Room(NamedTuple):
    """What a limit of a candidate's own provider or lane leaves."""

    limit: str
    """Whose and how long: "openai day", "premium lane month"."""
    limit_pico: int
    left_pico: int


@dataclass(frozen=True, slots=True)
class Subject:
    """One candidate with what was worked out about it before the rules are asked."""

    model: Model
    health: Health
    key_problem: str
    """Why no request can be sent there; empty when one can."""
    is_last_resort: bool
    """Whether nothing else fits, so that a pause is no obstacle."""
    cooling_s: float
    """Seconds until its pause ends; 0 when there is none."""
    quality: float | None
    """Expected quality at this task. None: unrated."""
    output_tokens: int
    """Expected answer, reasoning included."""
    cost_pico: int | None
    """Expected cost. None: price unknown."""
    reservation_pico: int | None
    """The most one attempt can cost. None: price unknown, or no limit applies and nobody asked."""
    room: Room | None = None
    """The tightest limit of its own provider or lane. None: neither has one."""
    record: Record | None = None
    """How often its answers to such prompts were good enough. None: nothing is known beyond its rating."""
    return_pico: int | None = 0
    """What coming back to the model that answered last will probably cost, if this one takes the turn. None: price unknown."""
    doubt: float = 0.0
    """Standard deviation of the distance between its record and that of the model that answered last."""


class For(NamedTuple):
    """A rule's opinion before its weight: -1..+1 and the reason."""

    score: float
    reason: str


class Against(NamedTuple):
    """A rule's veto."""

    reason: str


Opinion: TypeAlias = For | Against | None
Rule: TypeAlias = "Callable[[Features, Subject, Policy], Opinion]"

RULES: dict[str, Rule] = {}
"""Every rule by its name."""


def rule(function: Rule) -> Rule:
    """Enters a function into the rules under its own name."""
    RULES[function.__name__] = function
    return function


@rule
def pinned(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """The user's choice stands, and whoever began an answer goes on with it: for the pinned model, a veto for every other."""
    if features.pinned is None:
        return None
    if subject.model.ref == features.pinned:
        return For(1.0, GOES_ON if features.is_going_on else f"pinned by you: {features.pinned}")
    return Against(
        f"{features.pinned} goes on with its answer" if features.is_going_on else f"you pinned {features.pinned}"
    )


@rule
def asked(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """A veto for what the prompt's own words do not name, where they name several models at once: "use claude"."""
    if not features.among or subject.model.ref in features.among:
        return None
    return Against(f"you asked for one of {len(features.among)} others")


@rule
def allow(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """A veto for what the user denies, or does not allow. Patterns know * and ?; deny wins."""
    forbidden = forbids(subject.model.ref, features.allow, features.deny)
    return Against(forbidden) if forbidden else None


def forbids(ref: ModelRef, allow: Iterable[str], deny: Iterable[str]) -> str:
    """Why the user's lists keep this model out; empty when they let it in."""
    name = str(ref)
    denied = next((pattern for pattern in deny if _matches(name, pattern)), None)
    if denied is not None:
        return f'denied by "{denied}" in [routing] deny'
    if any(_matches(name, pattern) for pattern in allow):
        return ""
    return f"not among [routing] allow: {', '.join(allow) or 'nothing'}"


@rule
def local(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """For Hawkmoth's own answer, decisively, where the prompt plainly asks what needs no model; a veto for it everywhere else."""
    if not subject.model.is_facts:
        return None
    if features.intent is None:
        return Against("answers only dates, arithmetic, units and Hawkmoth's own figures")
    return For(1.0, f"{described(features.intent)} needs no model")


@rule
def privacy(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """A veto for models off this machine, under a private policy or for a private request."""
    if subject.model.is_local or not (policy.is_private or features.is_private):
        return None
    asked_by = f"the {policy.name} policy" if policy.is_private else "this request"
    return Against(f"{subject.model.ref.provider} is not on this machine, and {asked_by} is private")


@rule
def capability(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """A veto for a model that is not known to take what the turn holds; a pinned one keeps its turn, with a vote against it."""
    missing = ", ".join(sorted(need.value for need in features.needs - subject.model.capabilities))
    if not missing:
        return None
    if subject.model.ref == features.pinned:
        return For(-1.0, f"not known to have {missing}")
    return Against(f"lacks {missing}")


@rule
def window(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """A veto where even the shortest form of the turn does not fit; a vote against leaving history out. Unknown windows pass."""
    limit = subject.model.context_tokens
    if limit is None:
        return None
    required = features.prompt_tokens if features.required_tokens is None else features.required_tokens
    if required + subject.output_tokens > limit:
        return Against(f"needs {required:,} + {subject.output_tokens:,} tokens, its window has {limit:,}")
    left_out = features.prompt_tokens + subject.output_tokens - limit
    if left_out <= 0:
        return None
    return For(
        -min(1.0, left_out / features.prompt_tokens), f"leaves out {left_out:,} tokens: its window has {limit:,}"
    )


@rule
def health(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """A veto where no request can be sent, and while it pauses unless it is pinned or nothing else fits; a vote against recent failures."""
    if subject.key_problem:
        return Against(subject.key_problem)
    failures = subject.health.failures
    error = f" after {subject.health.last_error}" if subject.health.last_error else ""
    if subject.cooling_s > 0:
        pause = f"cooling for {max(1.0, subject.cooling_s):.0f} s{error}"
        may_try = subject.is_last_resort or subject.model.ref == features.pinned
        return For(-1.0, pause) if may_try else Against(pause)
    if subject.health.is_probed:
        probed = f"another turn is finding out whether it is well again{error}"
        may_try = subject.is_last_resort or subject.model.ref == features.pinned
        return For(-1.0, probed) if may_try else Against(probed)
    return For(-failures / (failures + 1), f"{failures} failed in a row{error}") if failures else None


@rule
def record(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """Where the records choose: the expected share of good answers at such prompts; far below the best one it is a vote against."""
    if not features.is_measured or subject.record is None or features.expected is None:
        return None
    best, known = features.expected.best, subject.record
    if known.win < LEAST_SHARE * best:
        return For(known.win - 1.0, f"{known}: too weak beside {100 * best:.0f} %")
    return For(known.win, str(known))


@rule
def price(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """Where the records choose: the expected cost in dollars, cache counted; the policy's weight is what a dollar is worth."""
    if not features.is_measured:
        return None
    if subject.cost_pico is None:
        usd = UNKNOWN_USD.get(subject.model.lane, UNKNOWN_DEAR_USD)
        return For(-usd, f"price unknown: taken as ${usd:.2f} in lane {subject.model.lane}")
    cached = held_tokens(subject.model, features)
    held = f", {cached:,} tokens cached" if cached else ""
    return For(
        -min(1.0, subject.cost_pico / PICO_PER_USD), f"about {money_text(subject.cost_pico)} for this turn{held}"
    )


@rule
def back(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """Where the records choose: against leaving the model that answered last, by what coming back will probably cost and by a margin that
    grows with the doubt about which of both is better."""
    if not features.is_measured or features.incumbent in (None, subject.model.ref):
        return None
    usd = 0.0 if subject.return_pico is None else subject.return_pico / PICO_PER_USD
    weights = dict(policy.weights)
    worth = weights.get("price", 1.0) / weights.get("record", 1.0)
    margin = min(MOST_GAIN, max(LEAST_GAIN, subject.doubt))
    again = f", coming back to it about {money_text(subject.return_pico)}" if subject.return_pico else ""
    return For(-min(1.0, margin + worth * usd), f"must be better than {features.incumbent} by {margin:.2f}{again}")


@rule
def wait(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """Where the records choose: against the time that a whole answer takes; nothing for a model that was never measured."""
    seconds = _seconds(subject) if features.is_measured else None
    return None if seconds is None else For(-min(1.0, seconds / LONG_WAIT_S), f"about {seconds:.1f} s for the answer")


@rule
def task(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """Expected quality at this task against the policy's floor; under an aim for the most, the quality itself."""
    if features.is_measured:
        return None
    kind = features.task.task
    quality = assumed_quality(subject.model) if subject.quality is None else subject.quality
    own = f" with {subject.record.own} graded by you" if subject.record and subject.record.own else ""
    said = (
        f"quality {quality:.2f}{own}"
        if subject.quality is not None
        else f"unrated, taken as {quality:.2f} in lane {subject.model.lane}"
    )
    if policy.aim is Aim.MOST:
        return For(2 * quality - 1, f"{said} at {kind.work}")
    floor = policy.floor(kind)
    if quality >= floor:
        return For(ABOVE_FLOOR * (quality - floor), f"{said}, enough for {kind.work} ({floor:.2f})")
    return For(-0.5 - 0.5 * min(1.0, (floor - quality) / QUALITY_SPAN), f"{said}, below {floor:.2f} for {kind.work}")


@rule
def preference(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """For the model that the user prefers at this task; the first preference counts most."""
    name = str(subject.model.ref)
    wanted = [each.model for each in features.preferences if each.task == features.task.task.value]
    if name not in wanted:
        return None
    place = wanted.index(name)
    return For(1.0 / (1 + place), f"you prefer {name} for {features.task.task}")


@rule
def sticky(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """For the model that answered last, against leaving its warm cache: from the USD it costs to read the context again uncached."""
    if features.incumbent is None:
        return None
    if subject.model.ref == features.incumbent:
        warm = f", {features.cached_tokens:,} tokens cached" if features.cached_tokens else ""
        return For(0.0 if features.is_measured else STAYING, f"answered last in this session{warm}")
    if features.cached_tokens == 0 or features.is_measured:
        return None
    lost_pico = switch_cost_pico(subject.model, features.cached_tokens)
    if lost_pico == 0:
        return None
    reads = f"reads {features.cached_tokens:,} tokens uncached that {features.incumbent} holds"
    if lost_pico is None:
        return For(-0.5, f"{reads}, at an unknown price")
    return For(-lost_pico / (lost_pico + EVEN_SWITCH_PICO), f"{reads}: {money_text(lost_pico, estimated=True)} more")


@rule
def budget(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """A veto where the most it can cost does not fit what is left, to the turn or to its own provider and lane, or cannot be known; a
    vote against taking much of it."""
    lefts = [] if features.budget_left_pico is None else [features.budget_left_pico]
    lefts += [subject.room.left_pico] if subject.room else []
    if not lefts:
        return None
    ref = subject.model.ref
    if subject.reservation_pico is None or subject.cost_pico is None:
        return Against(
            f"price unknown while a budget applies: set input_usd_per_mtok and output_usd_per_mtok for {ref}"
        )
    left_pico = min(lefts)
    if subject.reservation_pico > max(0, left_pico):
        needed, left = money_text(subject.reservation_pico), money_text(max(0, left_pico))
        whose = "the budget has"
        if subject.room and subject.room.left_pico == left_pico:
            whose = f"the {subject.room.limit} limit of {money_text(subject.room.limit_pico)} has"
        return Against(f"may cost up to {needed}, {whose} {left} left (a lower max_output_tokens reserves less)")
    if subject.cost_pico == 0:
        return None
    share = subject.cost_pico / left_pico
    return For(-min(1.0, share), f"takes about {share:.1%} of the {money_text(left_pico)} left")


@rule
def cost(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """The expected cost: +1 for nothing, 0 at half a cent, towards -1 above. A candidate of unknown price counts as dear."""
    if features.is_measured:
        return None
    if subject.cost_pico is None:
        return For(UNKNOWN_COST.get(subject.model.lane, -1.0), "price unknown: counts as dear")
    return For(_against_even(subject.cost_pico, EVEN_COST_PICO), f"about {money_text(subject.cost_pico)} for this turn")


@rule
def speed(features: Features, subject: Subject, policy: Policy) -> Opinion:
    """The time a whole answer has taken lately; nothing for a model that was never measured."""
    seconds = None if features.is_measured else _seconds(subject)
    if seconds is None:
        return None
    return For(
        _against_even(seconds, EVEN_SECONDS), f"about {seconds:.1f} s at {subject.health.tokens_per_s:.0f} tokens/s"
    )


def _seconds(subject: Subject) -> float | None:
    """How long a whole answer will take by its latest ones. None: never measured."""
    ttft_ms, rate = subject.health.ttft_ms, subject.health.tokens_per_s
    return None if ttft_ms is None or rate is None else ttft_ms / 1000 + subject.output_tokens / max(rate, 0.1)


def _against_even(amount: float, even: float) -> float:
    """+1 at nothing, 0 at `even`, falling for ever towards -1; the root keeps small amounts apart."""
    root, middle = amount**0.5, even**0.5
    return float((middle - root) / (middle + root))


def _matches(name: str, pattern: str) -> bool:
    return pattern == "*" or fnmatchcase(name, pattern.replace("[", "[[]"))
