"""What kind of work a prompt asks for, from whole words and the shape of the text.

A word counts only as a whole word: "update", "runtime", "know" and "capital" are no sign of anything. The learned part will take the
place of `guess` behind the same `TaskGuess`; the words live in `cues`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from hawkmoth_tui.routing import cues

HEAD_CHARS = 1_200
TAIL_CHARS = 800
"""Only the beginning and the end of a prompt are read: that is where the request stands."""

_ASK_WORDS = 8
"""How many words at the beginning count twice: an order begins with its verb."""

_ORDER_WEIGHT = 1.0
"""Cues lighter than this never count twice."""

_LEAST_EVIDENCE = 0.9
"""Below this sum of cues the task is unknown."""

_DOUBT = 1.0
"""Evidence for "something else" that every guess competes with; keeps a single weak cue from looking certain."""


class Task(StrEnum):
    """Kinds of work, as the routing pane and `[[routing.prefer]]` name them."""

    CODING = "coding"
    MATH = "math"
    WRITING = "writing"
    TRANSLATION = "translation"
    SUMMARY = "summary"
    EXTRACTION = "extraction"
    ANALYSIS = "analysis"
    QUESTION = "question"
    CHITCHAT = "chitchat"
    IMAGE = "image"
    UNKNOWN = "unknown"

    @property
    def work(self) -> str:
        """In a sentence, after `for` or `at`."""
        return {Task.QUESTION: "questions", Task.UNKNOWN: "this"}.get(self, self.value)


@dataclass(frozen=True, slots=True)
class TaskGuess:
    """The likeliest task and how sure we are."""

    task: Task = Task.UNKNOWN
    confidence: float = 0.0
    """0..1: the share of the evidence that speaks for it. 0 for unknown."""
    signs: tuple[str, ...] = ()
    """What spoke for it, strongest first, at most three: words, or "code block", "formula", "picture"."""


def guess(text: str, *, has_images: bool = False) -> TaskGuess:
    """The task of a prompt. Reads at most the first 1,200 and the last 800 characters."""
    sample = _sample(text)
    evidence: dict[Task, dict[str, float]] = {}
    _add_words(evidence, sample)
    _add_shape(evidence, sample, has_images)
    sums = {task: sum(signs.values()) for task, signs in evidence.items()}
    if not sums:
        return TaskGuess()
    task, strongest = max(sums.items(), key=lambda item: (item[1], item[0]))
    if strongest < _LEAST_EVIDENCE:
        return TaskGuess()
    signs = sorted(evidence[task].items(), key=lambda item: (-item[1], item[0]))
    return TaskGuess(task, strongest / (sum(sums.values()) + _DOUBT), tuple(name for name, _ in signs[:3]))


def _sample(text: str) -> str:
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text
    return f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"


def _add_words(evidence: dict[Task, dict[str, float]], sample: str) -> None:
    words = cues.WORD.findall(sample.casefold())
    first = _found(words[:_ASK_WORDS])
    for sign in _found(words):
        for task, weight in cues.WORDS[sign]:
            is_order = sign in first and weight >= _ORDER_WEIGHT
            _add(evidence, Task(task), sign, weight * 2 if is_order else weight)
    if words and words[0] in cues.GREETINGS:
        _add(evidence, Task.CHITCHAT, "greeting", 2.5 if len(words) <= cues.CHAT_WORDS else 1.0)
    if words and (words[0] in cues.ASKING or sample.rstrip().endswith(("?", "？"))):
        _add(evidence, Task.QUESTION, "question", 1.1)


def _found(words: list[str]) -> set[str]:
    """The cues among the words and among the pairs of neighbours."""
    pairs = {f"{one} {other}" for one, other in pairwise(words) if one in cues.FIRST_OF_PAIR}
    return cues.WORDS.keys() & (pairs | set(words))


def _add_shape(evidence: dict[Task, dict[str, float]], sample: str, has_images: bool) -> None:
    for task, name, pattern, weight in _SHAPES:
        if pattern.search(sample):
            _add(evidence, task, name, weight)
    if has_images:
        _add(evidence, Task.IMAGE, "picture", 3.0)


def _add(evidence: dict[Task, dict[str, float]], task: Task, sign: str, weight: float) -> None:
    """A sign counts once, however often it stands there, at its strongest."""
    signs = evidence.setdefault(task, {})
    signs[sign] = max(weight, signs.get(sign, 0.0))


_CODE_LINE = re.compile(
    r"^\s*(?:def \w+\(|class \w+[:({]|import \w[\w.]*;?$|from [\w.]+ import |#include |package [\w.]+;?$"
    r"|(?:const|let|var) \w+ ?[=:]|(?:public|private|static|export|async) \w+[^\n]*[{(;]|(?:func|fn) \w+[(<]|impl [^\n]*\{"
    r"|SELECT [^\n]* FROM |<\w+(?: [^>\n]*)?>\s*$)",
    re.MULTILINE,
)
_CODE_SIGNS = re.compile(r"\w\(\w*\);|\{[ \t]*$|=> ?\{|\w\.\w+\(\)", re.MULTILINE)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)|^\s+at [\w.$]+\(", re.MULTILINE)
_FORMULA = re.compile(r"\\(?:frac|int|sum|sqrt|lim|alpha|theta|cdot)\b|\$[^$\n]*[\\^_=][^$\n]*\$|[∫∑√≤≥≠π∞∂]")
_ARITHMETIC = re.compile(r"\d\s*[+*^×÷=−]\s*[\d(]|\d\s+[-/]\s+\d|\d\s?%\s+of\b|(?<![\w.?&])[a-z] ?[=^] ?-?\d")
_TABLE = re.compile(r"^\|[^\n]*\|[^\n]*\|\s*$|^(?:[^,\n]*,(?! )){3,}", re.MULTILINE)

_SHAPES: tuple[tuple[Task, str, re.Pattern[str], float], ...] = (
    (Task.CODING, "code block", re.compile(r"^\s{0,3}(?:```|~~~)", re.MULTILINE), 2.5),
    (Task.CODING, "traceback", _TRACEBACK, 3.0),
    (Task.CODING, "code", _CODE_LINE, 2.2),
    (Task.CODING, "code", _CODE_SIGNS, 2.2),
    (Task.MATH, "formula", _FORMULA, 2.5),
    (Task.MATH, "arithmetic", _ARITHMETIC, 1.6),
    (Task.EXTRACTION, "table", _TABLE, 0.7),
)
"""Task, the sign's name on the screen, the shape, weight."""
