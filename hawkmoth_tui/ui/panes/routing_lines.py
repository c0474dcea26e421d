"""How the routing pane is drawn: which model answers, why, what the others were worth, and how it went."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hawkmoth_tui.core.counts import short_count
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.ui.lines import (
    EMPTY,
    MUTED,
    SIMULATED,
    STRONG,
    fitting,
    milliseconds,
    named,
    short_name,
    spread,
    words,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from hawkmoth_tui.core.exchange import Quota
    from hawkmoth_tui.core.route import Candidate, Route, Vote
    from hawkmoth_tui.core.turn import Attempt, Turn
    from hawkmoth_tui.ui.panes.routing_facts import RoutingFacts

LABEL_CELLS = 10
LEAST_SHOWN = 0.005
"""A vote below this says neither yes nor no."""
BRIEF_CANDIDATES = 5
"""Candidates shown in the side column; the overlay shows all."""
HOUR_S = 3600.0
"""An allotment that is full again later is not waited for."""


def routing_lines(
    facts: RoutingFacts, width: int, *, is_expanded: bool, is_simulated: bool, why_key: str = "F4"
) -> list[Content]:
    """The whole pane."""
    turn = facts.turn
    route = turn.route
    title = spread(words(("Routing", STRONG)), words((route.policy if route else "", MUTED)), width)
    lines = [*([] if is_expanded else [title]), *(wrapped(SIMULATED, "bold $warning", width) if is_simulated else [])]
    if route is None:
        return [*lines, EMPTY, words(("choosing a model …", MUTED))]
    lines += [*([EMPTY] if lines else []), *_choice(turn, route, width), EMPTY]
    lines += _figures(facts, turn, route, width, is_expanded=is_expanded)
    if len(turn.attempts) > 1 or any(a.outcome not in (None, Outcome.OK) for a in turn.attempts):
        lines += [
            EMPTY,
            words(("Attempts", STRONG)),
            *(line for a in turn.attempts for line in _attempt(a, width, is_expanded=is_expanded)),
        ]
    return [*lines, EMPTY, *_candidates(route, width, why_key, is_expanded=is_expanded)]


def routing_line(facts: RoutingFacts, width: int) -> Content:
    """The pane folded to one line."""
    turn = facts.turn
    route, model = turn.route, turn.model
    if route is None or model is None:
        return words(("○ ", MUTED), ("choosing a model …" if route is None else "no model may take this turn", MUTED))
    attempt = turn.attempt
    ttft = attempt.ttft_ms if attempt else None
    segments = [
        words(("● ", "$route")) + named(model, max(12, width // 2), "bold $route"),
        words((route.reason, "$foreground")),
        words((facts.speed, MUTED)) if facts.speed else EMPTY,
        words((milliseconds(ttft), MUTED)) if ttft is not None else EMPTY,
    ]
    return fitting([s for s in segments if s], width, words((" · ", MUTED)))


def _choice(turn: Turn, route: Route, width: int) -> list[Content]:
    model = turn.model
    if model is None:
        return [
            words(("✗ ", "$error"), ("no model may take this turn", STRONG)),
            *wrapped(route.reason, "$foreground", width),
        ]
    return [
        words(("● ", "$route")) + named(model, width - 2, "bold $route"),
        *wrapped(route.reason, "$foreground", width, most=2),
    ]


def _dots(share: float) -> str:
    """`●●●○`: a share in quarters."""
    full = round(4 * min(1.0, max(0.0, share)))
    return "●" * full + "○" * (4 - full)


def _figures(facts: RoutingFacts, turn: Turn, route: Route, width: int, *, is_expanded: bool) -> list[Content]:
    model, attempt = turn.model, turn.attempt
    candidate = route.candidate(model) if model else None
    expected = money_text(candidate.expected_cost_pico if candidate else None, estimated=True)
    difficulty = "" if route.difficulty is None else f" · difficulty {route.difficulty:.2f}"
    weight = f" {route.task_weight:.2f}" if route.task_weight else ""
    cached = candidate.cached_tokens if candidate else 0
    usage = turn.usage
    tilde = "~" if usage.estimated else ""
    task = ("task", [(f"{route.task}{weight}{difficulty}", "$foreground")])
    like = ("like", [(route.looks_like, "$foreground")])
    if model is None:
        return [_figure(*task, width)]
    rows = [
        *([("policy", [(route.policy, "$foreground")])] if is_expanded else []),
        task,
        *([like] if route.looks_like else []),
        *([("by", [(route.note if is_expanded else "the rules alone", "$foreground")])] if route.note else []),
        ("sure", [(_dots(route.confidence), "$route"), (f" {route.confidence:.2f}", "$foreground")]),
        *([("cached", [(f"~{cached:,} tokens", "$foreground")])] if cached else []),
        ("expected", [(expected, "$cost")]),
        ("actual", [_actual(turn)]),
        ("first", [(milliseconds(attempt.ttft_ms if attempt else None), "$foreground")]),
        ("speed", [(facts.speed or "–", "$foreground")]),
    ]
    if usage.total_tokens:
        rows.append(
            ("tokens", [(f"{tilde}{usage.input_tokens:,} in · {tilde}{usage.output_tokens:,} out", "$foreground")])
        )
    if facts.quota is not None:
        rows += [(word, [said]) for word, said in _quota(facts.quota)]
    return [_figure(label, value, width) for label, value in rows]


def _quota(quota: Quota) -> Iterator[tuple[str, tuple[str, str]]]:
    """What the provider lets through for now: requests, tokens; a warning when a tenth or less is left."""
    told = [(what, left) for what, left in (("requests", quota.requests), ("tokens", quota.tokens)) if left]
    for place, (what, allotment) in enumerate(told):
        of = f"/{short_count(allotment.limit)}" if allotment.limit else ""
        again = f" for {allotment.reset_s:.0f} s" if allotment.reset_s and allotment.reset_s < HOUR_S else ""
        is_low = allotment.limit is not None and allotment.left * 10 <= allotment.limit
        said = f"{short_count(allotment.left)}{of} {what}{again if is_low else ''}"
        yield "" if place else "left", (said, "$warning" if is_low else "$foreground")


def _figure(label: str, value: list[tuple[str, str]], width: int) -> Content:
    return spread(words((label.ljust(LABEL_CELLS), MUTED), *value), EMPTY, width + 1).rstrip()


def _actual(turn: Turn) -> tuple[str, str]:
    """What the turn cost; while an attempt runs nobody knows."""
    if turn.attempts and all(attempt.outcome is not None for attempt in turn.attempts):
        return money_text(turn.cost_pico, estimated=turn.usage.estimated), "bold $cost"
    return ("when it has ended" if turn.state.is_live else "–", MUTED)


def _candidates(route: Route, width: int, why_key: str, *, is_expanded: bool) -> list[Content]:
    lines = [spread(words(("Candidates", STRONG)), words(("score   expected", MUTED)), width)]
    shown = route.candidates if is_expanded else _brief(route)
    for candidate in shown:
        lines += _candidate(candidate, route, width, is_expanded=is_expanded)
    if left_out := len(route.candidates) - len(shown):
        lines.append(words((f"{left_out} {'others, which the pin leaves out' if route.is_pinned else 'more'}", MUTED)))
    if not is_expanded and route.candidates:
        lines.append(words((f"{why_key} ", "$route"), ("shows every vote", MUTED)))
    return lines


def _brief(route: Route) -> tuple[Candidate, ...]:
    """The best few and, wherever it stands, the chosen one; a pin leaves only that one worth a line."""
    if route.is_pinned:
        return tuple(candidate for candidate in route.candidates if candidate.model == route.chosen)
    best = route.candidates[:BRIEF_CANDIDATES]
    chosen = tuple(candidate for candidate in route.candidates[len(best) :] if candidate.model == route.chosen)
    return (*best[: BRIEF_CANDIDATES - len(chosen)], *chosen)


def _candidate(candidate: Candidate, route: Route, width: int, *, is_expanded: bool) -> list[Content]:
    is_chosen = candidate.model == route.chosen
    if candidate.veto is not None:
        name = short_name(candidate.model, width - 8)
        head = spread(words(("✗ ", "$error"), (name, MUTED)), words(("veto", "$error")), width)
        why = f"{candidate.veto.rule}: {candidate.veto.reason}"
        return [head, *wrapped(why, MUTED, width, indent="  ", most=6 if is_expanded else 2)]
    cost = money_text(candidate.expected_cost_pico, estimated=True)
    figures = words((f"{candidate.score:+.2f}", "$foreground"), (f" {cost:>10}", "$cost"))
    name = short_name(candidate.model, width - figures.cell_length - 3)
    mark, style = ("● ", "bold $route") if is_chosen else ("○ ", "$foreground")
    head = spread(words((mark, "$route" if is_chosen else MUTED), (name, style)), figures, width)
    if is_expanded:
        return [head, *_known(candidate, width), *(line for vote in candidate.votes for line in _vote(vote, width))]
    if candidate.record is not None:
        return [head, *wrapped(str(candidate.record), MUTED, width, indent="  ", most=2)]
    top = max(candidate.votes, key=lambda vote: abs(vote.score), default=None)
    return [head, *(wrapped(f"{top.rule}: {top.reason}", MUTED, width, indent="  ", most=2) if top else [])]


def _known(candidate: Candidate, width: int) -> list[Content]:
    """Its record and what it still holds of this conversation, where there is any."""
    record = str(candidate.record) if candidate.record else ""
    cached = f"~{candidate.cached_tokens:,} tokens cached" if candidate.cached_tokens else ""
    facts = " · ".join(fact for fact in (record, cached) if fact)
    return wrapped(facts, "$foreground", width, indent="  ", most=2) if facts else []


def _vote(vote: Vote, width: int) -> list[Content]:
    score = f"{vote.score:+.2f}" if abs(vote.score) >= LEAST_SHOWN else " 0.00"
    style = MUTED if score == " 0.00" else "$success" if vote.score > 0 else "$error"
    head = words((f"  {score} ", style), (f"{vote.rule:<11}", "$foreground"))
    first, *rest = wrapped(vote.reason, MUTED, width - head.cell_length, most=4) or [EMPTY]
    return [head + first, *(words((" " * head.cell_length, "")) + line for line in rest)]


def _attempt(attempt: Attempt, width: int, *, is_expanded: bool) -> list[Content]:
    outcome = attempt.outcome
    match outcome:
        case None:
            mark, style, state = "● ", "$route", "running"
        case Outcome.OK:
            mark, style, state = "✓ ", "$success", "ok"
        case Outcome.FAILED | Outcome.INTERRUPTED | Outcome.CANCELLED | Outcome.SKIPPED:
            mark, style, state = "✗ ", "$error", str(outcome)
    right = words(
        (state, style), (f" {milliseconds(attempt.duration_ms)}" if attempt.duration_ms is not None else "", MUTED)
    )
    name = short_name(attempt.model, width - right.cell_length - 3)
    lines = [spread(words((mark, style), (name, "$foreground")), right, width)]
    if attempt.error is not None:
        said = f"{_in_words(attempt.error.type)}: {attempt.error.message}"
        lines += wrapped(said, MUTED, width, indent="  ", most=4 if is_expanded else 2)
    if attempt.retries:
        lines.append(words((f"  asked {attempt.retries + 1} times", MUTED)))
    return lines


def _in_words(kind: str) -> str:
    """`StreamBroken` as people read it: `stream broken`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
