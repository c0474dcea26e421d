"""Answers about Hawkmoth itself, in words: its money, sessions, models and files. Pure: everything comes from `Facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.intents import Period, Topic
from hawkmoth_tui.core.money import money_text, pico

if TYPE_CHECKING:
    from hawkmoth_tui.core.facts import Facts, Purse
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.summaries import SessionSummary, Spent

MOST_MODELS = 40
MOST_SESSIONS = 10
"""Lines of a list; the rest is counted."""
_MARKUP = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|~!"})

_SPENT = {
    Period.SESSION: "This session has cost",
    Period.TODAY: "Today you have spent",
    Period.MONTH: "This month you have spent",
    Period.EVER: "In all you have spent",
}
_SAVED = {
    Period.SESSION: "in this session",
    Period.TODAY: "today",
    Period.MONTH: "this month",
    Period.EVER: "in all",
}


def tell_spending(period: Period, facts: Facts) -> str:
    """The period's sum, then the others."""
    purse = facts.purse
    spent = _of(purse, period)
    others = "; ".join(
        f"{name} {_amount(_of(purse, other))}"
        for other, name in (
            (Period.SESSION, "this session"),
            (Period.TODAY, "today"),
            (Period.MONTH, "this month"),
            (Period.EVER, "in all"),
        )
        if other is not period
    )
    unknown = f" Not counted: {_turns(spent.unknown_turns)} of unknown price." if spent.unknown_turns else ""
    return f"{_SPENT[period]} **{money_text(spent.cost_pico)}**.{unknown}\n\nBeside it: {others}."


def tell_savings(period: Period, facts: Facts) -> str:
    """Signed, and named after what they are measured against."""
    spent = _of(facts.purse, period)
    if not spent.compared_attempts:
        why = (
            "there is no baseline to compare with: set `baseline` under `[routing]`"
            if not facts.purse.baseline
            else "nothing to compare yet"
        )
        return f"Nothing is known about savings {_SAVED[period]}: {why}."
    verb = "saved" if spent.saved_pico >= 0 else "paid more by"
    against = f" against {_name(facts.purse.baseline)}" if facts.purse.baseline else ""
    return f"You have {verb} **{money_text(abs(spent.saved_pico))}** {_SAVED[period]}{against}, at list prices."


def tell_topic(topic: Topic, facts: Facts) -> str:
    match topic:
        case Topic.STATUS:
            return _status(facts)
        case Topic.SESSION:
            return _session(facts)
        case Topic.SESSIONS:
            return _sessions(facts)
        case Topic.MODELS:
            return _models(facts)
        case Topic.VERSION:
            return (
                f"This is Hawkmoth **{facts.version}**."
                if facts.version
                else "This Hawkmoth is not installed, so it has no version."
            )
        case Topic.FILES:
            return "\n".join(_files(facts))
        case _:
            assert_never(topic)


def _status(facts: Facts) -> str:
    session = facts.session
    here = f"{_turns(session.turns)}, {_amount(facts.purse.session)}" if session else "none"
    lines = [
        f"**Hawkmoth {facts.version}**".rstrip(),
        "",
        f"- models you can use now: {len(facts.models)}",
        f"- policy: {facts.policy}",
        f"- this session: {here}",
        f"- spent today {_amount(facts.purse.today)}, this month {_amount(facts.purse.month)}",
        f"- sessions: {_count(facts)}",
        *_files(facts),
    ]
    return "\n".join(lines)


def _session(facts: Facts) -> str:
    summary = facts.session
    if summary is None:
        return "Nothing is known about this session."
    session, purse = summary.session, facts.purse
    minutes = max(0, round((facts.now.timestamp() * 1000 - session.created_at_ms) / 60_000))
    lines = [
        f"**{_plain(session.title) or 'This session'}** (`{session.id}`)",
        "",
        f"- {_turns(summary.turns)} in {_duration(minutes)}, this one included",
        f"- model: {_name(str(session.model)) + ', pinned' if session.model else 'chosen by the router'}",
        f"- policy: {facts.policy}",
        f"- cost: {_amount(purse.session)}",
    ]
    paid = summary.turns - purse.session.unknown_turns
    if purse.session.cost_pico and paid > 0:
        lines.append(f"- per turn: {money_text(purse.session.cost_pico // paid, estimated=True)}")
    if purse.session.compared_attempts and purse.baseline:
        lines.append(f"- saved against {_name(purse.baseline)}: {money_text(purse.session.saved_pico)}")
    return "\n".join(lines)


def _sessions(facts: Facts) -> str:
    if not facts.sessions:
        return "There is no session yet."
    head = f"You have **{_count(facts)}** saved session{'' if len(facts.sessions) == 1 else 's'}. The last used:"
    shown = [
        f"- {_plain(each.session.title) or 'untitled'} · {_turns(each.turns)} · {_summed(each)} · `{each.session.id}`"
        for each in facts.sessions[:MOST_SESSIONS]
    ]
    return "\n".join([head, "", *shown])


def _models(facts: Facts) -> str:
    if not facts.models:
        return (
            "No model can be used yet: export a key such as `TOGETHER_API_KEY`, or start a model server such as Ollama."
            " Date and time, arithmetic, units and Hawkmoth’s own figures are answered without one."
        )
    models = sorted(facts.models, key=lambda model: (model.lane, str(model.ref)))
    one = len(models) == 1
    lines = [f"You can use **{len(models)}** model{'' if one else 's'} now (USD per million tokens, in → out):", ""]
    lines += [f"- {_name(str(model.ref))} · {_plain(model.lane)} · {_price(model)}" for model in models[:MOST_MODELS]]
    if len(models) > MOST_MODELS:
        lines += ["", f"… and {len(models) - MOST_MODELS} more: `hawkmoth models` lists them all."]
    return "\n".join(lines)


def _files(facts: Facts) -> list[str]:
    return [
        f"- sessions and costs: {_name(facts.store_file) if facts.store_file else 'in memory only, for this run'}",
        f"- configuration: {_name(facts.config_file)}",
        f"- log: {_name(facts.log_folder)}",
    ]


def _of(purse: Purse, period: Period) -> Spent:
    match period:
        case Period.SESSION:
            return purse.session
        case Period.TODAY:
            return purse.today
        case Period.MONTH:
            return purse.month
        case Period.EVER:
            return purse.ever
        case _:
            assert_never(period)


def _amount(spent: Spent) -> str:
    return money_text(spent.cost_pico) + (
        f" + {_turns(spent.unknown_turns)} of unknown price" if spent.unknown_turns else ""
    )


def _summed(summary: SessionSummary) -> str:
    return money_text(summary.cost_pico) + ("+?" if summary.unknown_turns else "")


def _price(model: Model) -> str:
    if model.prices is None:
        return "price unknown"
    if not (model.prices.input_usd_per_mtok or model.prices.output_usd_per_mtok):
        return "free"
    return " → ".join(
        money_text(pico(usd)) for usd in (model.prices.input_usd_per_mtok, model.prices.output_usd_per_mtok)
    )


def _count(facts: Facts) -> str:
    return f"more than {len(facts.sessions)}" if facts.has_more_sessions else str(len(facts.sessions))


def _turns(count: int) -> str:
    return "1 turn" if count == 1 else f"{count:,} turns"


def _duration(minutes: int) -> str:
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60:,} hours" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60):,} days"


def _plain(text: str) -> str:
    """Untrusted text on one line, its Markdown signs without effect."""
    return one_line(text, 80).translate(_MARKUP)


def _name(text: str) -> str:
    """A name or a path as code."""
    return f"`{one_line(text, 200).replace('`', 'ˋ')}`"
