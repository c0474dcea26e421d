"""How a route is written down: JSON, deflated, because the votes of many candidates say nearly the same."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.route import Candidate, Record, Route, Veto, Vote
from hawkmoth_tui.store.records import dump

if TYPE_CHECKING:
    from collections.abc import Sequence


def encode_route(route: Route | None) -> bytes | None:
    """Deflated JSON; None stays None."""
    if route is None:
        return None
    data = {
        "chosen": _encode_model(route.chosen),
        "fallbacks": [_encode_model(model) for model in route.fallbacks],
        "candidates": [_encode_candidate(candidate) for candidate in route.candidates],
        "policy": route.policy,
        "policy_sha256": route.policy_sha256,
        "task": route.task,
        "confidence": route.confidence,
        "reason": route.reason,
        "elapsed_ms": route.elapsed_ms,
        "difficulty": route.difficulty,
        "is_pinned": route.is_pinned,
        "task_weight": route.task_weight,
        "looks_like": route.looks_like,
        "note": route.note,
    }
    return zlib.compress(dump(data).encode())


def decode_route(stored: bytes | None) -> Route | None:
    """The reverse of `encode_route`, older routes included. Raises ValueError, KeyError, TypeError or zlib.error for anything else."""
    if stored is None:
        return None
    data: dict[str, Any] = json.loads(zlib.decompress(stored))
    return Route(
        chosen=_decode_model(data["chosen"]) if data["chosen"] else None,
        fallbacks=tuple(_decode_model(model) for model in data["fallbacks"]),
        candidates=tuple(_decode_candidate(candidate) for candidate in data["candidates"]),
        policy=data["policy"],
        policy_sha256=data["policy_sha256"],
        task=data["task"],
        confidence=data["confidence"],
        reason=data["reason"],
        elapsed_ms=data["elapsed_ms"],
        difficulty=data["difficulty"],
        is_pinned=data["is_pinned"],
        task_weight=data.get("task_weight"),
        looks_like=data.get("looks_like", ""),
        note=data.get("note", ""),
    )


def _encode_candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "model": _encode_model(candidate.model),
        "score": candidate.score,
        "expected_quality": candidate.expected_quality,
        "expected_cost_pico": candidate.expected_cost_pico,
        "votes": [[vote.rule, vote.score, vote.reason] for vote in candidate.votes],
        "veto": [candidate.veto.rule, candidate.veto.reason] if candidate.veto else None,
        "record": [record.win, record.graded, record.own, record.spread] if (record := candidate.record) else None,
        "cached_tokens": candidate.cached_tokens,
    }


def _decode_candidate(data: dict[str, Any]) -> Candidate:
    return Candidate(
        model=_decode_model(data["model"]),
        score=data["score"],
        expected_quality=data["expected_quality"],
        expected_cost_pico=data["expected_cost_pico"],
        votes=tuple(Vote(*vote) for vote in data["votes"]),
        veto=Veto(*data["veto"]) if data["veto"] else None,
        record=Record(*record) if (record := data.get("record")) else None,
        cached_tokens=data.get("cached_tokens", 0),
    )


def _encode_model(model: ModelRef | None) -> list[str] | None:
    return [model.provider, model.id] if model else None


def _decode_model(pair: Sequence[str]) -> ModelRef:
    return ModelRef(*pair)
