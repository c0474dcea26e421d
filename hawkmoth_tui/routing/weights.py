"""The shipped numbers of the learned router: read from one file, checked against the digest beside it, applied with whole numbers.

The file is a line that names the format, a line of JSON, then one row of bytes per bucket and one per shape, each with a byte per lane.
A lane is one linear score of a prompt: how much it looks like a task, how hard it is within one source of evidence, its general need.
Rows are kept as long integers whose 32-bit digits are the lanes, so that adding rows adds all lanes at once and no library is needed.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.routing.prompt_features import BUCKETS, SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hawkmoth_tui.routing.prompt_features import Reading

FORMAT = "hawkmoth-router-weights 1"
DATA = Path(__file__).with_name("data")
"""The folder of the shipped weights."""

FILE = "router.weights"
MANIFEST = "router.json"
"""Beside the weights: their SHA-256, what they were made from and with what."""

BIAS = 128
"""Weights are stored as byte - 128, but the last lane, the squared weight of a bucket, as it is."""
_LANE_BYTES = 4


class WeightsProblem(Exception):
    """The weights cannot be used; the message says why. The rules then decide alone."""


class Lane(NamedTuple):
    """How a lane's whole-number sums become a score."""

    text_scale: float
    shape_scale: float
    offset: float


@dataclass(frozen=True, slots=True)
class Source:
    """One place where the same models were measured on the same prompts."""

    name: str
    tasks: frozenset[int]
    """Its tasks, as indices."""
    models: Mapping[str, float]
    """Its models, each with its share of wins over the whole source."""
    costs: Mapping[str, float]
    """What an answer of each cost there on average, in USD."""
    gap: float
    """How far to trust that models differ more on one of its tasks than on another; 0: not at all."""
    difficulty: float
    """How far to trust the difficulty of a prompt within its task; 0 where it showed no gain."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the lanes say about one prompt."""

    tasks: list[float]
    """Near 1 where the prompt looks like the task, near 0 where it does not."""
    sources: list[float]
    """How much better than usual a stronger model does on this prompt, in each source's terms."""
    need: float
    """The same from the general shape of the prompt alone."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers and what they mean."""

    tasks: tuple[str, ...]
    sources: tuple[Source, ...]
    sharpness: float
    """Task weights are softmax(sharpness · score)."""
    floors: tuple[float, ...]
    """By task: a prompt whose best score lies below its task's floor is like nothing that is known."""
    lanes: tuple[Lane, ...]
    """One per task, one per source, one for the general need."""
    norm_scale: float
    records: Mapping[str, Mapping[str, tuple[float, float]]]
    """Task, model: share of wins, number of graded answers behind it."""
    rows: Sequence[int]
    shape_rows: Sequence[int]

    def score(self, reading: Reading) -> Scores:
        """All lanes of one prompt."""
        text, size = self._sums(reading)
        norm = math.sqrt(max(text[-1] * self.norm_scale, 1e-9))
        shape = struct.unpack(f"<{len(text)}I", self._digits(sum(map(mul, reading.shape, self.shape_rows))))
        text_bias, shape_bias = BIAS * size, BIAS * sum(reading.shape)
        values = [
            lane.text_scale * (in_text - text_bias) / norm + lane.shape_scale * (in_shape - shape_bias) + lane.offset
            for lane, in_text, in_shape in zip(self.lanes, text, shape, strict=False)
        ]
        tasks, sources = len(self.tasks), len(self.sources)
        return Scores(values[:tasks], values[tasks : tasks + sources], values[-1])

    def _sums(self, reading: Reading) -> tuple[tuple[int, ...], int]:
        total = sum(map(self.rows.__getitem__, reading.buckets))
        return struct.unpack(f"<{len(self.lanes) + 1}I", self._digits(total)), len(reading.buckets)

    def _digits(self, total: int) -> bytes:
        return total.to_bytes(_LANE_BYTES * (len(self.lanes) + 1), "little")


def load(folder: Path) -> Weights:
    """The weights in a folder. Raises WeightsProblem when they are missing or are not those that the manifest names."""
    try:
        raw = (folder / FILE).read_bytes()
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise WeightsProblem(f"the router's weights are missing ({error.strerror})") from error
    except ValueError as error:
        raise WeightsProblem("the manifest of the router's weights cannot be read") from error
    digest = hashlib.sha256(raw).hexdigest()
    if not isinstance(manifest, dict) or manifest.get("sha256") != digest:
        raise WeightsProblem(f"the router's weights have the wrong digest ({digest[:12]}…)")
    return parse(raw)


def shipped() -> Weights:
    """The weights that came with the program. Raises WeightsProblem."""
    return load(DATA)


def parse(raw: bytes) -> Weights:
    """The weights in a file's bytes. Raises WeightsProblem when they are not in this format."""
    first, _, rest = raw.partition(b"\n")
    head, _, body = rest.partition(b"\n")
    if first != FORMAT.encode():
        raise WeightsProblem("the router's weights are in another format")
    facts = json.loads(head)
    lanes = tuple(Lane(*lane) for lane in facts["lanes"])
    width = len(lanes) + 1
    if len(body) != width * (BUCKETS + len(SHAPES)):
        raise WeightsProblem("the router's weights were made for other features")
    rows = [_wide(body[at : at + width]) for at in range(0, len(body), width)]
    return Weights(
        tasks=tuple(facts["tasks"]),
        sources=tuple(
            Source(
                each["name"], frozenset(each["tasks"]), each["models"], each["costs"], each["gap"], each["difficulty"]
            )
            for each in facts["sources"]
        ),
        sharpness=facts["sharpness"],
        floors=tuple(facts["floors"]),
        lanes=lanes,
        norm_scale=facts["norm_scale"],
        records={
            task: {name: (cell[0], cell[1]) for name, cell in row.items()} for task, row in facts["records"].items()
        },
        rows=rows[:BUCKETS],
        shape_rows=rows[BUCKETS:],
    )


def _wide(row: bytes) -> int:
    """The bytes of a row as the lowest byte of each 32-bit digit."""
    spread = bytearray(_LANE_BYTES * len(row))
    spread[::_LANE_BYTES] = row
    return int.from_bytes(spread, "little")
