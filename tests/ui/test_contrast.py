"""Every cell of every screen can be read in every theme: 4.5:1 between its words and its ground, and nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, cast

from textual.selection import SELECT_ALL

from hawkmoth_tui.ui.dashboard.behind import TurnsBehind
from hawkmoth_tui.ui.dashboard.figures import Page
from hawkmoth_tui.ui.screens.key_entry import KeyScreen
from hawkmoth_tui.ui.startup import Startup
from hawkmoth_tui.ui.tabs import Badge
from hawkmoth_tui.ui.widgets.notice import Weight
from hawkmoth_tui.ui.widgets.status import FULLNESS, Activity
from tests.pictures.tours import TOURS
from tests.pictures.world import furnished
from tests.ui.conftest import Sitting
from tests.ui.test_theming import NAMES, PALETTES, contrast

if TYPE_CHECKING:
    from pathlib import Path

    from rich.color import Color

    from tests.terminal.driver import Terminal

SitDown: TypeAlias = Callable[..., AbstractAsyncContextManager[Sitting]]

DRAWN = frozenset(chr(code) for code in range(0x2500, 0x25A0))
"""Lines and blocks: they carry no words."""
BUDGET = '[budget]\nday_usd = "0.001"\n'
"""Small enough for its warnings to be seen."""


PLACES = {
    "f1": "help",
    "f2": "models",
    "f3": "sessions",
    "f4": "why",
    "f5": "cost",
    "f8": "palette",
    "ctrl+r": "earlier",
}
"""What opens with one key."""
DASHBOARD = ("now", "spend", "by-model", "by-lane", "by-task", "by-session", "saved", "speed")
"""Its pages."""
OVER = (
    *("conversation", *PLACES.values(), "keys here", *DASHBOARD, "behind", "leader", "themes"),
    *("reading", "links", "finding", "selection"),
)
AROUND = (
    *("welcome", "commands", "notice", "files", "selected", "failure", "cut"),
    *("chips", "streaming", "queue", "leaving", "tabs"),
)
FIRST = ("keyless", "providers", "key", "too-small")


class Eye:
    """Looks at a screen in every theme, and remembers what could not be read."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self.seen: list[str] = []
        self.poor: set[tuple[str, ...]] = set()

    async def look(self, name: str) -> None:
        app = self._sitting.app
        self.seen.append(name)
        for theme in NAMES:
            app.use_theme(theme)
            await self._sitting.pilot.pause()
            written = written_on(self._sitting)
            for palette in PALETTES if theme == "ansi" else ("xterm",):
                self.poor |= {(name, theme, palette, *found) for found in unreadable(written, palette)}

    async def look_over(self, name: str, *keys: str) -> None:
        """What these keys open over the conversation, and back."""
        for key in keys:
            await self._press(key)
        await self.look(name)
        while self._sitting.app.screen is not self._sitting.app.conversation:
            await self._press("escape")

    async def _press(self, key: str) -> None:
        """A key that opens something or closes it."""
        app = self._sitting.app
        before = app.screen
        await self._sitting.press(key)
        await self._sitting.until(lambda: app.screen is not before)


def written_on(sitting: Sitting) -> dict[tuple[Color, Color], str]:
    """Every pair of colours that words are written in and on, with some of the words."""
    written = {}
    for strip in sitting.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            words = text.strip()
            if words and not set(words) <= DRAWN and style is not None and style.color and style.bgcolor:
                written[style.color, style.bgcolor] = words[:30]
    return written


def unreadable(written: dict[tuple[Color, Color], str], palette: str) -> set[tuple[str, str, str]]:
    """Words whose colours are too near to each other."""
    found = set()
    for (colour, ground), words in written.items():
        if colour.is_default or ground.is_default:
            found.add((words, "the terminal's default", "may be anything"))
        elif contrast(one := shade(colour, palette), other := shade(ground, palette)) < 4.5:
            found.add((words, one, other))
    return found


def shade(colour: Color, palette: str) -> str:
    if colour.triplet is not None:
        return colour.triplet.hex
    assert colour.number is not None
    return f"#{PALETTES[palette].split()[colour.number]}"


def _is_underlined(sitting: Sitting, words: str) -> bool:
    strips = sitting.app.screen._compositor.render_strips()
    return any(words in text for strip in strips for text, style, _ in strip if style and style.underline)


async def test_what_opens_over_a_conversation_can_be_read(sit_down: SitDown, home: Path) -> None:
    await furnished(home)
    async with sit_down(config=BUDGET, startup=Startup(is_demo=True, is_continue=True)) as sitting:
        eye, app = Eye(sitting), sitting.app
        await sitting.until(lambda: len(sitting.turns) == 2)
        await eye.look("conversation")
        for key, name in PLACES.items():
            await eye.look_over(name, key)
        await eye.look_over("keys here", "f2", "f1")
        await sitting.press("f5", "a")
        for number, (page, name) in enumerate(zip(Page, DASHBOARD, strict=True), 1):
            await sitting.press(str(number))
            await sitting.until(partial(_is_underlined, sitting, page.value))
            await eye.look(name)
        await sitting.press("3", "enter")
        await sitting.until(lambda: isinstance(app.screen, TurnsBehind))
        await eye.look("behind")
        await sitting.press("escape", "escape")
        await sitting.until(lambda: app.screen is app.conversation)
        await eye.look_over("leader", "ctrl+x")
        await eye.look_over("themes", "ctrl+x", "l")
        await sitting.press("ctrl+x", "v")
        await sitting.until(lambda: app.conversation.reading.is_on)
        await eye.look("reading")
        await eye.look_over("links", "o")
        await sitting.press("slash", *"moth")
        await sitting.until(lambda: app.conversation.transcript and app.conversation.transcript.found)
        await eye.look("finding")
        await sitting.press("escape", "escape")
        assert app.conversation.transcript is not None
        app.conversation.selections = {app.conversation.transcript: SELECT_ALL}
        await eye.look("selection")

    assert eye.poor == set()
    assert tuple(eye.seen) == OVER


async def test_what_stands_around_the_composer_can_be_read(sit_down: SitDown, tmp_path: Path) -> None:
    (tmp_path / "moths.txt").write_text("moths\n")
    async with sit_down() as sitting:
        eye, app = Eye(sitting), sitting.app
        composer = app.conversation.composer
        await eye.look("welcome")
        for weight in Weight:
            app.say(f"a notice that is {weight.name}", weight)
        await sitting.press("slash")
        await eye.look("commands")
        composer.clear()
        await sitting.send("/theme moon")
        await eye.look("notice")
        composer.put("look at @")
        await sitting.until(lambda: "› " in sitting.screen_text())
        await eye.look("files")
        composer.put("written")
        composer.select_all()
        await eye.look("selected")
        composer.clear()
        await sitting.ask("fail refuse")
        await eye.look("failure")
        await sitting.ask("fail cut")
        await eye.look("cut")
        await sitting.begin("what do moths say? fail stall")
        app.writing.attach(str(tmp_path / "moths.txt"))
        await sitting.until(lambda: "[moths.txt" in sitting.screen_text())
        await eye.look("chips")
        await sitting.send("and then?")
        await sitting.until(lambda: "next" in sitting.screen_text())
        await eye.look("streaming")
        await eye.look("queue")
        await eye.look_over("leaving", "ctrl+q")
        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: app.conversation.tabs.display)
        await eye.look("tabs")

    assert eye.poor == set()
    assert tuple(eye.seen) == AROUND


async def test_the_first_screen_and_a_key_can_be_read(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup(), size=(80, 24)) as sitting:
        eye = Eye(sitting)
        sitting.app.conversation.welcome.show((), is_simulated=False)
        await eye.look("keyless")
        await eye.look_over("providers", "ctrl+x", "k")
        await sitting.send("/keys set openai")
        await sitting.until(lambda: isinstance(sitting.app.screen, KeyScreen))
        await sitting.press(*"secret")
        await eye.look("key")
        await sitting.press("escape")
        await sitting.pilot.resize_terminal(30, 8)
        await eye.look("too-small")

    assert eye.poor == set()
    assert tuple(eye.seen) == FIRST


class Nobody:
    """Sits in front of no terminal: every tour ends at once, and tells its screens."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        return lambda *keys: ""


def test_no_screen_that_is_pictured_is_left_out() -> None:
    pictured = {scene for stop in TOURS.values() for scene in stop.tour(cast("Terminal", Nobody()))}

    assert pictured <= {*OVER, *AROUND, *FIRST}


def test_every_state_has_a_sign_of_its_own() -> None:
    weights = [weight.value[0].strip() for weight in Weight]
    activities = [(mark, word) for mark, word, _ in (activity.value for activity in Activity)]
    badges = [badge.value[0] for badge in Badge]
    gauges = [mark for _, (mark, _) in FULLNESS]

    for signs in (weights, activities, badges, gauges):
        assert len(set(signs)) == len(signs)
    assert all(weights)
    assert all(mark and word for mark, word in activities)
