"""The nearest of a terminal's 256 colours.

Rich takes a dark grey with a little blue for navy, and a warm white for pink: it asks how saturated a colour is before how near it comes
to one that there is. Here the nearest wins, be it one of the cube of six steps a side or one of the greys (xterm, 256colres.pl).
"""

from __future__ import annotations

STEPS = (0, 95, 135, 175, 215, 255)
"""Of red, green and blue in the cube."""
FIRST_OF_CUBE = 16
FIRST_GREY = 232
GREYS = tuple(range(8, 239, 10))


def nearest_of_256(red: int, green: int, blue: int) -> int:
    """The number of the colour that looks most like this one; the sixteen that users set themselves are not among them."""
    wanted = red, green, blue
    places = _step(red), _step(green), _step(blue)
    in_cube = STEPS[places[0]], STEPS[places[1]], STEPS[places[2]]
    shade = min(range(len(GREYS)), key=lambda place: _distance(wanted, (GREYS[place],) * 3))
    if _distance(wanted, (GREYS[shade],) * 3) < _distance(wanted, in_cube):
        return FIRST_GREY + shade
    return FIRST_OF_CUBE + 36 * places[0] + 6 * places[1] + places[2]


def _step(part: int) -> int:
    return min(range(len(STEPS)), key=lambda place: abs(STEPS[place] - part))


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
