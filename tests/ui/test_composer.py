"""Writing: several lines, the history, drafts, commands, and keys that must not lose a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from textual import events

from hawkmoth_tui.ui.startup import Startup

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]


@pytest.mark.parametrize("key", ["ctrl+j", "alt+enter"])
async def test_a_new_line_is_not_a_send(sit_down: SitDown, key: str) -> None:
    async with sit_down() as sitting:
        await sitting.press("a", key, "b")

        assert sitting.written == "a\nb"
        assert sitting.turns == ()


async def test_the_composer_grows_with_its_text_up_to_eight_lines(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 24)) as sitting:
        composer = sitting.app.conversation.composer
        composer.put("one")
        await sitting.until(lambda: composer.region.height == 1)
        composer.put("\n".join("12345"))
        await sitting.until(lambda: composer.region.height == 5)
        composer.put("\n".join("1234567890"))
        await sitting.until(lambda: composer.region.height == 8)


async def test_an_empty_prompt_goes_nowhere(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("   ")

        assert sitting.turns == ()
        assert not sitting.app.bridge.runs


async def test_up_and_down_walk_the_history_and_keep_the_draft(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("first tokens=5 rate=0")
        await sitting.ask("second tokens=5 rate=0")
        sitting.app.conversation.composer.put("my draft")

        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await sitting.press(key)
            seen.append(sitting.written.split()[0])

        assert seen == ["second", "first", "first", "second", "my", "my"]


async def test_up_inside_a_text_of_several_lines_moves_the_cursor(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("before tokens=5 rate=0")
        sitting.app.conversation.composer.put("one\ntwo")

        await sitting.press("up", "X")

        assert sitting.written == "oneX\ntwo"


async def test_a_draft_is_there_again_after_a_restart(sit_down: SitDown) -> None:
    startup = Startup()
    async with sit_down(startup=startup) as sitting:
        await sitting.press(*"not yet")
        await sitting.until(lambda: sitting.desk.workstation.sessions.draft(None) == "not yet")

    async with sit_down(startup=startup) as sitting:
        assert sitting.written == "not yet"


async def test_a_draft_never_overwrites_what_was_typed_meanwhile(sit_down: SitDown) -> None:
    startup = Startup()
    async with sit_down(startup=startup) as sitting:
        await sitting.press(*"old")
        await sitting.until(lambda: sitting.desk.workstation.sessions.draft(None) == "old")

    async with sit_down(startup=startup, waits=False) as sitting:
        await sitting.press(*"new")
        await sitting.app.opened()
        assert sitting.written == "new"


async def test_each_session_has_its_own_draft(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = (await sitting.ask("hello tokens=5 rate=0")).session_id
        await sitting.press(*"for the first")
        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: sitting.desk.session is None)
        assert sitting.written == ""

        await sitting.app.show_session(first)

        assert sitting.written == "for the first"


async def test_what_was_sent_is_no_draft_any_more(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"hello tokens=5 rate=0")
        await sitting.until(lambda: sitting.desk.workstation.sessions.draft(None))

        await sitting.press("enter")
        await sitting.until(lambda: sitting.turns and not sitting.turns[-1].state.is_live)
        session_id = sitting.turns[-1].session_id
        await sitting.until(lambda: not sitting.desk.workstation.sessions.draft(session_id))

        assert sitting.desk.workstation.sessions.draft(None) == ""


async def test_typing_and_pasting_reach_the_composer_wherever_the_focus_went(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("hello tokens=5 rate=0")
        await sitting.press("tab")
        assert sitting.app.focused is not sitting.app.conversation.composer

        await sitting.press(*"words")
        assert sitting.written == "words"

        await sitting.press("tab")
        sitting.app.post_message(events.Paste(" and more"))
        await sitting.until(lambda: sitting.written == "words and more")


async def test_no_word_of_fast_typing_is_lost_or_shuffled_when_the_focus_was_elsewhere(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("hello tokens=5 rate=0")
        await sitting.press("tab")
        text = "typed in one burst, as over a slow line " * 4

        for character in text:
            sitting.app.post_message(events.Key("space" if character == " " else character, character))

        await sitting.until(lambda: len(sitting.written) >= len(text))
        assert sitting.written == text
        assert sitting.app.focused is sitting.app.conversation.composer


async def test_ctrl_c_clears_and_can_be_undone_then_says_how_to_quit(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"words", "ctrl+c")
        assert sitting.written == ""

        await sitting.press("ctrl+z")
        assert sitting.written == "words"

        await sitting.press("ctrl+c", "ctrl+c")
        assert "Ctrl+Q quits" in sitting.notices


async def test_ctrl_c_copies_a_selection_and_leaves_the_text(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"words", "shift+home", "ctrl+c")

        assert sitting.app.clipboard == "words"
        assert sitting.written == "words"


async def test_ctrl_d_deletes_in_a_text_and_quits_when_there_is_none(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"ab", "home", "ctrl+d")
        assert sitting.written == "b"

        await sitting.press("ctrl+d", "ctrl+d")
        await sitting.until(lambda: sitting.app._exit)


async def test_an_unknown_command_stays_where_it_was_written(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.send("/retyr")
        await sitting.until(lambda: sitting.notices)

        assert "there is no command /retyr" in sitting.notices
        assert "/retry" in sitting.notices
        assert sitting.written == "/retyr"


async def test_a_command_that_failed_gives_way_to_what_was_written_meanwhile(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        sitting.app.conversation.composer.put("/retyr")
        sitting.app.conversation.composer.action_send()
        sitting.app.conversation.composer.put("another thought")
        await sitting.until(lambda: sitting.notices)
        assert sitting.written == "another thought"

        await sitting.press("up")
        assert sitting.written == "/retyr"


async def test_a_command_is_done_before_the_prompt_entered_after_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        first = await sitting.ask("hello tokens=5 rate=0")
        composer = sitting.app.conversation.composer

        for text in ("/new", "elsewhere tokens=5 rate=0"):
            composer.put(text)
            composer.action_send()
        await sitting.until(lambda: sitting.turns and "elsewhere" in sitting.turns[-1].prompt.text)

        assert sitting.turns[-1].session_id != first.session_id


async def test_what_was_entered_just_before_leaving_is_kept(sit_down: SitDown) -> None:
    startup = Startup()
    async with sit_down(startup=startup, waits=False) as sitting:
        for text in ("keep me", "and me"):
            sitting.app.conversation.composer.put(text)
            sitting.app.conversation.composer.action_send()
        await sitting.pilot.pause()
        sitting.app.action_leave()
        await sitting.until(lambda: sitting.app._exit)

    async with sit_down(startup=startup) as sitting:
        assert sitting.written == "keep me"
        assert [parcel.text for parcel in sitting.app.writing.trays.here.queue] == ["and me"]


async def test_what_is_written_while_the_first_prompt_begins_is_the_new_sessions_draft(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"next thought")
        await sitting.until(lambda: sitting.desk.workstation.sessions.draft(None) == "next thought")

        sitting.app.sending.send("hello tokens=5 rate=0")
        await sitting.until(lambda: sitting.turns)

        session_id = sitting.turns[-1].session_id
        await sitting.until(lambda: sitting.desk.workstation.sessions.draft(session_id) == "next thought")
        assert sitting.written == "next thought"


async def test_square_brackets_in_a_prompt_mean_themselves(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("[bold red]hello[/] \x1b[31m tokens=5 rate=0")

        assert "[bold red]hello[/]" in sitting.screen_text()
        assert "\x1b" not in sitting.screen_text()


async def test_a_long_text_has_its_tokens_counted_below_it(sit_down: SitDown) -> None:
    async with sit_down(size=(140, 40)) as sitting:
        await sitting.press(*"short")
        await sitting.until(lambda: sitting.app._draft_timer is None)
        assert "tokens" not in sitting.status()

        sitting.app.conversation.composer.put("All moths fly at night. " * 100)
        await sitting.until(lambda: re.search(r"text ~\d[\d,]+ tokens", sitting.status()))
        sitting.app.conversation.composer.put("")
        await sitting.until(lambda: "tokens" not in sitting.status())
