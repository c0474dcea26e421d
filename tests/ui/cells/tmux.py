"""tmux as a second opinion: shows bytes in a pane of its own and tells what every cell looks like then."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TMUX = shutil.which("tmux")

_FEEDER = """
import json, os, subprocess, sys, tty
given, taken, edge = sys.argv[1:]
tty.setraw(0)
shown = []
def ask(data):
    os.write(1, data + b"\\x1b[6n")
    answer = b""
    while not answer.endswith(b"R"):
        answer += os.read(0, 64)
    return answer.decode()
for data in json.load(open(given)):
    answer = ask(b"\\x1b[0m\\x1b[r\\x1b[2J\\x1b[?7l\\x1b[H" + data.encode())
    ask(edge.encode())
    page = subprocess.run(["tmux", "capture-pane", "-epN", "-t", os.environ["TMUX_PANE"]], capture_output=True, check=True)
    shown.append([page.stdout.decode(), answer])
json.dump(shown, open(taken, "w"))
subprocess.run(["tmux", "wait-for", "-S", "shown"], check=True)
"""
"""Runs inside the pane: an answered question means that everything before it was painted.

tmux leaves out what was erased at the end of a row, whatever its background, so a mark is put into the last column after the cursor was
asked for; it is cut off again.
"""

_TOKEN = re.compile(r"\x1b\[([0-9;:]*)m|\x0e|\x0f|(.)", re.DOTALL)
_LINES = frozenset({"4", "4:2", "7", "9", "53"})
"""Attributes that are seen on a blank."""
_ENDS = {
    "22": {"1", "2"},
    "23": {"3"},
    "24": {"4", "4:2"},
    "25": {"5"},
    "27": {"7"},
    "28": {"8"},
    "29": {"9"},
    "55": {"53"},
}


class Cell(NamedTuple):
    """What can be seen of a cell."""

    text: str
    attributes: frozenset[str]
    foreground: str
    background: str


Page = list[list[Cell]]
"""Rows without their last column."""


def pages(screens: Sequence[str], columns: int, rows: int, folder: Path) -> list[tuple[Page, str]]:
    """What tmux shows after each of these, on an empty screen each, and where its cursor is (the answer to a CPR)."""
    given, taken, config = folder / "given.json", folder / "taken.json", folder / "tmux.conf"
    given.write_text(json.dumps(list(screens)))
    config.write_text("set -g status off\nset -g default-terminal tmux-256color\n")
    name = f"hawkmoth-{uuid4().hex[:12]}"
    tmux = [TMUX or "tmux", "-L", name, "-f", str(config)]
    size = ["-x", str(columns), "-y", str(rows)]
    edge = "\x1b[0m" + "".join(f"\x1b[{row};{columns}Hx" for row in range(1, rows + 1))
    try:
        subprocess.run(
            [*tmux, "new-session", "-d", *size, sys.executable, "-c", _FEEDER, str(given), str(taken), edge],
            check=True,
            timeout=PATIENCE_S,
        )
        subprocess.run([*tmux, "wait-for", "shown"], check=True, timeout=PATIENCE_S)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True, timeout=PATIENCE_S)
    return [(_page(text), cursor) for text, cursor in json.loads(taken.read_text())]


def _page(text: str) -> Page:
    page: Page = []
    pen = Cell("", frozenset(), "", "")
    for line in text.split("\n")[:-1]:
        row: list[Cell] = []
        for token in _TOKEN.finditer(line):
            parameters, character = token.groups()
            if parameters is not None:
                pen = _turned(pen, parameters.split(";"))
            elif character:
                row.append(_seen(pen._replace(text=character)))
        page.append(row[:-1])
    return page


def _turned(pen: Cell, parameters: list[str]) -> Cell:
    attributes, foreground, background = set(pen.attributes), pen.foreground, pen.background
    left = iter(parameters)
    for code in left:
        if code in ("", "0"):
            attributes, foreground, background = set(), "", ""
        elif code in ("38", "48"):
            kind = next(left)
            colour = ";".join((kind, *(next(left) for _ in range(1 if kind == "5" else 3))))
            foreground, background = (colour, background) if code == "38" else (foreground, colour)
        elif code in _ENDS:
            attributes -= _ENDS[code]
        elif code[0] in "39" and len(code) > 1:
            foreground = "" if code == "39" else code
        elif code[0] in "41" and len(code) > 1 and ":" not in code:
            background = "" if code == "49" else code
        else:
            attributes.add(code)
    return Cell("", frozenset(attributes), foreground, background)


def _seen(cell: Cell) -> Cell:
    if cell.text != " ":
        return cell
    return Cell(" ", cell.attributes & _LINES, cell.foreground if "7" in cell.attributes else "", cell.background)
