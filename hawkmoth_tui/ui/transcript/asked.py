"""A turn's question as rows: what was written, and one row for everything beside it; a text there unfolds below its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.messages import Image, Text
from hawkmoth_tui.engine.attachments import PASTED, attached_again
from hawkmoth_tui.ui.sizes import size_words
from hawkmoth_tui.ui.transcript import words
from hawkmoth_tui.ui.transcript.barred import barred
from hawkmoth_tui.ui.transcript.folds import FOLDED, UNFOLDED
from hawkmoth_tui.ui.transcript.lines import Line, clean

if TYPE_CHECKING:
    from hawkmoth_tui.core.messages import Message, Part
    from hawkmoth_tui.engine.attachments import Attached
    from hawkmoth_tui.ui.transcript.folds import Folds
    from hawkmoth_tui.ui.transcript.lines import Span

PROMPT_LIMIT = 6_000
"""Characters of a question, and of each text beside it, that are shown; the rest is counted."""


def asked_rows(prompt: Message, width: int, folds: Folds) -> list[Line]:
    """Everything that was asked. Each thing beside the words is a block of its own, counted from 0."""
    beside = beside_words(prompt)
    written = "".join(part.text for part in prompt.parts if isinstance(part, Text) and part not in beside)
    rows = barred(_text(written), "user", width) if written or not beside else []
    for block, part in enumerate(beside):
        rows += _beside(part, block, width, folds)
    return rows


def beside_words(prompt: Message) -> tuple[Part, ...]:
    """What was attached to the words: pictures, and texts under their names."""
    return tuple(part for part in prompt.parts[1:] if attached_again(part) is not None)


def text_beside(prompt: Message, block: int) -> str:
    """The text of one thing beside the words; empty for a picture, and where there is no such thing."""
    beside = beside_words(prompt)
    attached = attached_again(beside[block]) if 0 <= block < len(beside) else None
    return attached.text if attached else ""


def _beside(part: Part, block: int, width: int, folds: Folds) -> list[Line]:
    attached = attached_again(part)
    if attached is None:
        return []
    if isinstance(part, Image):
        return barred([("• ", "dim"), *_label(attached, "picture")], "user", width, block=block, ornament=2)
    is_open = folds.is_all_open or folds.is_changed(0, block)
    mark, kind = UNFOLDED if is_open else FOLDED, "" if attached.name.startswith(PASTED) else _kind(attached.name)
    label = barred([(mark, "dim"), *_label(attached, kind)], "user", width, block=block, ornament=len(mark))
    return [*label, *barred(_text(attached.text), "user", width, block=block)] if is_open else label


def _label(attached: Attached, kind: str) -> list[Span]:
    """`notes.txt · text · 34 kB`."""
    facts = "".join(f" · {fact}" for fact in (kind, size_words(attached.size_bytes)) if fact)
    return [(one_line(attached.name, 80), "user"), (facts, "dim")]


def _kind(name: str) -> str:
    return "text of a PDF" if name.lower().endswith(".pdf") else "text"


def _text(text: str) -> list[Span]:
    shown = clean(text[:PROMPT_LIMIT].replace("\r\n", "\n").strip("\n")).expandtabs(4)
    spans = [(shown, "user")]
    if len(text) > PROMPT_LIMIT:
        spans.append((f"\n{words.more_characters(len(text) - PROMPT_LIMIT)}", "dim"))
    return spans
