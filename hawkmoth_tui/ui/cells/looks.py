"""How a cell looks, as a small number, and the shortest sequence from one look to another.

Two styles that a terminal cannot tell apart are one look. A blank shows its background and the lines through it only, so whatever else its
style says is forgotten: that alone saves most changes of colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from rich.color import ColorSystem

if TYPE_CHECKING:
    from rich.color import Color
    from rich.style import Style

_LONGEST_MEMORY = 4096
"""Styles and changes remembered; there are some dozens, but links make more."""

_ATTRIBUTES = (
    ("bold", "1", "22"),
    ("dim", "2", "22"),
    ("italic", "3", "23"),
    ("underline", "4", "24"),
    ("blink", "5", "25"),
    ("blink2", "6", "25"),
    ("reverse", "7", "27"),
    ("conceal", "8", "28"),
    ("strike", "9", "29"),
    ("underline2", "21", ""),
    ("frame", "51", ""),
    ("encircle", "52", ""),
    ("overline", "53", ""),
)
"""Rich's name, the parameter that begins it, the one that ends it. No end: few terminals know one, so a reset it is."""

_SEEN_ON_BLANKS = frozenset({"underline", "reverse", "strike", "underline2", "frame", "encircle", "overline"})

_COSTS = {ColorSystem.STANDARD: 5, ColorSystem.WINDOWS: 5, ColorSystem.EIGHT_BIT: 9}

PLAIN = 0
"""The look after a reset."""
UNKNOWN = -1
"""The look of a cell, or of the pen, that nobody knows."""


class Look(NamedTuple):
    """What a terminal is told about a cell."""

    attributes: frozenset[str] = frozenset()
    """Rich's names for them."""
    foreground: str = ""
    """SGR parameters; empty is the terminal's own."""
    background: str = ""
    link: str = ""
    """Where it leads; printable ASCII."""


class Looks:
    """The looks met so far, by number, for one terminal."""

    def __init__(self, colours: ColorSystem | None) -> None:
        """`colours`: what the terminal knows; None is everything."""
        self._colours = colours or ColorSystem.TRUECOLOR
        self._numbers: dict[Look, int] = {}
        self._of_style: dict[Style, int] = {}
        self._changes: dict[tuple[int, int], str] = {}
        self._looks: list[Look] = []
        self.blanks: list[int] = []
        """By number: the look of a blank in this look."""
        self.bare: list[bool] = []
        """By number: whether a blank in this look is nothing but background."""
        self._number(Look())

    def of(self, style: Style | None) -> int:
        """The number of a style's look."""
        if style is None:
            return PLAIN
        number = self._of_style.get(style)
        if number is None:
            if len(self._of_style) > _LONGEST_MEMORY:
                self._of_style.clear()
            number = self._of_style[style] = self._number(self._look(style))
        return number

    def change(self, before: int, after: int) -> str:
        """What makes a pen of one look write in another; `UNKNOWN` before is a pen that may be anything, but in no link."""
        sequence = self._changes.get((before, after))
        if sequence is None:
            if len(self._changes) > _LONGEST_MEMORY:
                self._changes.clear()
            old = self._looks[before] if before >= 0 else None
            sequence = self._changes[before, after] = _change(old, self._looks[after])
        return sequence

    @property
    def cost(self) -> int:
        """About what a change of the look costs, in bytes."""
        return _COSTS.get(self._colours, 17)

    def has_background(self, look: int) -> bool:
        """Whether it stands on another background than the terminal's own."""
        return bool(self._looks[look].background)

    def without_link(self, look: int) -> int:
        """The same look in no link."""
        found = self._looks[look]
        return self._number(found._replace(link="")) if found.link else look

    def _number(self, look: Look) -> int:
        number = self._numbers.get(look)
        if number is None:
            number = self._numbers[look] = len(self._looks)
            self._looks.append(look)
            self.blanks.append(number)
            self.bare.append(not look.attributes & _SEEN_ON_BLANKS)
            if self.bare[number]:
                self.blanks[number] = self._number(Look(background=look.background, link=look.link))
        return number

    def _look(self, style: Style) -> Look:
        return Look(
            frozenset(name for name, _, _ in _ATTRIBUTES if getattr(style, name)),
            self._colour(style.color, is_foreground=True),
            self._colour(style.bgcolor, is_foreground=False),
            style.link or "",
        )

    def _colour(self, colour: Color | None, *, is_foreground: bool) -> str:
        if colour is None or colour.is_default:
            return ""
        if self._colours is ColorSystem.EIGHT_BIT and colour.triplet is not None:
            from hawkmoth_tui.ui.cells.palette import nearest_of_256

            return f"{38 if is_foreground else 48};5;{nearest_of_256(*colour.triplet)}"
        return ";".join(colour.downgrade(self._colours).get_ansi_codes(is_foreground))


def _change(old: Look | None, new: Look) -> str:
    link = _link(new.link) if new.link != (old.link if old else "") else ""
    if old is not None and old[:3] == new[:3]:
        return link
    fresh = _sgr(["0", *_begun(new.attributes), *filter(None, (new.foreground, new.background))])
    steps = None if old is None else _steps(old, new)
    return min(fresh, fresh if steps is None else _sgr(steps), key=len) + link


def _sgr(parameters: list[str]) -> str:
    return "\x1b[m" if parameters == ["0"] else f"\x1b[{';'.join(parameters)}m"


def _begun(attributes: frozenset[str]) -> list[str]:
    return [begin for name, begin, _ in _ATTRIBUTES if name in attributes]


def _steps(old: Look, new: Look) -> list[str] | None:
    """The parameters for what differs; None where only a reset ends it."""
    ends = {end for name, _, end in _ATTRIBUTES if name in old.attributes - new.attributes}
    if "" in ends:
        return None
    kept = frozenset(name for name, _, end in _ATTRIBUTES if name in old.attributes and end not in ends)
    steps = [*sorted(ends), *_begun(new.attributes - kept)]
    if old.foreground != new.foreground:
        steps.append(new.foreground or "39")
    if old.background != new.background:
        steps.append(new.background or "49")
    return steps


def _link(target: str) -> str:
    """Begins a link, or ends one. Pieces of one link have one id, so that a terminal shows them as one."""
    return f"\x1b]8;id={crc32(target.encode()):x};{target}\x1b\\" if target else "\x1b]8;;\x1b\\"
