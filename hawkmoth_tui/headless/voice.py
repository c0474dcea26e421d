"""Three ways to tell a turn: as text for people, as one document, as one event per line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.engine.document import dumps, event_document, turn_document
from hawkmoth_tui.headless.streams import Mapped, is_terminal, murmur

if TYPE_CHECKING:
    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.headless.streams import Stdout


class Voice(Protocol):
    """Tells a turn while it happens and when it is over."""

    def show(self, event: TurnEvent, turn: Turn) -> None:
        """One event; `turn` is the turn after it."""

    def finish(self, turn: Turn) -> None:
        """The turn has ended; called once, also when no ending event came."""


class PlainVoice:
    """The answer on stdout as it comes, through the character map; route, notices and usage on stderr."""

    def __init__(self, out: Stdout) -> None:
        self._out = out
        self._mapped = Mapped()
        self._last = "\n"

    def show(self, event: TurnEvent, turn: Turn) -> None:
        match event:
            case ev.TextDelta(text):
                self._write(self._mapped(text))
            case ev.Escalated():
                self._end_line()
            case ev.RouteChosen(route):
                if route.chosen is not None:
                    murmur(route_line(route))
            case ev.Notice(message):
                self._begin_line()
                murmur(f"· {message}")
            case ev.ToolCallReceived(call):
                self._begin_line()
                murmur(f"· the model asks for the tool {call.name}({call.arguments}); Hawkmoth does not run it")
            case _:
                pass

    def finish(self, turn: Turn) -> None:
        self._end_line()
        if any(attempt.usage for attempt in turn.attempts):
            murmur(usage_line(turn))

    def _write(self, text: str) -> None:
        if text:
            self._out.write(text)
            self._last = text[-1]

    def _begin_line(self) -> None:
        """On a screen that stdout and stderr share; an answer that goes elsewhere gets no newline that is not its own."""
        if is_terminal(sys.stdout):
            self._end_line()

    def _end_line(self) -> None:
        if self._last != "\n":
            self._write("\n")


class DocumentVoice:
    """One JSON document at the end; notices on stderr."""

    def __init__(self, out: Stdout) -> None:
        self._out = out

    def show(self, event: TurnEvent, turn: Turn) -> None:
        if isinstance(event, ev.Notice):
            murmur(f"· {event.message}")

    def finish(self, turn: Turn) -> None:
        self._out.write(dumps(turn_document(turn)) + "\n")


class EventVoice:
    """One JSON object per line as things happen; the last one carries the document."""

    def __init__(self, out: Stdout) -> None:
        self._out = out
        self._has_ended = False

    def show(self, event: TurnEvent, turn: Turn) -> None:
        document = event_document(event, turn)
        self._has_ended = self._has_ended or isinstance(event, ev.TurnEnded)
        if document is not None:
            self._out.write(dumps(document) + "\n")

    def finish(self, turn: Turn) -> None:
        if not self._has_ended:
            self._out.write(dumps({"event": "turn_ended", "turn": turn_document(turn)}) + "\n")


def route_line(route: Route) -> str:
    """`→ lab/small-model · cheapest that is good enough · ~$0.0004`."""
    judged = route.candidate(route.chosen) if route.chosen else None
    expected = judged.expected_cost_pico if judged else None
    cost = f" · {money_text(expected, estimated=True)}" if expected is not None else ""
    return f"→ {route.chosen} · {route.reason}{cost}"


def usage_line(turn: Turn) -> str:
    """`· 812 in (512 cached) · 96 out · $0.0021 · saved $0.0102 · 1.4 s · session …`; `~` marks what we counted ourselves."""
    usage = turn.usage
    about = "~" if usage.estimated else ""
    cached = f" ({usage.cached_input_tokens:,} cached)" if usage.cached_input_tokens else ""
    reasoning = f" ({usage.reasoning_tokens:,} reasoning)" if usage.reasoning_tokens else ""
    parts = [
        f"{about}{usage.input_tokens:,} in{cached}",
        f"{about}{usage.output_tokens:,} out{reasoning}",
        money_text(turn.cost_pico, estimated=usage.estimated),
    ]
    if turn.saved_pico:
        word = "saved" if turn.saved_pico > 0 else "dearer by"
        parts.append(f"{word} {money_text(abs(turn.saved_pico))} against {turn.baseline}")
    if turn.ended_at_ms is not None:
        parts.append(f"{max(0, turn.ended_at_ms - turn.created_at_ms) / 1000:.1f} s")
    if turn.finish_reason == "length":
        parts.append("cut at the output limit")
    return f"· {' · '.join(parts)} · session {turn.session_id}"
