"""What reaches the terminal is mapped, whole words and UTF-8, however it comes in pieces."""

from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.charmap import hostile, visible
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.headless.exits import Stopped
from hawkmoth_tui.headless.streams import Mapped, Stdout, emit, is_clean, tell

HOSTILE_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b[]\x07\x9b\u202e\u0301\u0302\u0303\u20d0\U000e0041\r\n"))
)


@given(HOSTILE_TEXT, st.lists(st.integers(0, 60), max_size=8))
def test_pieces_map_to_the_same_text_as_the_whole(text: str, cuts: list[int]) -> None:
    mapped = Mapped()
    places = sorted({0, *cuts, len(text)})
    pieces = [text[start:end] for start, end in zip(places, [*places[1:], len(text)], strict=True)]

    shown = "".join(mapped(piece) for piece in pieces)

    assert shown == visible(text)
    assert not hostile().search(shown)


def test_a_split_escape_sequence_never_comes_through() -> None:
    mapped = Mapped()

    shown = "".join(mapped(piece) for piece in ("\x1b", "]5", "2;c;AAAA", "\x1b", "\\"))

    assert "\x1b" not in shown


def test_a_run_of_marks_stays_short_over_pieces() -> None:
    mapped = Mapped()

    shown = "".join(mapped(piece) for piece in ("e\u0301\u0302", "\u0303\u0304\u0305", "\u0306" * 50, "x"))

    assert shown == "e\u0301\u0302\u0303\u0304x"


class Broken(io.StringIO):
    """An output that fails as told."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        raise self._error


def test_a_lost_reader_is_remembered_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(BrokenPipeError(32, "Broken pipe")))
    out = Stdout()

    out.write("one")
    out.write("two")

    assert out.has_no_reader
    assert out.problem == "Broken pipe"


def test_a_full_disk_is_a_problem_but_no_lost_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(OSError(28, "No space left on device")))
    out = Stdout()

    out.write("one")

    assert not out.has_no_reader
    assert out.problem == "No space left on device"


def test_a_closed_stdout_is_a_problem_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert Stdout().problem == "stdout is closed"


def test_a_finished_text_says_why_it_could_not_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(OSError(28, "No space left on device")))

    with pytest.raises(UserError, match="No space left on device"):
        emit("text")


def test_a_finished_text_without_a_reader_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(BrokenPipeError(32, "Broken pipe")))

    with pytest.raises(Stopped):
        emit("text")


def test_a_line_on_stderr_is_one_line_of_300_characters(capsys: pytest.CaptureFixture[str]) -> None:
    tell("first\nsecond \x1b[31mred " + "long " * 200)

    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert len(shown.rstrip("\n")) <= 300
    assert "\x1b" not in shown


def test_a_broken_stderr_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Broken(OSError(5, "Input/output error")))

    tell("nobody reads this")


def test_text_that_was_not_utf8_is_told_from_text_that_was() -> None:
    assert is_clean("naïve ☕")
    assert not is_clean(b"\xff".decode("utf-8", "surrogateescape"))
