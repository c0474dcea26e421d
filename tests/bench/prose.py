"""Deterministic Markdown of any length, in tokens of about a word: what the benchmark's server answers."""

from __future__ import annotations

import random
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = (
    "router",
    "cheap",
    "model",
    "answer",
    "latency",
    "cache",
    "prompt",
    "window",
    "token",
    "price",
    "budget",
    "ledger",
    "session",
    "fallback",
    "candidate",
    "policy",
    "vote",
    "reason",
    "stream",
    "buffer",
    "frame",
    "cell",
    "terminal",
    "cursor",
    "moth",
    "hawk",
    "night",
    "flower",
    "garden",
    "lamp",
    "wing",
    "pane",
    "quiet",
    "exact",
    "whole",
)


class Shape(StrEnum):
    """What kind of answer."""

    MIXED = "mixed"
    """Paragraphs, lists, tables and closed code fences."""
    FENCE = "fence"
    """One code fence that is never closed."""


def tokens(shape: Shape, count: int, tag: str) -> Iterator[str]:
    """`count` tokens; the first holds `FIRST-tag`, the last `LAST-tag`, so that a screen can be asked for them."""
    source = _fence() if shape is Shape.FENCE else _mixed()
    yield f"FIRST-{tag} "
    for _ in range(count - 2):
        yield next(source)
    yield f"\n\nLAST-{tag}"


def _mixed() -> Iterator[str]:
    chance = random.Random(20)
    while True:
        yield from _words(chance, 60)
        yield "\n\n## "
        yield from _words(chance, 4)
        yield "\n\n"
        for _ in range(5):
            yield "- **"
            yield next(_words(chance, 1))
            yield "** `"
            yield next(_words(chance, 1))
            yield "` "
            yield from _words(chance, 12)
            yield "\n"
        yield "\n```python\n"
        yield from _code(chance, 8)
        yield "```\n\n| name | cost |\n"
        yield "|---|---|\n"
        for _ in range(4):
            yield "| "
            yield next(_words(chance, 1))
            yield f"| 0.{chance.randrange(1000):03d} |\n"
        yield "\n"


def _fence() -> Iterator[str]:
    chance = random.Random(21)
    yield "\n\n```python\n"
    while True:
        yield from _code(chance, 100)


def _code(chance: random.Random, lines: int) -> Iterator[str]:
    for _ in range(lines):
        yield f"    {chance.choice(_WORDS)} = "
        yield f"{chance.choice(_WORDS)}("
        yield f'"{chance.choice(_WORDS)}", '
        yield f"{chance.randrange(100)})"
        yield f"  # {chance.choice(_WORDS)}\n"


def _words(chance: random.Random, count: int) -> Iterator[str]:
    for number in range(count):
        yield chance.choice(_WORDS) + (". " if number % 11 == 10 else " ")
