"""The writer thread: nothing blocks its caller, frames are skipped on a slow line, and a lost line is noticed once."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui import writer
from hawkmoth_tui.ui.writer import CONGESTED_CHARACTERS, TerminalWriter
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Line:
    """A pipe that somebody may or may not read, and what its writer reported."""

    def __init__(self) -> None:
        self.source, self.sink = os.pipe()
        self.lost = threading.Event()
        self.drained = threading.Event()
        self.losses = 0
        self.writer = TerminalWriter(self.sink, "utf-8", self._lose, self.drained.set)
        self.writer.start()

    def _lose(self) -> None:
        self.losses += 1
        self.lost.set()

    def read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            data += os.read(self.source, count - len(data))
        return data

    def hang_up(self) -> None:
        os.close(self.source)
        self.source = -1


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.writer.lose()
    if line.source >= 0:
        os.close(line.source)
    line.writer.stop()
    os.close(line.sink)


def returns(act: Callable[[], None]) -> None:
    """The act comes to its end although nobody reads."""
    acting = threading.Thread(target=act, daemon=True)
    acting.start()
    acting.join(PATIENCE_S)
    assert not acting.is_alive()


def test_text_arrives_in_order(line: Line) -> None:
    for number in range(500):
        line.writer.write(f"{number:04d}")

    assert line.read(2000) == b"".join(b"%04d" % number for number in range(500))


def test_a_line_that_takes_nothing_blocks_nobody_and_says_so(line: Line) -> None:
    def write() -> None:
        for _ in range(200):
            line.writer.write("x" * 10_000)

    returns(write)
    assert line.writer.is_congested
    assert line.writer.owe()


def test_a_skipped_frame_is_asked_for_when_the_line_is_free(line: Line) -> None:
    total = 65_536 + CONGESTED_CHARACTERS * 2
    line.writer.write("x" * total)
    assert line.writer.owe()
    assert not line.drained.is_set()

    line.read(total)

    assert line.drained.wait(PATIENCE_S)
    assert not line.writer.is_congested


def test_a_free_line_owes_nothing(line: Line) -> None:
    line.writer.write("frame")
    line.read(5)

    assert not line.writer.owe()


def test_a_stalled_line_holds_up_the_end_for_half_a_second_at_most(line: Line) -> None:
    line.writer.write("x" * 1_000_000)

    returns(line.writer.stop)
    assert writer._FAREWELL_S <= 0.5


def test_a_lost_line_is_reported_once_and_swallows_the_rest(line: Line) -> None:
    line.hang_up()
    line.writer.write("a")
    assert line.lost.wait(PATIENCE_S)
    line.writer.write("b")
    line.writer.stop()

    assert line.losses == 1


def test_a_writer_starts_again_after_a_suspension(line: Line) -> None:
    line.writer.write("one")
    line.writer.stop()
    line.writer.start()
    line.writer.write("two")

    assert line.read(6) == b"onetwo"


def test_a_lone_surrogate_does_not_end_the_writing(line: Line) -> None:
    line.writer.write("a\ud800b")

    assert line.read(3) == b"a?b"
