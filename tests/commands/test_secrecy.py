"""A key that is typed where a prompt belongs is neither kept nor sent."""

from __future__ import annotations

import pytest

from hawkmoth_tui.commands.secrecy import without_key

KEY = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (KEY, ""),
        (f"  {KEY}\n", ""),
        (f"/keys set anthropic {KEY}", "/keys set anthropic"),
        (f"/key set anthropic {KEY} ", "/keys set anthropic"),
        ("/keys set lab short", "/keys set lab"),
        ("/keys set lab", "/keys set lab"),
        ("/keys unlock correct horse", "/keys unlock"),
        ("/keys unlock", "/keys unlock"),
        ("/keys", "/keys"),
        (f"why does {KEY} not work?", f"why does {KEY} not work?"),
        ("/ set the table", "/ set the table"),
        ("", ""),
    ],
)
def test_only_what_is_no_key_is_kept(typed: str, kept: str) -> None:
    assert without_key(typed) == kept
