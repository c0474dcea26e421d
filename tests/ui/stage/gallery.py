"""Shows one widget class of ours with every payload, one after the other, in the terminal it is started in.

python -m tests.ui.stage.gallery CLASS NOTES
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

import hawkmoth_tui.ui
from hawkmoth_tui.ui.stage import StagedApp, run
from hawkmoth_tui.ui.theming import DEFAULT_THEME, load_theme
from tests.ui.stage.payloads import PAYLOADS
from tests.ui.stage.recipes import RECIPES, our_widgets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.stage.recipes import Exhibit

THEMES = Path(__file__).parents[3] / "themes"
STYLE_SHEET = Path(hawkmoth_tui.ui.__file__).parent / "hawkmoth.tcss"


class Gallery(StagedApp[None]):
    """Notes every payload it has shown, every action that ran and every cell that could start one."""

    def __init__(self, recipes: tuple[Callable[[str], Exhibit], ...], notes: Path) -> None:
        super().__init__(STYLE_SHEET)
        self._recipes = recipes
        self._notes = notes
        self.register_theme(load_theme(DEFAULT_THEME, [THEMES]))
        self.theme = DEFAULT_THEME

    def on_mount(self) -> None:
        self.run_worker(self._tour())

    def action_pwned(self) -> None:
        self.note("an action ran")

    def note(self, words: str) -> None:
        with self._notes.open("a") as file:
            file.write(words + "\n")

    async def _tour(self) -> None:
        for recipe in self._recipes:
            for name, payload in PAYLOADS.items():
                await self._show(recipe(payload), name)
        self.note("the end")
        self.exit()

    async def _show(self, exhibit: Exhibit, name: str) -> None:
        if isinstance(exhibit.widget, Screen):
            await self.push_screen(exhibit.widget)
        else:
            await self.screen.mount(exhibit.widget)
        fed = exhibit.feed()
        if inspect.isawaitable(fed):
            await fed
        await self._drawn()
        self._look_for_actions(name)
        if isinstance(exhibit.widget, Screen):
            await self.pop_screen()
        else:
            await exhibit.widget.remove()
        self.note(f"shown: {name}")

    async def _drawn(self) -> None:
        """Until the screen was painted with what it was fed, twice, because a layout may follow a painting."""
        for _ in range(2):
            drawn = asyncio.Event()
            self.screen.call_after_refresh(drawn.set)
            await drawn.wait()

    def _look_for_actions(self, name: str) -> None:
        for strips in self.screen._compositor.render_strips():
            for _, style, _ in strips:
                if style is not None and "pwned" in str(style.meta):
                    self.note(f"a click would act: {name}")


def main() -> None:
    name, notes = sys.argv[1], Path(sys.argv[2])
    logging.basicConfig(filename=notes.with_suffix(".log"), level=logging.INFO)
    sys.exit(run(Gallery(RECIPES[our_widgets()[name]], notes)))


if __name__ == "__main__":
    main()
