"""A prompt comes from the argument, from stdin, or from both; what is no text is refused in words."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Image, Text
from hawkmoth_tui.engine.attachments import attachment, decoded, fenced, image_type
from hawkmoth_tui.headless import intake
from hawkmoth_tui.headless.intake import holds_data, read_all, take_in
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """Puts bytes into a pipe and makes it stdin."""
    opened: list[int] = []

    def put(data: bytes) -> None:
        reading, writing = os.pipe()
        opened.append(reading)
        monkeypatch.setattr(intake, "STDIN", reading)
        monkeypatch.setattr(intake, "FIRST_BYTE_S", PATIENCE_S)

        def write() -> None:
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(data)

        threading.Thread(target=write).start()

    yield put
    for number in opened:
        os.close(number)


def test_the_argument_is_the_prompt(stdin: Callable[[bytes], None]) -> None:
    stdin(b"")

    assert take_in("why?", ()).prompt == "why?"
    assert take_in("why?", ()).attachments == ()


@pytest.mark.parametrize("argument", [None, "-"])
def test_stdin_is_the_prompt_without_its_last_newline(stdin: Callable[[bytes], None], argument: str | None) -> None:
    stdin("\ufeffwarum ☕?\r\nja\r\n".encode())

    assert take_in(argument, ()).prompt == "warum ☕?\nja"


def test_a_pipe_beside_a_prompt_is_attached(stdin: Callable[[bytes], None]) -> None:
    stdin(b"line one\nline two\n")

    taken = take_in("summarise", ())

    assert taken.prompt == "summarise"
    assert taken.attachments == (Text("\n\nstdin:\n```\nline one\nline two\n```\n"),)


def test_a_picture_through_the_pipe_is_a_picture(stdin: Callable[[bytes], None]) -> None:
    stdin(PNG)

    assert take_in("what is this?", ()).attachments == (Image("image/png", PNG, "stdin"),)


@pytest.mark.parametrize("data", [b"", b"\n", b"  \n\t"])
def test_an_empty_prompt_is_refused(stdin: Callable[[bytes], None], data: bytes) -> None:
    stdin(data)

    with pytest.raises(UserError, match="the prompt is empty"):
        take_in(None, ())


def test_bytes_that_are_not_text_are_refused_with_their_place(stdin: Callable[[bytes], None]) -> None:
    stdin(b"abc\xff\xfe")

    with pytest.raises(UserError, match=r"stdin is not UTF-8 text \(byte 0xff at 3\)"):
        take_in(None, ())


def test_zero_bytes_are_refused(stdin: Callable[[bytes], None]) -> None:
    stdin(b"abc\0def")

    with pytest.raises(UserError, match="stdin is binary"):
        take_in(None, ())


def test_an_argument_that_was_not_utf8_is_refused() -> None:
    with pytest.raises(UserError, match="not UTF-8"):
        take_in(b"caf\xe9".decode("utf-8", "surrogateescape"), ())


def test_a_silent_pipe_is_left_alone_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()

    data = read_all(lambda: os.read(reading, 100), None, 0.05)

    os.close(writing)
    assert data == b""
    assert "nothing came through the pipe within 0.05 s; going on without it" in capsys.readouterr().err


def test_a_timeout_that_is_over_before_the_first_byte_is_the_one_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reading, writing = os.pipe()

    data = read_all(lambda: os.read(reading, 100), 0.05, 600.0)

    os.close(writing)
    assert data == b""
    assert "nothing came through the pipe within 0.05 s; going on without it" in capsys.readouterr().err


def test_once_bytes_came_it_is_read_to_the_end() -> None:
    reading, writing = os.pipe()
    first = threading.Event()

    def read() -> bytes:
        data = os.read(reading, 100)
        first.set()
        return data

    def write() -> None:
        os.write(writing, b"one ")
        first.wait(PATIENCE_S)
        os.write(writing, b"two")
        os.close(writing)

    threading.Thread(target=write).start()

    assert read_all(read, None, PATIENCE_S) == b"one two"
    os.close(reading)


def test_a_pipe_that_never_ends_meets_the_timeout() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"endless")

    with pytest.raises(UserError, match=r"stdin did not end within 0\.05 s"):
        read_all(lambda: os.read(reading, 100), 0.05, None)

    os.close(writing)


def test_more_than_any_prompt_is_refused() -> None:
    with pytest.raises(UserError, match="more than 32 MB"):
        read_all(lambda: b"x" * (1 << 20), None, None)


def test_a_terminal_or_dev_null_holds_no_data(tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_text("data")
    with open(os.devnull, "rb") as nothing, file.open("rb") as something:  # noqa: PTH123  # a device, not a path of ours
        assert not holds_data(nothing.fileno())
        assert holds_data(something.fileno())


def test_a_text_file_is_attached_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "größe.py"
    file.write_text("x = 1")

    assert attachment(str(file)) == Text("\n\ngröße.py:\n```py\nx = 1\n```\n")


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fenced("notes.md", "a\n````\nb\n````\n") == "\n\nnotes.md:\n`````md\na\n````\nb\n````\n`````\n"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"GIF87a...", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", ""),
        (b"plain", ""),
        (b"", ""),
    ],
)
def test_pictures_are_known_by_their_bytes(data: bytes, media_type: str) -> None:
    assert image_type(data) == media_type


def test_a_picture_is_attached_whole(tmp_path: Path) -> None:
    file = tmp_path / "shot.txt"
    file.write_bytes(PNG)

    assert attachment(str(file)) == Image("image/png", PNG, "shot.txt")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda file: None, "No such file"),
        (lambda file: file.mkdir(), "Is a directory"),
        (lambda file: file.write_bytes(b"\x7fELF\x02\x01\0\0"), "is binary"),
        (lambda file: file.write_bytes(b"\x80\x81"), "not UTF-8"),
    ],
)
def test_what_cannot_be_attached_is_refused(tmp_path: Path, make: Callable[[Path], object], says: str) -> None:
    file = tmp_path / "thing.bin"
    make(file)

    with pytest.raises(UserError, match=says) as raised:
        attachment(str(file))

    assert "thing.bin" in raised.value.message
    assert raised.value.hint


def test_windows_line_ends_become_newlines() -> None:
    assert decoded(b"a\r\nb", "stdin") == "a\nb"
