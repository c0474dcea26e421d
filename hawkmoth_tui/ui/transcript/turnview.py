"""One turn as rows: the prompt, the header, the answer's parts in their order, and how it ended.

A view is given the newest turn and brings itself up to date; it keeps no second copy of the text, only how much of it was laid out.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.messages import Image, Part, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.turn import Turn, TurnKind
from hawkmoth_tui.ui.transcript import words
from hawkmoth_tui.ui.transcript.asked import asked_rows, beside_words, text_beside
from hawkmoth_tui.ui.transcript.barred import barred
from hawkmoth_tui.ui.transcript.document import Document
from hawkmoth_tui.ui.transcript.flows import MEASURE
from hawkmoth_tui.ui.transcript.folds import AS_IT_COMES, FOLDED, LEAST_ROWS, UNFOLDED, Folds, fold_row, fold_section
from hawkmoth_tui.ui.transcript.lines import BLANK, Line, Span, clean, clip, keep_same, width_of
from hawkmoth_tui.ui.transcript.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hawkmoth_tui.core.tree import Standing

THINKING_ROWS = 6
"""Rows of reasoning that are shown while nothing else has come."""
THOUGHT_LIMIT = 200_000
"""Characters of reasoning that are shown when it is unfolded; the rest is counted."""
_TAIL = 4_000
"""Characters of reasoning that are looked at for its last rows."""


class TurnView:
    """The rows of one turn at one width."""

    def __init__(
        self,
        turn: Turn,
        width: int,
        clock: Callable[[], float],
        folds: Folds = AS_IT_COMES,
        names: words.KeyNames = words.BY_DEFAULT,
        standing: Standing | None = None,
    ) -> None:
        self.turn = turn
        self.width = width
        self.folds = folds
        self.standing = standing
        """Among its siblings; None: it has none."""
        self.is_writing = False
        """Whether something is being written, so that letters are text."""
        self.rows: list[Line] = []
        self._clock = clock
        self._names = names
        self._starts: list[int] = []
        """Where each section begins: prompt, header, every part of the answer, ending."""
        self._documents: dict[int, Document] = {}
        """By the part's place in the answer."""
        self._unfolded: dict[int, tuple[int, list[Line]]] = {}
        """Rows of reasoning that is shown whole, and of how many characters."""
        self._asked: list[Line] | None = None
        """The prompt's rows, which change with the width and the folds alone."""
        self._lay_out()

    @property
    def height(self) -> int:
        return len(self.rows)

    def update(self, turn: Turn) -> None:
        """Shows a newer state of the turn."""
        if len(turn.escalations) != len(self.turn.escalations):
            self._documents.clear()
            self._unfolded.clear()
        self.turn = turn
        self._lay_out()

    def fold(self, folds: Folds) -> None:
        """Folds and unfolds."""
        self.folds = folds
        self._asked = None
        self._gather()

    def section(self, number: int) -> range:
        """The rows of a section: 0 the prompt, 1 the header, then every part of the answer, at last the ending."""
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.rows)
        return range(self._starts[number], end)

    @property
    def sections(self) -> int:
        return len(self._starts)

    def part(self, section: int) -> Part | None:
        """The part of the answer that a section shows; None for prompt, header and ending."""
        return self.turn.answer[section - 2] if 2 <= section < self.sections - 1 else None

    def resize(self, width: int) -> None:
        """Lays the turn out for another width."""
        self.width = width
        self._asked = None
        self._unfolded.clear()
        for document in self._documents.values():
            document.resize(width)
        self._lay_out()

    def place(self, row: int) -> tuple[int, int, int]:
        """Where a row stands, in a way that outlives a change above it: section, block, and rows into the section."""
        section = max((number for number, start in enumerate(self._starts) if start <= row), default=0)
        block = self.rows[row].block if row < len(self.rows) else -1
        return section, block, row - self._starts[section]

    def row_at(self, place: tuple[int, int, int], *, is_same_width: bool) -> int:
        """The row of a place: the same one at the same width, else the first of its block."""
        section, block, offset = place
        section = min(section, len(self._starts) - 1)
        start = self._starts[section]
        end = self._starts[section + 1] if section + 1 < len(self._starts) else len(self.rows)
        if not is_same_width and block >= 0:
            for row in range(start, end):
                if self.rows[row].block == block:
                    return row
        return max(0, min(start + offset, end - 1))

    @property
    def has_paint_left(self) -> bool:
        return any(document.has_paint_left for document in self._documents.values())

    def paint(self, budget_s: float) -> None:
        """Highlights finished code for about so long."""
        for document in self._documents.values():
            document.paint(budget_s)
        self._gather()

    def block_source(self, row: int) -> str:
        """The Markdown source of the block that a row belongs to; empty for rows that are not the answer's."""
        section, block, _ = self.place(row)
        document = self._documents.get(section - 2)
        return "" if document is None else document.source(block)

    def comes_folded(self, section: int, block: int) -> bool:
        """Whether a block is one row until the reader unfolds it: what was thought, and texts beside the question."""
        if section == 0:
            return bool(text_beside(self.turn.prompt, block))
        return isinstance(self.part(section), Thinking)

    def _lay_out(self) -> None:
        last = len(self.turn.answer) - 1
        for index, part in enumerate(self.turn.answer):
            if isinstance(part, Text):
                self._settle_text(index, part.text, is_open=index == last and self.turn.state.is_live)
        self._gather()

    def _settle_text(self, index: int, text: str, *, is_open: bool) -> None:
        document = self._documents.get(index)
        if document is None or document.length > len(text):
            document = self._documents[index] = Document(self.width)
        elif document.length == len(text) and document.is_finished is not is_open:
            return
        document.write(text[document.length :])
        if not is_open:
            document.finish()
        document.settle()

    def _gather(self) -> None:
        """Puts the sections together, an empty row between those that need one."""
        if self._asked is None:
            self._asked = self._prompt()
        sections = [self._asked, self._header()]
        for index, part in enumerate(self.turn.answer):
            rows = self._part(index, part)
            sections.append([BLANK, *rows] if rows and index and not isinstance(part, ToolCall) else rows)
        sections.append([*self._ending(), BLANK])
        if self.folds is not AS_IT_COMES and not self.folds.is_all_open:
            sections = self._folded(sections)
        self._starts = [0, *accumulate(len(section) for section in sections[:-1])]
        before, self.rows = self.rows, [row for section in sections for row in section]
        keep_same(before, self.rows)

    def _folded(self, sections: list[list[Line]]) -> list[list[Line]]:
        """The sections without what is folded."""
        asked, header, *rest = sections
        if self.folds.is_whole:
            hidden = sum(map(len, sections)) - 3
            first = [self._clipped(asked[0].spans), header[0], fold_row(hidden), BLANK]
            return [first, *([] for _ in sections[1:])] if hidden > 0 else sections
        if len(asked) > LEAST_ROWS and self.folds.is_changed(0, -1):
            sections[0] = [asked[0], fold_row(len(asked) - 2), BLANK]
        for number, section in enumerate(rest, 2):
            if number < len(sections) - 1 and isinstance(self.turn.answer[number - 2], Text):
                sections[number] = fold_section(section, number, self.folds)
        return sections

    def _prompt(self) -> list[Line]:
        turn = self.turn
        if turn.kind is TurnKind.CONTINUE:
            return self._wrapped([(f"↳ {words.origin(turn)}", "dim")])
        rows = asked_rows(turn.prompt, self.width, self.folds)
        if origin := words.origin(turn):
            rows += barred([(origin, "dim")], "user", self.width, block=len(beside_words(turn.prompt)) - 1)
        return [*rows, BLANK]

    def _header(self) -> list[Line]:
        rows = [line for sentence in words.passed_attempts(self.turn) for line in self._noted("↷", sentence)]
        for notice in self.turn.notices:
            rows += self._noted("·", one_line(notice))
        return [
            self._clipped(words.header(self.turn, self.standing)),
            *rows,
            *self._waiting(),
            *([BLANK] if rows and self.turn.answer else []),
        ]

    def _waiting(self) -> list[Line]:
        """What the turn waits for, for how long, and the keys that end it: live."""
        wait = self.turn.wait
        if wait is None:
            return []
        told = words.waiting(wait, self._clock())
        keys = words.offers(wait, self._names, is_writing=self.is_writing)
        return self._wrapped([(f"◌ {told}", "live"), ("  ", ""), (keys, "header")])

    def _part(self, index: int, part: Part) -> list[Line]:
        match part:
            case Text():
                return self._documents[index].rows
            case Thinking():
                return self._thinking(index, part)
            case ToolCall():
                return self._wrapped([(words.tool_call(part), "tool")])
            case Image():
                return self._wrapped([(f"[image {one_line(part.name, 80)}]", "dim")])
            case ToolResult():
                return self._wrapped([(one_line(part.text), "dim")])

    def _thinking(self, index: int, part: Thinking) -> list[Line]:
        """The last rows while it goes on; afterwards one row, or all when the reader unfolds it."""
        is_live = self.turn.state.is_live and index == len(self.turn.answer) - 1
        is_open = self.folds.is_all_open or self.folds.is_changed(index + 2, -1)
        label = words.thought(len(part.text), part.took_ms, is_live=is_live)
        mark = "" if is_live or not part.text else UNFOLDED if is_open else FOLDED
        rows = [self._clipped([(mark + label, "thinking label")])]
        if is_live and part.text:
            rows += self._thoughts(_tail(part.text))[-THINKING_ROWS:]
        elif is_open and part.text:
            size, kept = self._unfolded.get(index, (-1, []))
            if size != len(part.text):
                kept = self._thoughts(part.text[:THOUGHT_LIMIT])
                if len(part.text) > THOUGHT_LIMIT:
                    kept += self._noted("┊", words.more_characters(len(part.text) - THOUGHT_LIMIT))
                self._unfolded[index] = len(part.text), kept
            rows += kept
        return rows

    def _thoughts(self, text: str) -> list[Line]:
        shown = wrap([(clean(text.strip()).expandtabs(4), "thinking")], min(self.width, MEASURE) - 2)
        return [Line([("┊ ", "rule"), *spans], joint=joint, lead=2) for spans, joint in shown]

    def _ending(self) -> list[Line]:
        turn = self.turn
        if turn.error is not None and not turn.state.is_live:
            status = f" ({turn.error.status})" if turn.error.status else ""
            failed = f"{words.state_word(turn)}: {one_line(turn.error.message)}{status}"
            rows = barred([(failed, "error")], "error", self.width)
            if turn.error.hint:
                rows += barred([(one_line(turn.error.hint), "")], "error", self.width)
            rows += barred(words.keys(turn, self._names), "error", self.width)
            return [BLANK, *rows] if turn.answer else rows
        note = words.ending(turn, self._names)
        return [BLANK, *self._wrapped(note)] if note else []

    def _noted(self, mark: str, sentence: str) -> list[Line]:
        rows = wrap([(sentence, "dim")], max(1, min(self.width, MEASURE) - 2))
        marks = [f"{mark} "] + ["  "] * (len(rows) - 1)
        return [
            Line([(lead, "dim"), *row], joint=joint, lead=2) for lead, (row, joint) in zip(marks, rows, strict=True)
        ]

    def _wrapped(self, spans: Sequence[Span]) -> list[Line]:
        return [Line(row, joint=joint) for row, joint in wrap(spans, max(1, min(self.width, MEASURE)))]

    def _clipped(self, spans: Sequence[Span]) -> Line:
        """One row; what does not fit is cut from the last span that still shows."""
        shown: list[Span] = []
        room = self.width
        for text, style in spans:
            piece = clip(text, room)
            if piece:
                shown.append((piece, style))
            room -= width_of([(piece, style)])
            if piece != text:
                break
        return Line(shown)


def _tail(text: str) -> str:
    """The end of a text, from a place that does not move with every character: a line's beginning, or a step of so many characters."""
    if len(text) <= _TAIL:
        return text
    newline = text.find("\n", len(text) - _TAIL)
    return text[newline + 1 :] if newline >= 0 else text[(len(text) // _TAIL - 1) * _TAIL :]
