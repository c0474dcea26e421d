"""The audit log: one line for each deed, private, without keys, and never in the way."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.audit import AuditLog

if TYPE_CHECKING:
    from pathlib import Path

MIDNIGHT_MS = 1_796_083_200_000


def lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for file in sorted(folder.glob("audit-*.jsonl")) for line in file.read_text().splitlines()]


def test_a_deed_is_one_line_with_its_time_and_facts(tmp_path: Path) -> None:
    AuditLog(tmp_path, lambda: MIDNIGHT_MS).write("key used", provider="lab", host="llm.example.com")

    assert lines(tmp_path) == [
        {"at": "2026-12-01T00:00:00.000+00:00", "what": "key used", "provider": "lab", "host": "llm.example.com"}
    ]


def test_each_month_has_its_file(tmp_path: Path) -> None:
    times = iter([MIDNIGHT_MS - 1, MIDNIGHT_MS])
    audit = AuditLog(tmp_path / "log", lambda: next(times))
    audit.write("one")
    audit.write("two")

    assert sorted(file.name for file in (tmp_path / "log").iterdir()) == ["audit-2026-11.jsonl", "audit-2026-12.jsonl"]


def test_it_is_for_this_user_alone_and_holds_no_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        AuditLog(tmp_path / "log", lambda: 0).write("odd", host="sk-proj-0123456789abcdefghij")
    finally:
        os.umask(before)

    (file,) = (tmp_path / "log").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "sk-proj" not in file.read_text()


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")

    AuditLog(tmp_path / "log", lambda: 0).write("key used")
    AuditLog(tmp_path / "log", lambda: 0).write("key used")

    assert (tmp_path / "log").read_text() == "in the way"
