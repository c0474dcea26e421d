"""What the terminal's bytes become."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
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


@given(st.lists(st.sampled_from(["\x1b", "[", "201", "20", "1~", "~", "a", "ü\n", "\x1b[20", "\0"])), st.data())
def test_a_paste_arrives_whole_however_it_is_cut(pieces: list[str], data: st.DataObject) -> None:
    pasted = "".join(pieces)
    raw = f"{pasted}\x1b[201~"
    assume(raw.index("\x1b[201~") == len(pasted))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    parser = KeyParser()

    found = list(parser.feed("\x1b[200~"))
    for begin, end in pairwise([0, *cuts, len(raw)]):
        found += parser.feed(raw[begin:end]) if begin < end else ()
    found += parser.feed("x")

    assert [event.text for event in found if isinstance(event, events.Paste)] == [pasted.replace("\0", "")]
    assert [event.key for event in found if isinstance(event, events.Key)] == ["x"]
