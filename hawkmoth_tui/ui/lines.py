"""Lines for panes: aligned, cut and wrapped by cells, every word through the safe door.

Panes draw themselves as a list of lines of one width; these are the few ways in which they set a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from hawkmoth_tui.core.charmap import one_line, visible
from hawkmoth_tui.ui.safe import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hawkmoth_tui.core.models import ModelRef

MUTED = "$thinking"
STRONG = "bold $foreground"
SIMULATED = "SIMULATED · no real model answers"
EMPTY = Content("")
_FLAT = {0x09: " ", 0x0A: " "}


def words(*parts: tuple[str, str]) -> Content:
    """(text, style) pairs side by side; every text mapped and on one line, its spaces kept."""
    return EMPTY.join(plain(visible(text).translate(_FLAT), style) for text, style in parts)


def marked(text: str, style: str) -> Content:
    """A text of our own in which what stands in backticks, a word to type, is told apart without them."""
    return words(*((part, STRONG if place % 2 else style) for place, part in enumerate(text.split("`"))))


def cut(content: Content, width: int) -> Content:
    """At most `width` cells, with `…` where something is missing."""
    return content.truncate(max(0, width), ellipsis=True)


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` at the left edge, `right` at the right one; the left is cut when both do not fit."""
    room = width - right.cell_length - 1
    if room < 1:
        return cut(right, width)
    left = cut(left, room)
    return left + Content(" " * (width - left.cell_length - right.cell_length)) + right


def wrapped(text: str, style: str, width: int, *, indent: str = "", most: int = 3) -> list[Content]:
    """The text over at most `most` lines, each indented; the last one ends with `…` when there is more."""
    return folded(plain(" ".join(text.split()), style), width, indent=indent, most=most)


def folded(content: Content, width: int, *, indent: str = "", most: int = 3) -> list[Content]:
    """The content over at most `most` lines, as `wrapped` does it."""
    room = max(1, width - len(indent))
    lines = content.wrap(room)
    if len(lines) > most:
        last = lines[most - 1].rstrip()
        lines = [*lines[: most - 1], last.truncate(room - 1) + Content("…")]
    return [Content(indent) + cut(line.rstrip(), room) for line in lines]


def fitting(segments: Iterable[Content], width: int, between: Content) -> Content:
    """As many segments, in order, as fit into `width`; the first one is cut rather than left out."""
    line = EMPTY
    for segment in segments:
        longer = line + between + segment if line else cut(segment, width)
        if longer.cell_length > width:
            break
        line = longer
    return line


def highlighted(line: Content, width: int, *, has_colours: bool) -> Content:
    """The line as the one that a key would take, over the whole width; without colours it stands out, too."""
    whole = line.pad_right(max(0, width - line.cell_length))
    return whole.stylize("$selection-text on $selection" if has_colours else "reverse")


def hint_line(hints: Sequence[str], width: int) -> Content:
    """What keys do; the first word of each hint is the key. Where not all fit, the last, which closes, and the first stay longest."""
    last = len(hints) - 1
    kept: list[int] = []
    line = EMPTY
    for place in dict.fromkeys((last, 0, max(0, last - 1), *range(last))):
        longer = _hints_side_by_side([hints[each] for each in sorted((*kept, place))])
        if longer.cell_length > width:
            break
        kept.append(place)
        line = longer
    return line


def _hints_side_by_side(hints: Iterable[str]) -> Content:
    parts: list[tuple[str, str]] = []
    for hint in hints:
        key, _, does = hint.partition(" ")
        parts += [*([(" · ", MUTED)] if parts else []), (key, "$route"), (f" {does}", MUTED)]
    return words(*parts)


def short_name(model: ModelRef, width: int) -> str:
    """The model's name in `width` cells: whole, else without provider and owner, else cut."""
    for name in (str(model), model.id, model.id.rsplit("/", 1)[-1]):
        if plain(one_line(name)).cell_length <= width:
            return one_line(name)
    return cut(plain(one_line(model.id.rsplit("/", 1)[-1])), width).plain


def named(model: ModelRef, width: int, style: str = STRONG) -> Content:
    """The model's name with the provider stepping back."""
    name = short_name(model, width)
    provider = one_line(f"{model.provider}/")
    if name.startswith(provider) and len(name) > len(provider):
        return plain(provider, MUTED) + plain(name[len(provider) :], style)
    return plain(name, style)


def milliseconds(amount_ms: int | None) -> str:
    """`312 ms`, `1.2 s`, `2 min 5 s`; `–` when unknown."""
    if amount_ms is None:
        return "–"
    if amount_ms < 1000:
        return f"{amount_ms} ms"
    seconds = amount_ms / 1000
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"
