"""`python -m hawkmoth_tui.training.build FOLDER`: the shipped weights, byte for byte the same from the same data.

FOLDER holds the public outcomes as `*.jsonl` or `*.jsonl.gz`. Rows of suites that begin with `rb-` come from a repository without a licence
and are left out; what is kept are weights of hashed features, never a text. Nothing is written before everything is done.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, UserError
from hawkmoth_tui.routing.weights import DATA, FILE, MANIFEST
from hawkmoth_tui.training.corpus import digest, read_all

if TYPE_CHECKING:
    from collections.abc import Sequence

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
WITHOUT_LICENCE = "rb-"
MOST_BYTES = 1_000_000


def build(folder: Path, target: Path) -> str:
    """Fit on the folder's rows and write the weights and their manifest; the SHA-256 of the weights. Raises UserError."""
    from hawkmoth_tui.training.fit import fit, prepare
    from hawkmoth_tui.training.suites import roles

    files = sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")])
    if not files:
        raise UserError(f"no outcomes in {folder}", "give the folder with the *.jsonl.gz files")
    rows = [row for row in read_all(files) if not row.suite.startswith(WITHOUT_LICENCE)]
    rows.sort(key=lambda row: row.id)
    made_from = [{"file": file.name, "sha256": digest(file)} for file in files]
    raw = fit(prepare(rows), roles(rows, [folder]), made_from)
    if len(raw) > MOST_BYTES:
        raise UserError(f"the weights take {len(raw):,} bytes", f"at most {MOST_BYTES:,} are shipped: merge some tasks")
    found = hashlib.sha256(raw).hexdigest()
    manifest = {"sha256": found, "bytes": len(raw), "rows": len(rows), "made_from": made_from}
    target.mkdir(parents=True, exist_ok=True)
    (target / FILE).write_bytes(raw)
    (target / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(
        "python -m hawkmoth_tui.training.build", description="Rebuild the router's shipped weights."
    )
    parser.add_argument("folder", type=Path, help="where the public outcomes are")
    parser.add_argument("--into", type=Path, default=DATA, help="where the weights go; default: into the package")
    chosen = parser.parse_args(arguments)
    os.environ.update(
        dict.fromkeys(THREADS, "1")
    )  # before numpy is loaded: sums by several threads have no fixed order
    try:
        found = build(chosen.folder, chosen.into)
    except HawkmothError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{found}  {chosen.into / FILE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
