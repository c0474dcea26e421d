"""The widget in a running app."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual.app import App
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Offset, Region
from textual.selection import Selection
from textual.widgets import Input

from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.turn import TurnState, advance
from hawkmoth_tui.ui.theming import load_theme
from hawkmoth_tui.ui.transcript import Transcript
from hawkmoth_tui.ui.transcript.selecting import row_number
from hawkmoth_tui.ui.transcript.viewport import Place
from tests.ui.transcript.turns import done, live, streamed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.app import ComposeResult
    from textual.pilot import Pilot

THEMES = Path(__file__).parents[3] / "themes"
EVIL = "a\x1b]52;c;eA==\x07 \x9b31m \u202eb \ud800 &#27; [/] [@click=app.quit]x[/] "


class Desk(App[None]):
    """A transcript over an input, in our own theme."""

    CSS = "Input { dock: bottom; }"
    AUTO_FOCUS = "Input"
    ENABLE_COMMAND_PALETTE = False
    themes: ClassVar = {name: load_theme(name, [THEMES]) for name in ("hawkmoth", "paper")}

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[bool, bool]] = []
        for theme in self.themes.values():
            self.register_theme(theme)
        self.theme = "hawkmoth"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return self.themes["hawkmoth"].variables

    def compose(self) -> ComposeResult:
        yield Transcript()
        yield Input()

    def on_page_follow_changed(self, message: Transcript.FollowChanged) -> None:
        self.told.append((message.control.is_following, message.control.has_new_below))


@asynccontextmanager
async def desk(width: int = 60, height: int = 20) -> AsyncIterator[tuple[Desk, Transcript, Pilot[None]]]:
    app = Desk()
    async with app.run_test(size=(width, height)) as pilot:
        yield app, app.query_one(Transcript), pilot


def screen(transcript: Transcript) -> list[str]:
    """The rows without the position mark."""
    return [strip.text.rstrip(" ▐") for strip in transcript.render_lines(transcript.size.region)]


def state(transcript: Transcript) -> tuple[bool, bool]:
    return transcript.is_following, transcript.has_new_below


def wheel(kind: type[MouseScrollUp | MouseScrollDown], transcript: Transcript) -> MouseScrollUp | MouseScrollDown:
    return kind(transcript, 1, 1, 0, 0, 0, shift=False, meta=False, ctrl=False)


async def test_turns_are_shown_from_their_end() -> None:
    async with desk() as (_, transcript, pilot):
        transcript.load([done(number, f"answer {number}") for number in range(30)])
        await pilot.pause()

        assert screen(transcript)[-2:] == [" answer 29", ""]


async def test_an_answer_appears_as_it_streams() -> None:
    async with desk() as (_, transcript, pilot):
        for event, turn in streamed(live(), ["Hello ", "**wor", "ld**", "!"]):
            transcript.show(event, turn)
        transcript.flush()
        await pilot.pause()

        assert " Hello world!" in screen(transcript)
        transcript.show(ev.TurnEnded(TurnState.DONE, 0), advance(turn, ev.TurnEnded(TurnState.DONE, 0)))
        transcript.flush()
        assert " Hello world!" in screen(transcript)


async def test_a_frame_comes_by_itself_and_shows_everything() -> None:
    async with desk() as (_, transcript, pilot):
        last = None
        for event, turn in streamed(live(), [f"word{number} " for number in range(200)]):
            transcript.show(event, turn)
            last = turn
        for _ in range(100):
            if "word199" in "".join(screen(transcript)):
                break
            await pilot.pause(0.02)

        assert last is not None
        assert "word199" in "".join(screen(transcript))


async def test_the_last_token_of_a_fast_stream_is_in_sight() -> None:
    async with desk(80, 24) as (_, transcript, pilot):
        for number, (event, turn) in enumerate(streamed(live(), ["many words\n\n"] * 400 + ["LAST"])):
            transcript.show(event, turn)
            if number % 50 == 0:
                await pilot.pause()
        transcript.flush()

        assert screen(transcript)[-2] == " LAST"
        assert transcript.is_following


@pytest.mark.parametrize("blocks", range(30, 33))
async def test_an_answer_that_grew_beside_other_text_ends_at_the_foot_of_the_screen(blocks: int) -> None:
    async with desk() as (_, transcript, pilot):
        transcript.styles.width = 40
        await pilot.pause()
        for event, turn in streamed(live(), [f"block {number}\n\n" for number in range(blocks)]):
            transcript.show(event, turn)
            transcript.flush()

        end = ev.TurnEnded(TurnState.DONE, 0)
        transcript.show(end, advance(turn, end))
        transcript.flush()

        assert screen(transcript)[-2:] == [f" block {blocks - 1}", ""]


async def test_it_does_not_follow_while_the_user_reads_above() -> None:
    async with desk() as (app, transcript, pilot):
        transcript.load([done(number, f"answer {number}") for number in range(30)])
        transcript.focus()
        await pilot.press("pageup")
        before = screen(transcript)

        for event, turn in streamed(live(30), ["more\n\n"] * 30):
            transcript.show(event, turn)
        transcript.flush()
        await pilot.pause()

        assert screen(transcript)[:-1] == before[:-1]
        assert "new below" in screen(transcript)[-1]
        assert "60+ new below" in screen(transcript)[-1]
        assert state(transcript) == (False, True)
        await pilot.press("end")
        assert state(transcript) == (True, False)
        assert app.told == [(False, False), (False, True), (True, False)]


async def test_keys_and_wheel_move_it() -> None:
    async with desk() as (_, transcript, pilot):
        transcript.load([done(number, f"answer {number}") for number in range(30)])
        transcript.focus()
        await pilot.pause()
        end = screen(transcript)

        await pilot.press("ctrl+up")
        assert screen(transcript)[1:] != end[1:]
        await pilot.press("ctrl+down")
        assert screen(transcript) == end
        await pilot.press("home")
        assert screen(transcript)[0].startswith(" ▌ prompt 0")
        await pilot.press("pagedown", "ctrl+down", "ctrl+up", "pageup")
        assert screen(transcript)[0].startswith(" ▌ prompt 0")
        await pilot.press("end")
        transcript.post_message(wheel(MouseScrollUp, transcript))
        await pilot.pause()
        assert state(transcript) == (False, False)
        transcript.post_message(wheel(MouseScrollDown, transcript))
        await pilot.pause()
        assert state(transcript) == (True, False)


@pytest.mark.parametrize("size", [(120, 40), (20, 5), (7, 2), (3, 1), (1, 1)])
async def test_any_size_can_be_drawn(size: tuple[int, int]) -> None:
    async with desk() as (app, transcript, pilot):
        transcript.load(
            [done(0, "# Head\n\nwords **bold** 你好\n\n| a | b |\n|---|---|\n| c | d |\n\n```python\nx = 1\n```")]
        )
        await pilot.resize_terminal(*size)
        await pilot.pause()

        strips = transcript.render_lines(transcript.size.region)
        assert all(strip.cell_length == transcript.size.width for strip in strips)
        assert app.is_running


async def test_every_strip_is_as_wide_as_the_widget_also_with_hostile_text() -> None:
    async with desk(33, 12) as (_, transcript, pilot):
        transcript.load([done(0, EVIL * 9 + "\n```\n" + EVIL + "\n```\n" + "👩‍👩‍👧é\u0301\u0301 你" * 9, EVIL)])
        await pilot.pause()

        for strip in transcript.render_lines(transcript.size.region):
            assert sum(segment.cell_length for segment in strip) == transcript.size.width
            assert not any(ord(ch) < 32 or 127 <= ord(ch) < 160 or ch == "\u202e" for ch in strip.text)


async def test_a_resize_lays_out_again_and_keeps_following() -> None:
    async with desk() as (_, transcript, pilot):
        transcript.load([done(0, "word " * 300 + "LAST")])
        await pilot.pause()

        await pilot.resize_terminal(30, 10)
        await pilot.pause()

        assert "LAST" in "".join(screen(transcript))
        assert transcript.is_following


async def test_unchanged_rows_keep_their_strips() -> None:
    async with desk() as (_, transcript, pilot):
        pairs = list(streamed(live(), ["First.\n\nSec", "ond"]))
        transcript.show(*pairs[0])
        transcript.flush()
        before = transcript.render_lines(transcript.size.region)
        transcript.show(*pairs[1])
        transcript.flush()
        after = transcript.render_lines(transcript.size.region)
        await pilot.pause()

        assert [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old is not new] == [5]


async def test_only_changed_rows_are_refreshed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk() as (_, transcript, pilot):
        pairs = list(streamed(live(), ["First.\n\nSec", "ond"]))
        transcript.show(*pairs[0])
        transcript.flush()
        await pilot.pause()
        regions: list[Region] = []
        monkeypatch.setattr(transcript, "refresh", lambda *dirty: regions.extend(dirty))

        transcript.show(*pairs[1])
        transcript.flush()

        assert regions == [Region(0, 5, 60, 1)]


async def test_another_theme_paints_other_colours() -> None:
    async with desk() as (app, transcript, pilot):
        transcript.load([done(0, "text")])
        await pilot.pause()
        before = {segment.style for strip in transcript.render_lines(transcript.size.region) for segment in strip}

        app.theme = "paper"
        await pilot.pause()

        after = {segment.style for strip in transcript.render_lines(transcript.size.region) for segment in strip}
        assert before.isdisjoint(after)


async def test_a_selection_gives_the_source_back() -> None:
    async with desk(24, 20) as (_, transcript, pilot):
        transcript.load([done(0, "one two three four five six seven\n\n```python\nx = 1\ny = 2\n```\n\n- item", "ask")])
        await pilot.pause()
        places = [place for place, _ in transcript._sheet.shown]
        start, end = places[3], places[-2]

        selected = transcript.get_selection(Selection(Offset(0, row_number(start)), Offset(99, row_number(end))))

        assert selected == ("one two three four five six seven\n\nx = 1\ny = 2\n\n• item", "\n")


async def test_selecting_with_the_mouse_marks_and_copies_the_words() -> None:
    async with desk() as (app, transcript, pilot):
        transcript.load([done(0, "one two three", "ask")])
        await pilot.pause()
        row = screen(transcript).index(" one two three")

        await pilot.mouse_down(transcript, offset=(1, row))
        await pilot.hover(transcript, offset=(8, row))
        await pilot.mouse_up(transcript, offset=(8, row))

        assert app.screen.get_selected_text() in ("one two", "one two ")
        assert len(transcript.render_lines(Region(0, row, 60, 1))[0]) > 3


async def test_two_clicks_select_a_block() -> None:
    async with desk() as (app, transcript, pilot):
        transcript.load([done(0, "one\ntwo\n\nthree", "ask")])
        await pilot.pause()
        row = screen(transcript).index(" two")

        await pilot.click(transcript, offset=(2, row), times=2)

        assert app.screen.get_selected_text() == "one\ntwo"


async def test_clear_shows_nothing() -> None:
    async with desk() as (_, transcript, pilot):
        transcript.load([done(0, "text")])
        transcript.clear()
        await pilot.pause()

        assert not any(screen(transcript))
        assert transcript.turns == ()


async def test_long_code_gets_its_colours_a_little_later() -> None:
    async with desk() as (_, transcript, pilot):
        transcript.load([done(0, "```python\n" + "return 1  # why\n" * 300 + "```\n")])
        transcript.focus()
        for _ in range(200):
            if len(transcript.render_lines(Region(0, 5, 60, 1))[0]) > 6:
                break
            await pilot.pause(0.02)

        assert len(transcript.render_lines(Region(0, 5, 60, 1))[0]) > 6


async def test_two_thousand_turns_open_at_once_and_cost_nothing_far_away() -> None:
    turns = [done(number, "word " * 60) for number in range(2000)]
    async with desk(120, 40) as (_, transcript, pilot):
        transcript.load(turns[:3])
        await pilot.pause()
        began = process_time()
        transcript.load(turns)
        screen(transcript)
        opened = process_time() - began
        began = process_time()
        for _ in range(20):
            transcript.action_page_up()
            screen(transcript)
        paged = (process_time() - began) / 20

        assert opened < 0.3
        assert paged < 0.05


async def test_an_idle_transcript_schedules_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk() as (_, transcript, pilot):
        for event, turn in streamed(live(), ["some ", "text"]):
            transcript.show(event, turn)
        transcript.flush()
        await pilot.pause(0.2)
        frames: list[int] = []
        monkeypatch.setattr(transcript._pace, "request", lambda: frames.append(1))

        await asyncio.sleep(0.1)

        assert not frames


def test_importing_it_loads_no_parser_and_no_highlighter() -> None:
    program = (
        "import sys, hawkmoth_tui.ui.transcript\n"
        "print(*(name for name in ('markdown_it', 'pygments', 'rich.markdown', 'rich.syntax') if name in sys.modules))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == ""


def test_warming_loads_what_the_first_answer_needs() -> None:
    program = (
        "import sys; from hawkmoth_tui.ui.transcript.warming import warm; warm()\n"
        "names = ('markdown_it', 'pygments.lexers.python', 'hawkmoth_tui.ui.transcript.turnview')\n"
        "print(*(name for name in names if name not in sys.modules))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == ""


def test_a_place_is_ordered_by_turn_then_row() -> None:
    assert row_number(Place(0, 5000)) < row_number(Place(1, 0))
