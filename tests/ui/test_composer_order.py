"""Keys that arrive in one packet act in the order they were typed: over a slow line, from `tmux send-keys`, in a plain paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.app import App

from hawkmoth_tui.ui.widgets.composer import Composer

if TYPE_CHECKING:
    from textual.app import ComposeResult

NAMES = {"\r": "enter", "\n": "ctrl+j", " ": "space"}


class Writing(App[None]):
    """A composer and what it sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield Composer()

    def on_composer_submitted(self, message: Composer.Submitted) -> None:
        self.sent.append(message.text)
        self.query_one(Composer).accept(message.text)


def at_once(app: App[None], text: str) -> None:
    """All keys are queued before the first is handled."""
    assert app._driver is not None
    for character in text:
        app._driver.process_message(events.Key(NAMES.get(character, character), character))


@pytest.mark.parametrize("text", ["hello", "two\nlines", "/cost"])
async def test_enter_does_not_overtake_the_text_before_it(text: str) -> None:
    app = Writing()
    async with app.run_test() as pilot:
        at_once(app, text + "\r")
        await pilot.pause()
        await pilot.pause()

        assert app.sent == [text]
        assert app.query_one(Composer).text == ""


async def test_what_is_typed_right_after_enter_is_the_next_text() -> None:
    app = Writing()
    async with app.run_test() as pilot:
        at_once(app, "first\rsecond")
        await pilot.pause()
        await pilot.pause()

        assert app.sent == ["first"]
        assert app.query_one(Composer).prompts == ("first",)
        assert app.query_one(Composer).text == "second"


async def test_two_texts_in_one_packet_are_two_texts() -> None:
    app = Writing()
    async with app.run_test() as pilot:
        at_once(app, "first\rsecond\r\rthird")
        await pilot.pause()
        await pilot.pause()

        assert app.sent == ["first", "second"]
        assert app.query_one(Composer).text == "third"


async def test_a_key_from_the_key_map_sends_in_order_too() -> None:
    app = Writing()
    app.set_keymap({"composer.send": "ctrl+s", "composer.newline": "enter"})
    async with app.run_test() as pilot:
        at_once(app, "a\rb")
        await pilot.press("ctrl+s")
        await pilot.pause()

        assert app.sent == ["a\nb"]


async def test_tab_still_leaves_a_text_that_is_no_command() -> None:
    app = Writing()
    async with app.run_test() as pilot:
        at_once(app, "a")
        await pilot.press("tab")

        assert app.query_one(Composer).text == "a"
