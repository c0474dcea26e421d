"""The output stage: turns frames into what the terminal is sent. Nothing else writes text to it.

It maps hostile characters once more, so that a widget that forgot `ui.safe.plain` cannot let a control sequence out. Widths were measured
before it, so its map never moves a cell: what measured no cell is dropped, what measured one becomes a one-cell picture.
It knows frames and strings only, no app and no driver.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import COLOR_SYSTEMS
from rich.segment import Segment
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.strip import Strip

from hawkmoth_tui.core.charmap import is_unmapped, visible
from hawkmoth_tui.ui.cells.screen import ScreenModel

if TYPE_CHECKING:
    from rich.console import Console
    from rich.style import Style

    from hawkmoth_tui.ui.frames import Frame

_BREAKS = "\t\n"
"""Harmless in a text, but inside a strip they would move the cursor."""

"""A link target goes to the terminal inside a control sequence: printable ASCII without blanks, or no link."""


class OutputStage:
    """Renders frames for one terminal: what differs from the frame before, or every piece as it comes when that is switched off."""

    def __init__(self, console: Console, *, is_differential: bool = True, erases_in_colour: bool = True) -> None:
        """`erases_in_colour`: whether the terminal erases with the background of the moment."""
        self._console = console
        self._erases_in_colour = erases_in_colour
        self.is_differential = is_differential
        """Set it before the first frame."""
        self.is_synchronised = False
        """Whether the terminal said that it knows mode 2026, so that a frame appears at once."""

    @cached_property
    def _model(self) -> ScreenModel:
        colours = COLOR_SYSTEMS.get(self._console.color_system or "")
        return ScreenModel(colours, erases_in_colour=self._erases_in_colour)

    def render(self, frame: Frame) -> str:
        """The frame as one string of text and control sequences; empty when the terminal shows it already."""
        if not self.is_differential:
            return self._whole(self._pieces(frame))
        self.take(frame)
        return self.catch_up()

    def take(self, frame: Frame) -> None:
        """Remembers a frame that is not to be painted now."""
        if not self.is_differential:
            return
        model = self._model
        model.resize(*frame.size)
        for row, column, strip in frame.pieces:
            model.lay(row, column, strip if is_harmless(strip) else made_harmless(strip))
        model.cursor = frame.cursor

    def catch_up(self) -> str:
        """What the terminal does not show yet of the frames taken."""
        return self._whole(self._model.changes()) if self.is_differential else ""

    def forget(self) -> None:
        """Somebody else may have written to the terminal: everything is painted with the next frame."""
        if self.is_differential:
            self._model.forget()

    def repaint(self) -> str:
        """Everything, painted anew; empty when the stage does not know it."""
        self.forget()
        return self.catch_up()

    def _whole(self, text: str) -> str:
        return f"{SYNC_START}{text}{SYNC_END}" if text and self.is_synchronised else text

    def _pieces(self, frame: Frame) -> str:
        painted = [f"\x1b[{row + 1};{column + 1}H{self._painted(strip)}" for row, column, strip in frame.pieces]
        column, row = frame.cursor
        return f"{''.join(painted)}\x1b[{row + 1};{column + 1}H"

    def _painted(self, strip: Strip) -> str:
        """A strip is checked and rendered once; its bytes stay with it in a place that Textual leaves alone, as every frame passes here."""
        painted = strip._render_cache
        if painted is None:
            harmless = strip if is_harmless(strip) else made_harmless(strip)
            painted = strip._render_cache = harmless.render(self._console)
        return painted


def is_harmless(strip: Strip) -> bool:
    """Whether no text, style or control in the strip can do more than show characters in its own cells."""
    for text, style, control in strip:
        if control or not (text.isprintable() or _is_harmless_text(text)):
            return False
        if style is not None and style.link is not None and not _is_safe_link(style.link):
            return False
    return True


def made_harmless(strip: Strip) -> Strip:
    """The strip of the same width with its hostile characters mapped; controls and unsafe link targets are dropped."""
    segments = [
        Segment(text.translate(_CELLS), _with_safe_link(style)) for text, style, control in strip if not control
    ]
    return Strip(segments, strip.cell_length)


def _is_harmless_text(text: str) -> bool:
    return is_unmapped(text) and not any(character in text for character in _BREAKS)


def _with_safe_link(style: Style | None) -> Style | None:
    if style is None or style.link is None or _is_safe_link(style.link):
        return style
    return style.update_link(None)


def _is_safe_link(link: str) -> bool:
    return link.isascii() and link.isprintable() and " " not in link and bool(link)


class _CellMap(dict[int, str | None]):
    """Character to what keeps its cells, worked out at the first sight of each hostile character."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        if character not in _BREAKS and is_unmapped(character):
            kept: str | None = character
        elif cell_len(character) == 0:
            kept = None
        else:
            picture = visible(character)
            kept = picture if cell_len(picture) == cell_len(character) else "�" * cell_len(character)
        self[code] = kept
        return kept


_CELLS = _CellMap()
