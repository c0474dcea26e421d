"""Themes as data: shipped ones are whole and readable, broken ones say where."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color as RichColor
from textual.color import Color

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.ui.cells.palette import nearest_of_256
from hawkmoth_tui.ui.theming import GROUNDS, OWN, PALETTE, TEXT, load_theme, read_theme, theme_names

SHIPPED = Path(__file__).parents[2] / "themes"
NAMES = theme_names([SHIPPED])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "VGA": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "Solarized": "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 "
    "002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
}
"""What terminals make of their sixteen colours: black to white, then the bright ones."""
SHADES = ("as they are", "of 256")
WAYS = [
    *((name, shade) for name in NAMES if not load_theme(name, [SHIPPED]).ansi for shade in SHADES),
    *((name, palette) for name in NAMES if load_theme(name, [SHIPPED]).ansi for palette in PALETTES),
]
"""Each theme with each way in which a terminal may show its colours."""


def colours(name: str, shade: str) -> dict[str, str]:
    theme = load_theme(name, [SHIPPED])
    named = {key: str(getattr(theme, key)) for key in PALETTE} | {key: theme.variables[key] for key in OWN}
    return {key: shown_colour(value, shade) for key, value in named.items()}


def shown_colour(value: str, shade: str) -> str:
    if value.startswith("ansi_"):
        number = Color.parse(value).ansi
        assert number is not None
        return f"#{PALETTES[shade].split()[number]}"
    if shade == "of 256":
        triplet = RichColor.parse(value).triplet
        assert triplet is not None
        return RichColor.from_ansi(nearest_of_256(*triplet)).get_truecolor().hex
    return value


def test_the_four_themes_ship() -> None:
    assert NAMES == ("ansi", "hawkmoth", "high-contrast", "paper")


@pytest.mark.parametrize(("name", "shade"), WAYS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_text_colour_can_be_read_on_every_ground(name: str, shade: str, ground: str) -> None:
    shown = colours(name, shade)
    least = 7 if name == "high-contrast" else 4.5

    poor = {
        key: round(contrast(shown[key], shown[ground]), 2)
        for key in TEXT
        if contrast(shown[key], shown[ground]) < least
    }

    assert poor == {}


@pytest.mark.parametrize(("name", "shade"), WAYS)
def test_selected_text_can_be_read(name: str, shade: str) -> None:
    shown = colours(name, shade)

    assert contrast(shown["selection-text"], shown["selection"]) >= 4.5


@pytest.mark.parametrize("name", [name for name, shade in WAYS if shade == "of 256"])
def test_grounds_stay_what_they_look_like_in_256_colours(name: str) -> None:
    meant, shown = colours(name, "as they are"), colours(name, "of 256")

    def parts(colour: str) -> tuple[int, ...]:
        return tuple(bytes.fromhex(colour.lstrip("#")))

    for ground in GROUNDS:
        assert max(abs(a - b) for a, b in zip(parts(meant[ground]), parts(shown[ground]), strict=True)) <= 24
    order = sorted(GROUNDS, key=lambda ground: luminance(meant[ground]))
    assert [luminance(shown[ground]) for ground in order] == sorted(luminance(shown[ground]) for ground in order)
    assert shown["background"] != shown["panel"]


def test_the_users_folder_wins(tmp_path: Path) -> None:
    (tmp_path / "paper.toml").write_text((SHIPPED / "hawkmoth.toml").read_text())

    assert load_theme("paper", [tmp_path, SHIPPED]).dark


def test_an_unknown_theme_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no theme is called moon: themes: .*hawkmoth.*paper"):
        load_theme("moon", [SHIPPED])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'primary = "#86b1e8"',
            'primary = "blue"',
            r"broken\.toml, line 9: primary must be a colour like #86b1e8 or ansi_cyan, not 'blue'",
        ),
        (
            'primary = "#86b1e8"',
            'primery = "#86b1e8"',
            r"broken\.toml, line 9: primery is not a colour .*did you mean primary\?",
        ),
        ('primary = "#86b1e8"\n', "", r"broken\.toml: missing colours: primary"),
        ("dark = true", "dark = 1", r"broken\.toml, line 2: dark must be true or false"),
        ("dark = true", "drak = true", r"broken\.toml, line 2: drak is not a key"),
        ("[colours]", "[colors]", r"broken\.toml: \[colours\] is missing"),
        ("dark = true", "dark = = true", r"broken\.toml: .*line 2"),
    ],
)
def test_a_broken_theme_says_where(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_text((SHIPPED / "hawkmoth.toml").read_text().replace(old, new))

    with pytest.raises(ConfigError, match=words):
        read_theme(file)
