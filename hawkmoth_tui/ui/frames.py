"""A frame as the output stage takes it: pieces of rows at places, and where the cursor rests.

Only this module knows how `LayoutUpdate` and `ChopsUpdate` keep their strips; `require_known_shape` says so at start when a new Textual
has moved them, instead of painting nonsense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHAPES = (
    (LayoutUpdate, ("self", "strips", "region")),
    (ChopsUpdate, ("self", "chops", "spans", "chop_ends")),
    (Strip, ("self", "segments", "cell_length")),
)
"""Classes of Textual that a frame is read from, with the arguments that make them."""


class Piece(NamedTuple):
    """One run of cells in one row."""

    row: int
    """From 0 at the top of the screen."""
    column: int
    """From 0 at the left edge."""
    strip: Strip
    """Its styled text."""


class Frame(NamedTuple):
    """What changed on the screen since the frame before."""

    pieces: tuple[Piece, ...]
    """In the order they are painted; they never overlap."""
    cursor: tuple[int, int]
    """Column and row where the terminal's cursor rests afterwards."""
    size: tuple[int, int]
    """Columns and rows of the whole screen."""


def frame_of(update: object, cursor: tuple[int, int]) -> Frame:
    """The frame in a compositor's update. Raises TypeError for an update of a kind that a full screen never gets."""
    match update:
        case LayoutUpdate():
            return Frame(tuple(_pieces_of_layout(update)), cursor, (update.region.right, update.region.bottom))
        case ChopsUpdate():
            return Frame(tuple(_pieces_of_chops(update)), cursor, (update.chop_ends[0][-1], len(update.chops)))
        case _:
            raise TypeError(f"no frame in a {type(update).__name__}")


def require_known_shape() -> None:
    """Raises UserError when the installed Textual builds its updates in another way than this module reads them."""
    for owner, names in _SHAPES:
        code = owner.__init__.__code__
        if code.co_varnames[: code.co_argcount] != names:
            raise moved(f"{owner.__name__}({', '.join(names[1:])})")
    if not {"_segments", "_render_cache"} <= set(Strip.__slots__) or not issubclass(ChopsUpdate, CompositorUpdate):
        raise moved("Strip")


def moved(what: str) -> UserError:
    """The error for a part of Textual that is not where the output stage expects it."""
    return UserError(
        f"the installed Textual is not the one Hawkmoth draws with ({what} is missing)", "pip install textual==8.2.8"
    )


def _pieces_of_layout(update: LayoutUpdate) -> Iterator[Piece]:
    """A whole region, row by row, its strips side by side."""
    for row, strips in enumerate(update.strips, update.region.y):
        column = update.region.x
        for strip in strips:
            yield Piece(row, column, strip)
            column += strip.cell_length


def _pieces_of_chops(update: ChopsUpdate) -> Iterator[Piece]:
    """The strips that touch a changed span, cut at its right end (`ChopsUpdate.render_segments`, Textual 8.2.8)."""
    for row, start, stop in update.spans:
        for end, (column, strip) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
            if strip is None or column > stop or end <= start:
                continue
            if start <= column < stop and end <= stop:
                yield Piece(row, column, strip)
            else:
                yield Piece(row, column, strip.crop(0, min(end, stop) - column))
