"""Rows of hashed features as one sparse matrix, and the little algebra that fitting needs. Every sum runs in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hawkmoth_tui.routing.prompt_features import BUCKETS, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

CHUNK = 500
"""Rows that are made dense at once."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The features of many prompts."""

    columns: NDArray[np.int32]
    starts: Whole
    """Where each row begins in `columns`; one more than there are rows."""
    shapes: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, chosen: Whole) -> Readings:
        """Some of the rows, in the order asked for."""
        spans = [self.columns[self.starts[row] : self.starts[row + 1]] for row in chosen]
        return Readings(np.concatenate(spans), _starts(spans), self.shapes[chosen])


def read_prompts(prompts: Sequence[str]) -> Readings:
    """The features of the prompts."""
    found = [read(prompt) for prompt in prompts]
    spans = [np.array(sorted(reading.buckets), np.int32) for reading in found]
    shapes = np.array([reading.shape for reading in found], np.float64)
    return Readings(np.concatenate(spans), _starts(spans), shapes)


def _starts(spans: Sequence[NDArray[np.int32]]) -> Whole:
    return np.concatenate([[0], np.cumsum([len(span) for span in spans])]).astype(np.int64)


def rarity(readings: Readings) -> Floats:
    """The weight of each bucket: the logarithm of how rarely it is met."""
    met = np.bincount(readings.columns, minlength=BUCKETS)
    return np.log((len(readings) + 1) / (met + 1))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of length 1."""

    columns: NDArray[np.int32]
    owners: NDArray[np.int32]
    """The row of each value."""
    values: Floats
    starts: Whole

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, chosen: Whole) -> Matrix:
        """Some of the rows, in the order asked for."""
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        at = np.repeat(self.starts[chosen] - starts[:-1], lengths) + np.arange(starts[-1])
        owners = np.repeat(np.arange(len(chosen), dtype=np.int32), lengths)
        return Matrix(self.columns[at], owners, self.values[at], starts)

    def times(self, vector: Floats) -> Floats:
        """One number per row."""
        return _sums(self.owners, self.values * vector[self.columns], len(self))

    def back(self, vector: Floats) -> Floats:
        """One number per bucket."""
        return _sums(self.columns, self.values * vector[self.owners], BUCKETS)

    def sums(self, labels: Whole, count: int) -> Floats:
        """The sum of the rows of each label."""
        cells = labels[self.owners] * BUCKETS + self.columns
        return _sums(cells, self.values, count * BUCKETS).reshape(count, BUCKETS)

    def dots(self, vectors: Floats) -> Floats:
        """Every row with every vector."""
        found = np.empty((len(self), len(vectors)))
        for first in range(0, len(self), CHUNK):
            last = min(first + CHUNK, len(self))
            span = slice(self.starts[first], self.starts[last])
            dense = np.zeros((last - first, BUCKETS))
            dense[self.owners[span] - first, self.columns[span]] = self.values[span]
            found[first:last] = dense @ vectors.T
        return found


def _sums(cells: NDArray[np.int32] | Whole, values: Floats, count: int) -> Floats:
    """The values added up by cell, in their order."""
    return np.bincount(cells, values, minlength=count).astype(np.float64)


def normed(readings: Readings, weights: Floats) -> Matrix:
    """The weighted rows, each of length 1."""
    owners = np.repeat(np.arange(len(readings), dtype=np.int32), np.diff(readings.starts))
    values = weights[readings.columns]
    lengths = np.sqrt(np.maximum(np.bincount(owners, values * values, minlength=len(readings)), 1e-9))
    return Matrix(readings.columns, owners, values / lengths[owners], readings.starts)


def ridge(matrix: Matrix, dense: Floats, wanted: Floats, penalty: float, steps: int) -> tuple[Floats, Floats]:
    """Least squares with a penalty on text and dense columns together, by conjugate gradients with a fixed number of steps."""
    text, shape = np.zeros(BUCKETS), np.zeros(dense.shape[1])
    left_text, left_shape = matrix.back(wanted), dense.T @ wanted
    way_text, way_shape = left_text.copy(), left_shape.copy()
    square = left_text @ left_text + left_shape @ left_shape
    for _ in range(steps):
        if square < 1e-18:
            break
        seen = matrix.times(way_text) + dense @ way_shape
        turned_text, turned_shape = matrix.back(seen) + penalty * way_text, dense.T @ seen + penalty * way_shape
        step = square / (way_text @ turned_text + way_shape @ turned_shape)
        text += step * way_text
        shape += step * way_shape
        left_text -= step * turned_text
        left_shape -= step * turned_shape
        before, square = square, left_text @ left_text + left_shape @ left_shape
        way_text = left_text + square / before * way_text
        way_shape = left_shape + square / before * way_shape
    return text, shape
