"""Measures Hawkmoth beside the floors in one interleaved run and prints a table with the goals.

python -m tests.bench                                 everything, three rounds: about fifteen minutes on a quiet machine
python -m tests.bench --measure startup --rounds 5
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.bench.measures import MEASURES, Window
from tests.bench.report import table
from tests.bench.subjects import FLOOR, HAWKMOTH, LAZY_FLOOR, OVER_SSH, Bench, Subject

WINDOWS = (Window(120, 40), Window(80, 24))


def main() -> None:
    """Runs the chosen measures and prints the report."""
    arguments = _arguments()
    results: dict[tuple[str, Window, str], dict[str, list[float | None]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as folder, Bench(Path(folder)) as bench:
        for round_number in range(1, arguments.rounds + 1):
            for name, window, subject in _runs(arguments.measure):
                _say(f"round {round_number}: {name} {window} {subject.name} (load {os.getloadavg()[0]:.1f})")
                for figure, value in MEASURES[name](bench, subject, window).items():
                    results[name, window, subject.name][figure].append(value)
    medians = {key: {figure: _median(values) for figure, values in figures.items()} for key, figures in results.items()}
    sys.stdout.write(table(medians, arguments.rounds))


def _runs(measures: list[str]) -> list[tuple[str, Window, Subject]]:
    runs = []
    for name in measures:
        floors = {"startup": (FLOOR, LAZY_FLOOR)}.get(name, (FLOOR,) if name in ("idle", "stream", "fast") else ())
        windows = WINDOWS if name in ("fast", "stream", "picker") else WINDOWS[:1]
        for window in windows:
            subjects = (*floors, HAWKMOTH) if window == WINDOWS[0] else (HAWKMOTH,)
            if name == "stream":
                subjects = (*subjects, OVER_SSH)
            runs += [(name, window, subject) for subject in subjects]
    return runs


def _median(values: list[float | None]) -> float | None:
    """The median; None as soon as one run never showed what it should."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if len(known) == len(values) else None


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--measure", nargs="+", choices=tuple(MEASURES), default=list(MEASURES))
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
