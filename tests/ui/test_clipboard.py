"""What a terminal is sent to copy, what the user is told, and the file that helps when nothing arrives."""

from __future__ import annotations

import base64
import os
import re
import shutil
import stat
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui import clipboard
from hawkmoth_tui.ui.clipboard import LONGEST_COPY, Carrier, carrier, fits, sequence
from hawkmoth_tui.ui.saving import save_copy

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 12, 30, 45)


@pytest.mark.parametrize(
    ("env", "way"),
    [
        ({"TERM": "xterm-256color"}, Carrier.NONE),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, Carrier.TMUX),
        ({"TERM": "tmux-256color"}, Carrier.TMUX),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts-0.host"}, Carrier.SCREEN),
        ({"TERM": "screen"}, Carrier.SCREEN),
        ({}, Carrier.NONE),
    ],
)
def test_the_environment_says_what_stands_between(env: dict[str, str], way: Carrier) -> None:
    assert carrier(env) is way


def decoded(plain: str) -> str:
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", plain)
    assert found is not None
    return base64.b64decode(found[1]).decode()


def test_a_bare_terminal_gets_the_plain_sequence() -> None:
    assert decoded(sequence("é\n\x1b[31m", Carrier.NONE)) == "é\n\x1b[31m"


def test_tmux_gets_it_plain_and_wrapped_with_doubled_escapes() -> None:
    plain, found, wrapped = sequence("words", Carrier.TMUX).partition("\x1bPtmux;")

    assert found
    assert wrapped.endswith("\x1b\\")
    inner = wrapped.removesuffix("\x1b\\")
    assert decoded(plain) == decoded(inner.replace("\x1b\x1b", "\x1b")) == "words"


def test_screen_gets_pieces_that_it_can_hold_and_that_make_one_outside() -> None:
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", sequence("words " * 200, Carrier.SCREEN), re.DOTALL)

    assert max(map(len, pieces)) <= 256
    assert decoded("".join(pieces)) == "words " * 200


def test_what_is_longer_than_a_terminal_takes_does_not_fit() -> None:
    assert fits("x" * LONGEST_COPY)
    assert not fits("x" * (LONGEST_COPY + 1))
    assert not fits("é" * (LONGEST_COPY // 2 + 1))


def test_the_words_promise_no_more_than_that_it_was_sent() -> None:
    words = clipboard.sent(1234, Carrier.NONE, "s")

    assert words == (
        "1,234 characters sent to the terminal's clipboard with OSC 52; if nothing arrives, s saves the text"
    )
    assert "through tmux" in clipboard.sent(1, Carrier.TMUX, "s")
    assert "nothing was copied" in clipboard.too_long(200_000, "s")


def test_a_saved_copy_is_for_its_user_alone_and_never_overwrites(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        paths = [save_copy(tmp_path / "new" / "copies", text, NOW) for text in ("one\r\n", "two")]
    finally:
        os.umask(before)

    assert [path.name for path in paths] == ["copy-20261120-123045.md", "copy-20261120-123045-1.md"]
    assert [path.read_bytes() for path in paths] == [b"one\r\n", b"two"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE(paths[0].parent.stat().st_mode) == 0o700


@pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not here")
def test_a_real_tmux_takes_it(tmp_path: Path) -> None:
    text = "words for tmux " * 400
    (tmp_path / "sequence").write_text(sequence(text, Carrier.TMUX), newline="")
    socket = str(tmp_path / "socket")

    def tmux(*arguments: str) -> str:
        done = subprocess.run(["tmux", "-S", socket, "-f", "/dev/null", *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    tmux("new-session", "-d", "sleep 60")
    try:
        tmux("set", "-s", "set-clipboard", "on")
        tmux("respawn-pane", "-k", f"cat '{tmp_path}/sequence'; tmux -S '{socket}' wait-for -S done; sleep 60")
        tmux("wait-for", "done")
        for _ in range(50):
            if tmux("list-buffers"):
                break
        assert tmux("show-buffer") == text
    finally:
        tmux("kill-server")
