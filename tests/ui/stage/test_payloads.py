"""The search for hostile bytes finds every payload in a stream that nobody cleaned, and nothing in one that was."""

from __future__ import annotations

import pytest

from hawkmoth_tui.core.charmap import hostile, visible
from tests.ui.stage.payloads import PAYLOADS, hostile_bytes

RAW = {name: payload for name, payload in PAYLOADS.items() if hostile().search(payload)}


@pytest.mark.parametrize("name", RAW)
def test_a_raw_payload_is_found(name: str) -> None:
    assert hostile_bytes(b"\x1b[1;1H\x1b[1mbefore " + RAW[name].encode("utf-8", "surrogatepass") + b"\x1b[0m")


@pytest.mark.parametrize("name", RAW)
def test_a_mapped_payload_is_clean(name: str) -> None:
    assert hostile_bytes(b"\x1b[1;1H\x1b[1m" + visible(RAW[name]).encode() + b"\x1b[0m") == []


def test_our_own_sequences_are_no_finding() -> None:
    assert hostile_bytes(b"\x1b[?1049h\x1b[?2026$p\x1b[>25u\x1b[12;3H\x1b[1;38;2;1;2;3mx\x1b[0m\x1b]22;text\x07") == []
