"""The terminal's side of the line: what is painted and answered does not depend on how the bytes were cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.terminal.emulator import Emulator

PIECES = [
    "moth",
    "é",
    "漢字",
    "\r\n",
    "\x1b[2J",
    "\x1b[H",
    "\x1b[3;5H",
    "\x1b[31;48;2;1;2;3m",
    "\x1b[?1049h",
    "\x1b[?1049l",
    "\x1b[?2026h",
    "\x1b[?2026l",
    "\x1b[?25l",
    "\x1b[6n",
    "\x1b[?2026$p",
    "\x1b[c",
    "\x1b[>1u",
    "\x1b[<u",
    "\x1b]0;a title\x07",
    "\x1b]11;?\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b7",
    "\x1b8",
    "\x1b(B",
    "\x1b[2S",
    "\x1b[1T",
    "\x1b[3b",
]


def shown(chunks: list[bytes]) -> tuple[list[str], set[str], str, tuple[int, int], bytes]:
    """Everything a terminal of 20×6 knows after these chunks, its answers included."""
    answers = bytearray()
    emulator = Emulator(20, 6, answers.extend)
    for chunk in chunks:
        emulator.feed(chunk)
    return emulator.lines(), emulator.modes, emulator.title, emulator.cursor, bytes(answers)


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.lists(st.integers(0, 200), max_size=12))
def test_any_cut_of_the_bytes_shows_the_same(pieces: list[str], cuts: list[int]) -> None:
    data = "".join(pieces).encode()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]

    chunks = [data[start:end] for start, end in pairwise(edges)]

    assert shown(chunks) == shown([data])


@given(st.binary(max_size=60))
def test_no_bytes_at_all_upset_it(data: bytes) -> None:
    shown([data])


def test_leaving_the_alternate_screen_shows_what_was_there_before() -> None:
    lines, modes, *_ = shown([b"before", b"\x1b[?1049h", b"inside", b"\x1b[?1049l"])

    assert lines[0] == "before"
    assert "1049" not in modes


def test_a_wide_character_that_is_half_overwritten_leaves_a_blank() -> None:
    lines, *_ = shown(["漢字".encode(), b"\rx\x1b[2;1H", "漢".encode()])

    assert lines[:2] == ["x 字", "漢"]
