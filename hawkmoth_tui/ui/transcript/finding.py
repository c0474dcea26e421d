"""Finding words in the conversation, as they are shown: Markdown's marks are not in the way, and folded text is looked through too.

Turns are looked through some at a time, nearest to the reader first, so that a long session never holds up a key.
"""

from __future__ import annotations

import re
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.messages import Text, Thinking, ToolCall
from hawkmoth_tui.ui.transcript.folds import ALL_OPEN
from hawkmoth_tui.ui.transcript.turnview import TurnView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.lines import Line
    from hawkmoth_tui.ui.transcript.painter import Range
    from hawkmoth_tui.ui.transcript.pile import Pile

LONGEST_QUERY = 500
_NO_MARKS = str.maketrans("", "", "*_~`\\")
"""Marks that may stand inside a word without being shown."""


class Hit(NamedTuple):
    """One place where the words stand."""

    section: int
    block: int
    """Of its first character; see `Stop`."""
    number: int
    """How many hits of that block come before it."""
    pieces: tuple[tuple[int, int, int], ...]
    """Row of the view, first and last-but-one character; more than one piece where rows break it."""


class Spot(NamedTuple):
    """A hit without its rows: it stays the same while turns fold and are laid out anew."""

    turn: int
    section: int
    block: int
    number: int


class Finder:
    """What was asked for, and where it was found. Empty words find nothing."""

    def __init__(self, pile: Pile, words: str, start: int) -> None:
        """`start`: the turn to begin with."""
        self._pile = pile
        self.words = words[:LONGEST_QUERY].strip()
        self.here: Spot | None = None
        """The hit that the reader stands on."""
        self._pattern = pattern_of(self.words)
        self._found: dict[int, list[Spot]] = {}
        """By turn; turns without a hit are missing once looked through."""
        count = len(pile.turns)
        self._left = sorted(range(count), key=lambda turn: (abs(turn - start), turn)) if self._pattern else []
        self._left.reverse()
        self._shown: dict[int, tuple[list[Line], list[Hit]]] = {}
        """Hits among the rows of turns in sight."""

    @property
    def is_looking(self) -> bool:
        """Whether turns are left to be looked through."""
        return bool(self._left)

    @property
    def count(self) -> int:
        """Hits found so far."""
        return sum(map(len, self._found.values()))

    @property
    def place(self) -> int:
        """Which hit from the top the reader stands on, from 1; 0: on none."""
        if self.here is None:
            return 0
        before = sum(len(spots) for turn, spots in self._found.items() if turn < self.here.turn)
        spots = self._found.get(self.here.turn, [])
        return before + spots.index(self.here) + 1 if self.here in spots else 0

    def look(self, budget_s: float) -> None:
        """Looks through turns for about so long, one at least."""
        deadline = perf_counter() + budget_s
        while self._left:
            self._look_through(self._left.pop())
            if perf_counter() >= deadline:
                return

    def shift(self, turns: int) -> None:
        """So many turns were put before the first one; they are looked through last."""
        self._left = [*range(turns), *(turn + turns for turn in self._left)]
        self._found = {
            turn + turns: [spot._replace(turn=spot.turn + turns) for spot in spots]
            for turn, spots in self._found.items()
        }
        self._shown = {turn + turns: known for turn, known in self._shown.items()}
        if self.here is not None:
            self.here = self.here._replace(turn=self.here.turn + turns)

    def renew(self, turn: int) -> None:
        """A turn has changed."""
        if self._pattern is not None and turn not in self._left:
            self._left.append(turn)

    def step(self, start: tuple[int, ...], direction: int) -> Spot | None:
        """The nearest hit after a place, or before it; round the end when there is none. Looks no further than it must."""
        count = len(self._pile.turns)
        if self._pattern is None or not count:
            return None
        for distance in range(count + 1):
            turn = (start[0] + direction * distance) % count
            if turn in self._left:
                self._left.remove(turn)
                self._look_through(turn)
            spots = self._found.get(turn, [])
            if distance == 0:
                spots = [spot for spot in spots if (spot > start if direction > 0 else spot < start)]
            if spots:
                return spots[0 if direction > 0 else -1]
        return None

    def overlays(self, turn: int, row: int) -> list[Range]:
        """What to mark in a row in sight."""
        return [
            (first, last, "here" if self._is_here(turn, hit) else "found")
            for hit in self._hits(turn)
            for at, first, last in hit.pieces
            if at == row
        ]

    def rows_of(self, spot: Spot) -> tuple[int, int] | None:
        """First and last row of a hit in its view; None when it is not shown."""
        for hit in self._hits(spot.turn):
            if (hit.section, hit.block, hit.number) == spot[1:]:
                return hit.pieces[0][0], hit.pieces[-1][0]
        return None

    def _is_here(self, turn: int, hit: Hit) -> bool:
        return self.here is not None and self.here == (turn, hit.section, hit.block, hit.number)

    def _hits(self, turn: int) -> list[Hit]:
        view = self._pile.view(turn)
        known = self._shown.get(turn)
        if known is None or known[0] is not view.rows:
            found = list(hits_of(view, self._pattern)) if self._pattern else []
            known = self._shown[turn] = view.rows, found
        return known[1]

    def _look_through(self, turn: int) -> None:
        spots: list[Spot] = []
        if turn < len(self._pile.turns) and self._pattern is not None and may_hold(self._pile.turns[turn], self.words):
            view = TurnView(self._pile.turns[turn], self._pile.width, lambda: 0.0, ALL_OPEN)
            spots = [Spot(turn, hit.section, hit.block, hit.number) for hit in hits_of(view, self._pattern)]
        if spots:
            self._found[turn] = spots
        else:
            self._found.pop(turn, None)


def pattern_of(words: str) -> re.Pattern[str] | None:
    """Matches the words whatever their case, and any white space where they have some; None for no words."""
    return re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE) if words.strip() else None


def may_hold(turn: Turn, words: str) -> bool:
    """Whether laying the turn out can find the words at all: each of them, cut at marks, stands somewhere in its source."""
    parts = [turn.prompt.text]
    for part in turn.answer:
        match part:
            case Text(text) | Thinking(text):
                parts.append(text)
            case ToolCall(_, name, arguments):
                parts += [name, arguments]
    source = "\n".join(parts).translate(_NO_MARKS).casefold()
    return all(word in source for word in re.findall(r"\w+", words.translate(_NO_MARKS).casefold()))


def hits_of(view: TurnView, pattern: re.Pattern[str]) -> Iterator[Hit]:
    """Every hit among the prompt's and the answer's rows, from the top."""
    counts: dict[tuple[int, int], int] = {}
    for section in range(view.sections):
        rows = view.section(section)
        if section == 1 or not rows:
            continue
        text, starts = _joined(view.rows[rows.start : rows.stop])
        for found in pattern.finditer(text):
            pieces = tuple(_pieces(starts, found.start(), found.end(), rows.start))
            block = view.rows[pieces[0][0]].block
            number = counts.get((section, block), 0)
            counts[section, block] = number + 1
            yield Hit(section, block, number, pieces)


def _joined(lines: Sequence[Line]) -> tuple[str, list[tuple[int, int, int]]]:
    """The rows as one text, and for every row: where its own text begins there, how long it is, and its ornament's length."""
    pieces: list[str] = []
    starts: list[tuple[int, int, int]] = []
    position = 0
    for number, line in enumerate(lines):
        joint = line.joint if number else ""
        text = line.text[line.lead :]
        pieces += [joint, text]
        starts.append((position + len(joint), len(text), line.lead))
        position += len(joint) + len(text)
    return "".join(pieces), starts


def _pieces(
    starts: Sequence[tuple[int, int, int]], first: int, last: int, offset: int
) -> Iterator[tuple[int, int, int]]:
    """The rows that the characters from `first` to `last` stand in."""
    for number, (start, size, lead) in enumerate(starts):
        low, high = max(first, start), min(last, start + size)
        if low < high:
            yield offset + number, low - start + lead, high - start + lead
