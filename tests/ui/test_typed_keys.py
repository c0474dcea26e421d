"""What the terminal's bytes become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from hawkmoth_tui.ui.typed_keys import KeyParser

if TYPE_CHECKING:
    from collections.abc import Iterator


def keys(typed: str) -> Iterator[str]:
    return (message.key for message in KeyParser().feed(typed) if isinstance(message, events.Key))


@pytest.mark.parametrize("digit", "0123456789")
def test_escape_and_a_digit_is_alt_with_it(digit: str) -> None:
    assert list(keys(f"\x1b{digit}")) == [f"alt+{digit}"]
    assert list(keys(f"\x1b[{ord(digit)};3u")) == [f"alt+{digit}"]


def test_escape_and_enter_is_alt_enter_which_makes_a_new_line() -> None:
    assert list(keys("\x1b\r")) == ["alt+enter"]


def test_other_keys_stay_what_they_are() -> None:
    assert list(keys("\x1bOQ")) == ["f2"]
    assert list(keys("\r")) == ["enter"]
    assert list(keys("¡1")) == ["inverted_exclamation_mark", "1"]
