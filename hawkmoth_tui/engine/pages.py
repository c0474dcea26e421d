"""A session as a page: plain text or Markdown. Every prompt and every answer, with who answered, what it cost and how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.turn import TurnKind, TurnState

if TYPE_CHECKING:
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn


def as_text(session: Session, turns: tuple[Turn, ...]) -> str:
    """Plain text; the character map is applied by whoever prints it."""
    heading = f"== {_title(session)} · {session.id} · {_local(session.created_at_ms)}"
    return "\n".join([heading, "", *(_turn_text(turn) for turn in turns)])


def as_markdown(session: Session, turns: tuple[Turn, ...]) -> str:
    """Markdown with one second-level heading per utterance."""
    heading = f"# {_title(session)}\n\n{session.id} · {_local(session.created_at_ms)}\n"
    return "\n".join([heading, *(_turn_markdown(turn) for turn in turns)])


def _turn_text(turn: Turn) -> str:
    lines = [f"> {line}".rstrip() for line in _prompt(turn).splitlines()]
    return "\n".join([*lines, "", *_answer(turn), f"[{_facts(turn)}]", ""])


def _turn_markdown(turn: Turn) -> str:
    answer = "\n".join(_answer(turn))
    return f"## Prompt\n\n{_prompt(turn)}\n\n## Answer\n\n{answer}\n*{_facts(turn)}*\n"


def _prompt(turn: Turn) -> str:
    if turn.kind is TurnKind.CONTINUE:
        return "(continue)"
    pictures = "".join(
        f"\n[picture: {part.name or part.media_type}]" for part in turn.prompt.parts if isinstance(part, Image)
    )
    return (turn.prompt.text + pictures).rstrip()


def _answer(turn: Turn) -> list[str]:
    calls = [f"[tool call: {call.name}({call.arguments})]" for call in turn.tool_calls]
    error = [f"[{one_line(f'{turn.error.type}: {turn.error.message}')}]"] if turn.error else []
    return [*([turn.text.rstrip("\n"), ""] if turn.text else []), *calls, *error]


def _facts(turn: Turn) -> str:
    cost = money_text(turn.cost_pico, estimated=turn.usage.estimated)
    parts = [str(turn.model) if turn.model else "no model", cost, _local(turn.created_at_ms)]
    if turn.state is not TurnState.DONE:
        parts.append(turn.state.value)
    return one_line(" · ".join(parts))


def _title(session: Session) -> str:
    return one_line(session.title, 200) or "untitled"


def _local(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
