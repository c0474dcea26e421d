"""A small made-up world in which the right answer is known: one model is good at cooking, the other at sums, long sums are harder."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DISHES = ("soup", "bread", "stew", "cake", "pie", "salad", "curry", "rice")
WAYS = ("bake", "boil", "fry", "roast", "steam", "season")

Line = dict[str, object]


def lines(count: int, seed: int = 1) -> list[Line]:
    """Rows of two suites: `kitchen` with one task, `school` with two."""
    draw = random.Random(seed)
    return [_line(at, draw) for at in range(count)]


def _line(at: int, draw: random.Random) -> Line:
    kind = at % 3
    if kind == 0:
        prompt = (
            f"How long should I {draw.choice(WAYS)} a {draw.choice(DISHES)} for {draw.randrange(2, 9)} guests at home?"
        )
        suite, task, wins = "kitchen", "cooking", {"cook": 0.9, "clerk": 0.2, "sage": 0.95}
    elif kind == 1:
        terms = draw.randrange(2, 9)
        prompt = "Compute the sum: " + " + ".join(str(draw.randrange(10, 99)) for _ in range(terms)) + " ="
        suite, task, wins = "school", "sums", {"cook": 0.1, "clerk": 0.95 - 0.1 * terms, "sage": 0.97}
    else:
        prompt = f"Translate into French: the {draw.choice(DISHES)} was cold, we {draw.choice(WAYS)} another in {at} minutes."
        suite, task, wins = "school", "translation", {"cook": 0.5, "clerk": 0.5, "sage": 0.9}
    models = {
        name: {"score": float(draw.random() < chance), "usd": {"cook": 0.001, "clerk": 0.001, "sage": 0.02}[name]}
        for name, chance in wins.items()
    }
    return {
        "id": f"{suite}/{at}",
        "suite": suite,
        "task": task,
        "group": str(at // 2),
        "prompt": prompt,
        "models": models,
    }


def roles() -> dict[str, dict[str, str]]:
    """As `suites.json` has them."""
    return {
        suite: {"strong": "sage", "weak": "clerk", "pool": "village", "family": suite}
        for suite in ("kitchen", "school")
    }


def write(folder: Path, name: str, rows: list[Line]) -> Path:
    """The rows as a file, with the roles beside it."""
    (folder / "suites.json").write_text(json.dumps(roles()), encoding="utf-8")
    file = folder / name
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.write_bytes(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)
    return file
