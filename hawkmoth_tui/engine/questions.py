"""Answers to questions about a decision, in words: why not that model, and what another policy would have done. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.route import task_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.route import Candidate, Route

LEAST_DIFFERENCE = 0.005
"""Votes that differ by less say the same."""
EARLY_BREAKS = ("local", "preference")
"""Rules that come before all sums where the records choose."""


def why_not(route: Route, model: ModelRef) -> str:
    """Why a model did not take the turn: its veto, else every vote in which it and the chosen one differ, the weightiest first."""
    judged = route.candidate(model)
    if judged is None:
        return f"{model} was no candidate: its provider could not be used then, or nobody knew the model."
    if route.chosen == model:
        return f"{model} was chosen: {route.reason}."
    if judged.veto is not None:
        return f"{model} was vetoed by {judged.veto.rule}: {judged.veto.reason}."
    chosen = route.candidate(route.chosen) if route.chosen else None
    if chosen is None:
        return f"Nobody was chosen: {route.reason}."
    return "\n".join(
        [
            f"{chosen.model} was chosen before it: {route.reason}.",
            f"{task_words(route)} · policy {route.policy}".capitalize(),
            *(
                [f"The {route.note}." if route.note.startswith("router") else f"{route.note.capitalize()}."]
                if route.note
                else []
            ),
            "",
            *_facts(chosen),
            *_facts(judged),
            "",
            "# Where they differ",
            *_differences(chosen, judged),
            "",
            f"Together {chosen.score:+.2f} against {judged.score:+.2f}. {_nearly(chosen, judged)}",
        ]
    )


def what_if(now: Route, others: Mapping[str, Route]) -> str:
    """Who would answer the same prompt under other policies, at what cost; nothing was sent."""
    lines = [f"Now {now.policy} · {_outcome(now)}", f"  {now.reason}"]
    for name, route in others.items():
        same = " (the same)" if route.chosen == now.chosen else ""
        lines += ["", f"# {name}", f"{_outcome(route)}{same}", f"  {route.reason}"]
    return "\n".join([*lines, "", "Nothing was sent, and nothing changes: /policy NAME chooses one for this session."])


def _outcome(route: Route) -> str:
    chosen = route.candidate(route.chosen) if route.chosen else None
    if chosen is None:
        return "no model may take this"
    record = f" · {chosen.record}" if chosen.record else ""
    return f"{chosen.model} · {money_text(chosen.expected_cost_pico, estimated=True)}{record}"


def _facts(judged: Candidate) -> Iterable[str]:
    known = str(judged.record) if judged.record else _rated(judged)
    cached = f" · ~{judged.cached_tokens:,} tokens cached" if judged.cached_tokens else ""
    yield f"{judged.model}: {known} · {money_text(judged.expected_cost_pico, estimated=True)}{cached}"


def _rated(judged: Candidate) -> str:
    return "unrated" if judged.expected_quality is None else f"rated {judged.expected_quality:.2f}"


def _differences(chosen: Candidate, other: Candidate) -> list[str]:
    """Rule by rule what separates them."""
    ours = {vote.rule: vote for vote in chosen.votes}
    theirs = {vote.rule: vote for vote in other.votes}
    apart = {
        rule: (ours[rule].score if rule in ours else 0.0) - (theirs[rule].score if rule in theirs else 0.0)
        for rule in {**ours, **theirs}
    }
    lines = []
    for rule in sorted(apart, key=lambda rule: -abs(apart[rule])):
        if abs(apart[rule]) < LEAST_DIFFERENCE:
            continue
        said = theirs.get(rule) or ours[rule]
        whom = other.model if rule in theirs else chosen.model
        side = "for" if apart[rule] > 0 else "against"
        lines.append(f"{rule} {abs(apart[rule]):.2f} {side} {chosen.model}: {whom} {said.reason}")
    return lines or ["Every rule says the same of both: the name decided."]


def _nearly(chosen: Candidate, other: Candidate) -> str:
    """What would have been enough."""
    wished = next((vote for vote in chosen.votes if vote.rule in EARLY_BREAKS and vote.score > 0), None)
    if wished is not None and chosen.score < other.score:
        return f"Your {wished.rule} comes before every sum."
    return f"It missed by {max(0.0, chosen.score - other.score):.2f}; /once {other.model} takes it for one turn."
