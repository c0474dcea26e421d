"""The model picker over 2,500 models: from a key to the last byte of the frames that it causes, layout, paint and terminal included."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.recorder import Recorder
    from tests.bench.subjects import Bench, Subject

MODELS = 2_500
FEW = 100
"""Models of the list that the long one is held against."""
READY_S = 30.0
"""How long a configuration of thousands of models may take to be there."""
QUIET_S = 0.3
"""A key has had its effect when nothing was written for so long."""
F2 = "\x1bOQ"
DOWN = "\x1b[B"
PAGE_DOWN = "\x1b[6~"
KEYS = (*"model-1", *"\x7f\x7f", *"23 inst", *("\x7f" * 12), *(DOWN,) * 4, *(PAGE_DOWN,) * 4)


def models_config(count: int) -> str:
    """So many models of the bench's server, in the words of config.toml."""
    return "".join(
        f'\n[[providers.bench.models]]\nid = "family-{n % 40}/model-{n}-instruct"\nlane = "standard"\n'
        f'context_tokens = 131072\ninput_usd_per_mtok = "0.{n % 89 + 10}"\noutput_usd_per_mtok = "{n % 7 + 1}"\n'
        for n in range(count)
    )


def picker(bench: Bench, subject: Subject, columns: int, rows: int) -> Mapping[str, float | None]:
    """Letters, deletions, arrows and pages in the list of all models, and the same in a short list."""
    many = key_times_ms(bench, subject, columns, rows, MODELS)
    few = key_times_ms(bench, subject, columns, rows, FEW)
    if not many or not few:
        return {"key ms": None, "key p95 ms": None, "beside 100": None}
    return {
        "key ms": statistics.median(many),
        "key p95 ms": sorted(many)[round(0.95 * (len(many) - 1))],
        "beside 100": statistics.median(many) / statistics.median(few),
    }


def key_times_ms(bench: Bench, subject: Subject, columns: int, rows: int, count: int) -> list[float]:
    """One figure a key that changed the screen; empty when the list never opened."""
    recorder = bench.start(subject, columns, rows, models_config(count))
    try:
        recorder.wait(lambda: recorder.byte_count > 500, READY_S)
        recorder.wait(lambda: "ready" in recorder.paint(), READY_S)
        recorder.wait_quiet(2.0, READY_S)
        recorder.press(F2)
        if not recorder.wait(lambda: "Enter pins" in recorder.paint(), READY_S):
            return []
        return [taken for key in KEYS if (taken := _key_ms(recorder, key)) is not None]
    finally:
        recorder.close()


def _key_ms(recorder: Recorder, key: str) -> float | None:
    recorder.wait_quiet(QUIET_S, READY_S)
    before = len(recorder.chunks)
    at = recorder.press(key)
    recorder.wait(lambda: len(recorder.chunks) > before, QUIET_S * 3)
    recorder.wait_quiet(QUIET_S, READY_S)
    return (recorder.chunks[-1].at - at) * 1000 if len(recorder.chunks) > before else None
