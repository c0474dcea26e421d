"""What goes beside a prompt: files and pastes, as they are sent and as they are kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Image, Text
from hawkmoth_tui.engine.attachments import (
    Attached,
    attached_again,
    is_picture_path,
    pasted,
    read_file,
    typed_path,
)
from hawkmoth_tui.engine.tray import EMPTY_TRAY, Parcel, Tray, record_of, tray_of

if TYPE_CHECKING:
    from pathlib import Path

FONT = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def pdf(text: str) -> bytes:
    """A PDF of one page that says this."""
    content = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources %s >>" % FONT,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(data),
    )


def test_the_text_of_a_pdf_is_sent_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "moth.pdf").write_bytes(pdf("Hawkmoths hover"))

    attached = read_file(str(tmp_path / "moth.pdf"))

    assert isinstance(attached.part, Text)
    assert "moth.pdf:\n```pdf\nHawkmoths hover\n```" in attached.part.text


@pytest.mark.parametrize(
    ("data", "said"), [(pdf(""), "holds no text"), (b"%PDF-1.4\nrubbish", "cannot be read as PDF")]
)
def test_a_pdf_without_text_is_refused_in_words(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x.pdf").write_bytes(data)

    with pytest.raises(UserError, match=said):
        read_file(str(tmp_path / "x.pdf"))


def test_a_picture_is_sent_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)

    assert read_file(str(tmp_path / "a.png")).part == Image("image/png", PNG, "a.png")


def test_what_is_no_file_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(UserError, match="it is no file"):
            read_file(str(path))


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        (" /a/b.txt ", "/a/b.txt"),
        ("'/a/my b.txt'", "/a/my b.txt"),
        ('"/a/my b.txt"', "/a/my b.txt"),
        (r"/a/my\ b\(1\).txt", "/a/my b(1).txt"),
        ("file:///a/my%20b.txt", "/a/my b.txt"),
    ],
)
def test_a_path_is_understood_as_typed_or_dropped(typed: str, path: str) -> None:
    assert typed_path(typed) == path


def test_only_the_path_of_a_picture_that_exists_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)

    assert is_picture_path(f"{tmp_path}/a.png\n")
    assert not is_picture_path(f"{tmp_path}/b.png")
    assert not is_picture_path(f"look at {tmp_path}/a.png")
    assert not is_picture_path("a.png")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.text(max_size=30), max_size=4))
def test_what_waits_is_kept_whole(text: str, queue: list[str]) -> None:
    one = pasted(text, "pasted text 1")
    tray = Tray((one,), tuple(Parcel(words, (one, one)) for words in queue))

    assert tray_of(record_of(tray)) == (tray, ())


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sent_is_attached_again_as_it_was(text: str) -> None:
    sent = pasted(text, "pasted text 1")
    again = attached_again(sent.part)

    assert again is not None
    assert (again.name, again.part, again.text.rstrip("\n")) == (sent.name, sent.part, text.rstrip("\n"))


def test_a_picture_that_was_sent_is_kept_whole_beside_another_prompt() -> None:
    again = attached_again(Image("image/png", PNG, "a.png"))

    assert again == Attached("a.png", len(PNG), Image("image/png", PNG, "a.png"))
    assert tray_of(record_of(Tray((again,)))) == (Tray((again,)), ())


def test_words_are_no_attachment() -> None:
    assert attached_again(Text("notes.txt:\n```\nwords\n```\n")) is None


def test_a_file_is_read_again_and_its_loss_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    record = record_of(Tray((read_file(str(path)),)))

    path.write_text("new words")
    again, missing = tray_of(record)
    assert again.attached[0].size_bytes == 9
    assert missing == ()

    path.unlink()
    gone, missing = tray_of(record)
    assert gone == EMPTY_TRAY
    assert "cannot attach" in missing[0]


@pytest.mark.parametrize("record", ["{", "[]", '{"queue": 1}', '{"queue": [], "attached": [{}]}'])
def test_a_record_of_another_version_is_an_empty_tray(record: str) -> None:
    tray, missing = tray_of(record)

    assert tray == EMPTY_TRAY
    assert missing
