"""Recorded outcomes: which model did how well on which prompt, at what cost. One JSON object per line, plain or gzipped."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


class Measured(NamedTuple):
    """One model's answer to one prompt."""

    score: float
    """0..1."""
    usd: float
    """Above 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt and what every model of its suite made of it."""

    id: str
    suite: str
    task: str
    group: str
    """Near duplicates share it; confidence intervals draw groups, not rows."""
    prompt: str
    models: Mapping[str, Measured]


def read_all(files: Iterable[Path]) -> list[Row]:
    """The rows of all files in order. Raises UserError, naming file and line, before anything is done with any of them."""
    rows = [row for file in files for row in _read(file)]
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise UserError(f"the row {row.id} is there twice", "give each file once")
        seen.add(row.id)
    return rows


def _read(file: Path) -> Iterator[Row]:
    number = 0
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(line, file.name, number)
    except (OSError, EOFError, zlib.error) as error:
        where = f" after line {number}" if number else ""
        raise UserError(f"{file.name} cannot be read{where} ({error})", "check the path and the file") from error


def _row(line: bytes, name: str, number: int) -> Row:
    try:
        found = json.loads(line)
        return Row(
            id=_text(found, "id"),
            suite=_text(found, "suite"),
            task=_text(found, "task"),
            group=str(found.get("group", found["id"])),
            prompt=_text(found, "prompt"),
            models={str(model): _measured(cell) for model, cell in found["models"].items()},
        )
    except KeyError as error:
        raise UserError(f"{name}, line {number}: {error.args[0]} is missing", _FORM) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise UserError(f"{name}, line {number}: not a row ({error})", _FORM) from error


_FORM = "a row is an object with id, suite, task, prompt and models"


def _text(found: dict[str, object], key: str) -> str:
    value = found[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is not a text")
    return value


def _measured(cell: Mapping[str, float]) -> Measured:
    score, usd = float(cell["score"]), float(cell["usd"])
    if not 0.0 <= score <= 1.0:
        raise ValueError(f"a score of {score:g} is not between 0 and 1")
    if not 0.0 < usd < float("inf"):
        raise ValueError(f"a price of {usd:g} is not above 0")
    return Measured(score, usd)


def digest(file: Path) -> str:
    """SHA-256 of a file, whole."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
