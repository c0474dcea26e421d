"""A terminal's side of the line: paints what a program writes, remembers its modes, and answers its questions."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable

_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?P<private>[<-?]?)(?P<params>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|(?P<string>[\]PX^_])(?P<body>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<short>[ -/]+[0-~]|[0-OQ-WYZ\\`-~])"
    r")"
)
_ALTERNATE_SCREEN_MODES = frozenset({"47", "1047", "1049"})
_REPORTED_MODES = frozenset({"7", "25", "1000", "1002", "1003", "1004", "1006", "1049", "2004", "2026"})


DARK = "1010/1010/1414"


class Emulator:
    """An xterm of some size. Not thread-safe: its owner holds a lock."""

    def __init__(self, columns: int, rows: int, reply: Callable[[bytes], None], *, ground: str = DARK) -> None:
        """`ground` is what it says of its background; empty: nothing."""
        self._reply = reply
        self._ground = ground
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = ""
        self._main = _Page(columns, rows)
        self._alternate = _Page(columns, rows)
        self._page = self._main
        self.modes: set[str] = set()
        """Numbers of the DEC private modes that the program has switched on, such as "1049" or "2026"."""
        self._saved_modes: dict[str, bool] = {}
        self.title = ""
        """The window title it set last."""

    @property
    def is_mid_frame(self) -> bool:
        """Whether a synchronised update is open, so that a real terminal would still show the frame before."""
        return "2026" in self.modes

    @property
    def is_alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return self._page is self._alternate

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        return self._page.screen.cursor.x, self._page.screen.cursor.y

    @property
    def screen(self) -> pyte.Screen:
        """The cells of the page that is shown."""
        return self._page.screen

    def lines(self) -> list[str]:
        """The shown page, one string a row, trailing blanks cut."""
        screen = self._page.screen
        return [_row_text([screen.buffer[y][x].data for x in range(screen.columns)]) for y in range(screen.lines)]

    def resize(self, columns: int, rows: int) -> None:
        """Changes the size of both pages."""
        for page in (self._main, self._alternate):
            page.screen.resize(rows, columns)

    def feed(self, data: bytes) -> None:
        """Takes what the program wrote; an escape sequence that is cut is kept until its rest arrives."""
        text = self._tail + self._decoder.decode(data)
        self._tail = ""
        position = 0
        while (escape := text.find("\x1b", position)) >= 0:
            self._page.draw(text[position:escape])
            sequence = _SEQUENCE.match(text, escape)
            if sequence is None:
                self._tail = text[escape:]
                return
            self._take(sequence)
            position = sequence.end()
        self._page.draw(text[position:])

    def _take(self, sequence: re.Match[str]) -> None:
        if sequence["string"]:
            self._take_string(sequence["string"], sequence["body"])
        elif sequence["short"]:
            self._page.draw(sequence.group())
        elif (answer := self._answer(sequence)) is not None:
            self._reply(answer)
        elif sequence["private"] == "?" and sequence["final"] in "hl":
            self._switch_modes(sequence["params"].split(";"), is_on=sequence["final"] == "h")
            self._page.draw(sequence.group())
        elif sequence["private"] == "?" and sequence["final"] in "sr":
            self._keep_modes(sequence["params"].split(";"), is_saving=sequence["final"] == "s")
        elif sequence["private"] in ("", "?") and not sequence["between"]:
            self._page.draw(sequence.group())

    def _take_string(self, kind: str, body: str) -> None:
        if kind != "]":
            return
        number, _, rest = body.partition(";")
        match number, rest:
            case (("0" | "2"), _):
                self.title = rest
            case "10", "?":
                self._reply(b"\x1b]10;rgb:e6e6/e6e6/e6e6\x1b\\")
            case "11", "?" if self._ground:
                self._reply(f"\x1b]11;rgb:{self._ground}\x1b\\".encode())

    def _keep_modes(self, numbers: list[str], *, is_saving: bool) -> None:
        """Saves modes, or takes back what was saved (xterm, ctlseqs: XTSAVE, XTRESTORE)."""
        for number in numbers:
            if is_saving:
                self._saved_modes[number] = number in self.modes
            else:
                self._switch_modes([number], is_on=self._saved_modes.get(number, False))

    def _switch_modes(self, numbers: list[str], *, is_on: bool) -> None:
        for number in numbers:
            if is_on:
                self.modes.add(number)
            else:
                self.modes.discard(number)
            if number in _ALTERNATE_SCREEN_MODES:
                self._page = self._alternate if is_on else self._main
                if is_on:
                    self._page.screen.reset()

    def _answer(self, sequence: re.Match[str]) -> bytes | None:
        """What an xterm says to a question; None when this is not one."""
        screen = self._page.screen
        params = sequence["params"]
        match sequence["private"] + sequence["between"] + sequence["final"]:
            case "c":
                return b"\x1b[?62;22c"
            case ">c":
                return b"\x1b[>41;390;0c"
            case ">q":
                return b"\x1bP>|test 1\x1b\\"
            case "n" if params == "5":
                return b"\x1b[0n"
            case ("n" | "?n") as kind if params == "6":
                column, row = self.cursor
                mark = kind.rstrip("n")
                return f"\x1b[{mark}{row + 1};{min(column, screen.columns - 1) + 1}R".encode()
            case "?$p":
                state = 0 if params not in _REPORTED_MODES else 1 if params in self.modes else 2
                return f"\x1b[?{params};{state}$y".encode()
            case "?u":
                return b"\x1b[?0u"
            case "t" if params == "18":
                return f"\x1b[8;{screen.lines};{screen.columns}t".encode()
            case "t" if params == "14":
                return f"\x1b[4;{screen.lines * 18};{screen.columns * 9}t".encode()
            case _:
                return None


def _row_text(cells: list[str]) -> str:
    """A row as text. A cell is empty behind a wide character; it is a blank where that character was overwritten."""
    text = ""
    is_behind_wide = False
    for data in cells:
        text += data or ("" if is_behind_wide else " ")
        is_behind_wide = bool(data) and unicodedata.east_asian_width(data[0]) in "WF"
    return text.rstrip()


class _Page:
    """One of the two screens of a terminal."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = _Screen(columns, rows)
        self._stream = _Stream(self.screen)

    def draw(self, text: str) -> None:
        if text:
            self._stream.feed(text)


class _Screen(pyte.Screen):
    """A pyte screen that also scrolls a region (SU, SD) and repeats a character (REP)."""

    _last_drawn = " "

    def draw(self, data: str) -> None:
        self._last_drawn = data[-1:] or self._last_drawn
        super().draw(data)

    def repeat(self, count: int = 1) -> None:
        super().draw(self._last_drawn * (count or 1))

    def scroll_up(self, count: int = 1) -> None:
        self._with_cursor_at_top(lambda: self.delete_lines(count or 1))

    def scroll_down(self, count: int = 1) -> None:
        self._with_cursor_at_top(lambda: self.insert_lines(count or 1))

    def _with_cursor_at_top(self, act: Callable[[], None]) -> None:
        column, row = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        act()
        self.cursor.x, self.cursor.y = column, row


class _Stream(pyte.Stream):
    csi = {**pyte.Stream.csi, "S": "scroll_up", "T": "scroll_down", "b": "repeat"}  # noqa: RUF012  pyte declares it without ClassVar
    events = pyte.Stream.events | {"scroll_up", "scroll_down", "repeat"}
