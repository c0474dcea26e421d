"""What the transcript says in its own words about a turn: header, states, endings, and the keys that help."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple, assert_never

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.messages import Text, Thinking, ToolCall
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.turn import Outcome, Turn, TurnKind, TurnState
from hawkmoth_tui.ui.keys import key_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.tree import Standing
    from hawkmoth_tui.core.turn import Attempt, Wait
    from hawkmoth_tui.ui.transcript.lines import Span

DOT = (" · ", "dim")


class KeyNames(NamedTuple):
    """How the keys that the transcript names are called: as they are by default, or as the user's `[keys]` has them."""

    retry: str = "Ctrl+X r"
    go_on: str = "Ctrl+X c"
    newest: str = "Ctrl+End"
    stop: str = "Esc"
    wait: str = "w"
    switch: str = "s"
    switch_always: str = "Ctrl+X g"
    lift: str = "Ctrl+X $"
    approve: str = "Ctrl+X !"
    model: str = "F2"

    @classmethod
    def of(cls, keymap: Mapping[str, str]) -> KeyNames:
        """The keys in force; the command stands for an action without one."""
        return cls(
            key_name("turn.retry", keymap) or "/retry",
            key_name("turn.continue", keymap) or "/continue",
            key_name("transcript.end", keymap),
            key_name("turn.stop", keymap) or "/stop",
            key_name("wait.keep", keymap),
            key_name("wait.switch", keymap),
            key_name("turn.switch", keymap) or "/switch",
            key_name("budget.lift", keymap) or "/lift",
            key_name("switch.approve", keymap) or "/approve",
            key_name("model.pick", keymap) or "/model",
        )


BY_DEFAULT = KeyNames()


def state_word(turn: Turn) -> str:
    """The turn's state for people; empty when it is simply done."""
    match turn.state:
        case TurnState.WAITING:
            return "waiting" if turn.model else "routing"
        case TurnState.STREAMING:
            return "thinking" if turn.answer and isinstance(turn.answer[-1], Thinking) else "answering"
        case TurnState.DONE:
            return ""
        case TurnState.FAILED:
            return "failed"
        case TurnState.INTERRUPTED:
            return "interrupted"
        case TurnState.CANCELLED:
            return "stopped"
        case TurnState.BLOCKED:
            return "blocked"
        case _:
            assert_never(turn.state)


def header(turn: Turn, standing: Standing | None = None) -> list[Span]:
    """Which version, model, state, cost and why: `2/3 · lab/small-model · $0.0004 · cheapest good enough for coding`."""
    parts: list[Span] = [(str(standing), "state")] if standing else []
    if turn.model:
        parts.append((one_line(str(turn.model), 80), "header"))
    if word := state_word(turn):
        parts.append((word, "live" if turn.state.is_live else "error" if turn.error else "state"))
    if turn.attempts and not turn.state.is_live:
        parts.append((cost(turn), "cost"))
    if turn.route and turn.route.reason and turn.state is not TurnState.BLOCKED:
        parts.append((one_line(turn.route.reason, 80), "reason"))
    spans: list[Span] = []
    for part in parts:
        spans += [DOT, part] if spans else [part]
    return spans


def cost(turn: Turn) -> str:
    """What the turn cost; an unknown price says so."""
    amount = turn.cost_pico
    return "price ?" if amount is None else money_text(amount, estimated=turn.usage.estimated)


def passed_attempts(turn: Turn) -> list[str]:
    """One sentence for every attempt that another one followed, or that ended while the turn goes on."""
    over = turn.attempts if turn.state.is_live else turn.attempts[:-1]
    return [sentence for attempt in over if (sentence := _attempt_sentence(attempt))]


def _attempt_sentence(attempt: Attempt) -> str:
    model = one_line(str(attempt.model), 80)
    match attempt.outcome:
        case None | Outcome.OK:
            return ""
        case Outcome.SKIPPED:
            what = "skipped"
        case Outcome.FAILED:
            what = "failed" if not attempt.retries else f"failed {attempt.retries + 1} times"
        case Outcome.INTERRUPTED:
            what = "interrupted"
        case Outcome.CANCELLED:
            what = "stopped"
        case _:
            assert_never(attempt.outcome)
    return f"{model} {what}: {one_line(attempt.error.message)}" if attempt.error else f"{model} {what}"


def origin(turn: Turn) -> str:
    """How the turn came about, where the prompt does not tell."""
    match turn.kind:
        case TurnKind.PROMPT:
            return ""
        case TurnKind.RETRY:
            return "asked again"
        case TurnKind.CONTINUE:
            return "continued"
        case TurnKind.EDIT:
            return "edited"
        case _:
            assert_never(turn.kind)


def thought(characters: int, took_ms: int, *, is_live: bool) -> str:
    """`thought 3 s · 1,240 characters`; no time where it is not known."""
    time = f" {took_ms / 1000:.0f} s" if took_ms >= 1000 else " under 1 s" if took_ms and not is_live else ""
    if is_live:
        return f"reasoning{time} · {characters:,} characters" if characters else "reasoning"
    return f"thought{time} · {characters:,} characters" if characters else "thought · not shown by the provider"


def tool_call(call: ToolCall) -> str:
    """`→ name(arguments)`."""
    return f"→ {one_line(call.name, 80)}({one_line(call.arguments, 600)})"


def waiting(wait: Wait, now_s: float) -> str:
    """`rate limited, 12 s`."""
    left_s = wait.until_s - now_s
    return f"{wait.reason}, {max(1, ceil(left_s))} s"


def offers(wait: Wait, names: KeyNames = BY_DEFAULT, *, is_writing: bool) -> str:
    """The keys of a wait: letters as long as nothing is written and the user has not said to wait."""
    to = f" to {one_line(str(wait.then), 60)}" if wait.then else ""
    if wait.is_kept or is_writing:
        ways = (f"{names.switch_always} switches{to}" if to else "", f"{names.stop} stops")
        return " · ".join(way for way in ways if way)
    switch = _lettered(names.switch, "switch") + to if to else ""
    return "  ".join(way for way in (_lettered(names.wait, "wait"), switch, f"[{names.stop}] stop") if way)


def _lettered(key: str, word: str) -> str:
    """`[w]ait`, and `[k] wait` where the key is not the word's first letter."""
    return f"[{key}]{word[1:]}" if word.startswith(key) and len(key) == 1 else f"[{key}] {word}" if key else ""


def ending(turn: Turn, names: KeyNames = BY_DEFAULT) -> list[Span]:
    """What to say below an answer that is over, when it is not simply whole and no error explains it; empty otherwise."""
    if turn.state is TurnState.CANCELLED:
        return [("stopped", "state"), DOT, *keys(turn, names)]
    if turn.state is not TurnState.DONE:
        return []
    match turn.finish_reason:
        case "length":
            return [("cut at the output limit", "state"), DOT, *_key(names.go_on, "continue")]
        case "content_filter":
            return [("cut by the provider's filter", "state"), DOT, *_key(names.retry, "retry")]
        case _:
            return []


def keys(turn: Turn, names: KeyNames = BY_DEFAULT) -> list[Span]:
    """The keys that help with a turn that did not end well."""
    if turn.is_over_budget:
        return [*_key(names.model, "another model"), DOT, *_key(names.lift, "send it all the same, this once")]
    if turn.needs_approval:
        return [*_key(names.approve, "send it at that price"), DOT, *_key(names.model, "another model")]
    has_text = any(isinstance(part, Text) and part.text for part in turn.answer)
    go_on = [DOT, *_key(names.go_on, "continue")] if has_text else []
    return [*_key(names.retry, "retry"), *go_on]


def _key(name: str, does: str) -> list[Span]:
    return [(name, "key"), (f" {does}", "dim")]


def new_below(rows: int, names: KeyNames = BY_DEFAULT) -> str:
    """`↓ 12 new below`: counted roughly, so that it does not change with every row."""
    step = 1 if rows < 10 else 10 if rows < 100 else 100
    count = f"{rows // step * step:,}{'+' if step > 1 else ''} " if rows else ""
    return f" ↓ {count}new below · {names.newest} " if names.newest else f" ↓ {count}new below "


def more_characters(count: int) -> str:
    return f"… {count:,} more characters"
