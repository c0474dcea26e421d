"""From fitted numbers to the bytes that `routing.weights` reads: one byte per weight, the scale of each lane beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hawkmoth_tui.routing.weights import BIAS, FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hawkmoth_tui.training.sparse import Floats

WIDEST = 10.0
"""Weights beyond so many standard deviations are cut, so that the others keep their digits."""
_REACH = 127
_FULL = 255


@dataclass(frozen=True, slots=True)
class Linear:
    """One lane before it is packed: weights for text and shape, and an offset."""

    text: Floats
    """For rows of length 1."""
    shape: Floats
    offset: float

    def unstandardised(self, middle: Floats, width: Floats) -> Linear:
        """The same for shapes as they are read."""
        shape = self.shape / width
        return Linear(self.text, shape, float(self.offset - middle @ shape))


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes, and the weight of every bucket by rarity."""

    lanes: Sequence[Linear]
    rarity: Floats


def packed(header: Mapping[str, object], lanes: Lanes) -> bytes:
    """The weights file."""
    rarity = np.maximum(lanes.rarity, 0.0)
    norm_scale = float((rarity**2).max()) / _FULL or 1.0
    texts, text_scales = _columns([lane.text * rarity for lane in lanes.lanes], WIDEST)
    shapes, shape_scales = _columns([lane.shape for lane in lanes.lanes], float("inf"))
    norms = np.rint(rarity**2 / norm_scale).astype(np.uint8)
    body = np.vstack([
        np.hstack([texts, norms[:, None]]),
        np.hstack([shapes, np.zeros((len(shapes), 1), np.uint8)]),
    ])  # fmt: skip
    facts = {
        **header,
        "norm_scale": _short(norm_scale),
        "lanes": [
            [text, shape, _short(lane.offset)]
            for text, shape, lane in zip(text_scales, shape_scales, lanes.lanes, strict=True)
        ],
    }
    head = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return FORMAT.encode() + b"\n" + head.encode() + b"\n" + body.astype(np.uint8).tobytes()


def _columns(weights: Sequence[Floats], widest: float) -> tuple[Floats, list[float]]:
    """Bytes by row and lane, and the scale of each lane."""
    columns, scales = [], []
    for lane in weights:
        most = min(float(np.abs(lane).max()), widest * float(lane.std()) if lane.any() else 0.0)
        scale = _short(most / _REACH) or 1.0
        columns.append(np.rint(np.clip(lane / scale, -_REACH, _REACH)) + BIAS)
        scales.append(scale)
    return np.stack(columns, 1).astype(np.uint8), scales


def _short(value: float) -> float:
    """Six digits: what is beyond them may differ between machines."""
    return float(f"{value:.6g}")
