"""Beside the text: pastes and files as chips, and prompts that wait for their turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.ui.sizes import size_words
from hawkmoth_tui.ui.startup import Startup
from hawkmoth_tui.ui.widgets.composer import LONGEST_PASTE
from hawkmoth_tui.ui.widgets.tray import TrayPane

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
LONG = "a line of a log\n" * 2000
SLOW = "tokens=4000 rate=50"
QUICK = "tokens=5 rate=0"


async def paste(sitting: Sitting, text: str) -> None:
    sitting.app.conversation.composer.post_message(events.Paste(text))
    await sitting.pilot.pause()


def chips(sitting: Sitting) -> list[str]:
    return [one.name for one in sitting.app.writing.trays.here.attached]


def queued(sitting: Sitting) -> list[str]:
    return [parcel.text for parcel in sitting.app.writing.trays.here.queue]


def is_idle(sitting: Sitting) -> bool:
    return not sitting.app.bridge.runs and not sitting.app.writing.trays.here.queue


async def test_a_paste_is_one_step_to_undo(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"see ")
        await paste(sitting, "one\r\ntwo\rthree")
        await sitting.press("!")
        assert sitting.written == "see one\ntwo\nthree!"

        await sitting.press("ctrl+z", "ctrl+z")
        assert sitting.written == "see "

        await sitting.press("ctrl+y")
        assert sitting.written == "see one\ntwo\nthree"


async def test_a_long_paste_becomes_a_chip_and_goes_with_the_prompt(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*f"why? {QUICK}")
        await paste(sitting, LONG)
        await sitting.until(lambda: "[pasted text 1 32 kB]" in sitting.screen_text())
        assert sitting.written == f"why? {QUICK}"

        await sitting.press("enter")
        await sitting.until(lambda: sitting.turns and not sitting.turns[-1].state.is_live)

        assert sitting.turns[-1].prompt.text.startswith(f"why? {QUICK}\n\npasted text 1:\n```\na line of a log\n")
        assert chips(sitting) == []


async def test_a_paste_at_the_limit_stays_text(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await paste(sitting, "x" * LONGEST_PASTE)
        assert len(sitting.written) == LONGEST_PASTE

        await paste(sitting, "é" * (LONGEST_PASTE // 2 + 1))
        assert chips(sitting) == ["pasted text 1"]


async def test_a_paste_that_no_model_could_read_is_refused_in_words(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await paste(sitting, "x" * (33 << 20))

        await sitting.until(lambda: "larger than 32 MB" in sitting.notices)
        assert chips(sitting) == []


async def test_a_chip_is_removed_by_key(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await paste(sitting, LONG)
        await sitting.press("backspace")
        await sitting.until(lambda: isinstance(sitting.app.focused, TrayPane))
        assert chips(sitting) == ["pasted text 1"]

        await sitting.press("backspace")
        await sitting.until(lambda: not chips(sitting))

        assert sitting.app.focused is sitting.app.conversation.composer


async def test_a_paste_is_unfolded_into_the_text(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await paste(sitting, LONG)
        await sitting.press("alt+up")
        await sitting.until(lambda: isinstance(sitting.app.focused, TrayPane))
        await sitting.press("enter")

        await sitting.until(lambda: sitting.written == LONG)
        assert chips(sitting) == []


async def test_typing_in_the_tray_goes_on_in_the_text_and_esc_leaves_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await paste(sitting, LONG)
        await sitting.press("alt+up")
        await sitting.until(lambda: isinstance(sitting.app.focused, TrayPane))
        await sitting.press("h")
        await sitting.until(lambda: sitting.written == "h")

        await sitting.press("alt+up")
        await sitting.until(lambda: isinstance(sitting.app.focused, TrayPane))
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.focused is sitting.app.conversation.composer)


async def test_a_file_is_attached_and_looked_at(sit_down: SitDown, tmp_path: Path) -> None:
    (tmp_path / "my notes.txt").write_text("remember the milk\n")
    async with sit_down() as sitting:
        await sitting.send(f'/attach "{tmp_path}/my notes.txt"')
        await sitting.until(lambda: chips(sitting) == ["my notes.txt"])
        await sitting.until(lambda: sitting.written == "")

        await sitting.press("alt+up")
        await sitting.until(lambda: isinstance(sitting.app.focused, TrayPane))
        await sitting.press("enter")
        await sitting.until(lambda: "remember the milk" in sitting.screen_text())


async def test_a_picture_dropped_on_the_terminal_is_attached(sit_down: SitDown, tmp_path: Path) -> None:
    picture = tmp_path / "moth.png"
    picture.write_bytes(PNG)
    async with sit_down() as sitting:
        await paste(sitting, f"'{picture}' ")
        await sitting.until(lambda: "[moth.png picture 28 B]" in sitting.screen_text())

        assert isinstance(sitting.app.writing.trays.here.attached[0].part, Image)


async def test_a_path_of_no_picture_is_text(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await paste(sitting, "/nowhere/moth.png")
        await sitting.until(lambda: sitting.written == "/nowhere/moth.png")


async def test_a_file_that_cannot_be_attached_is_said_why(sit_down: SitDown, tmp_path: Path) -> None:
    async with sit_down() as sitting:
        line = f"/attach {tmp_path / 'none.txt'}"
        sitting.app.say("an earlier notice")
        await sitting.send(line)
        await sitting.until(lambda: "cannot attach" in sitting.notices)

        assert chips(sitting) == []
        assert "earlier" not in sitting.notices
        assert sitting.written == line


async def test_prompts_sent_during_an_answer_wait_and_go_in_order(sit_down: SitDown, held: Held) -> None:
    async with sit_down() as sitting:
        await sitting.begin("first tokens=60 rate=0")
        await sitting.send(f"second {QUICK}")
        await sitting.send(f"third {QUICK}")
        await sitting.until(lambda: len(queued(sitting)) == 2)
        await sitting.until(lambda: "next   second" in sitting.screen_text())
        assert sitting.written == ""

        held.let_go()
        await sitting.until(lambda: len(sitting.turns) == 3 and is_idle(sitting))
        await sitting.until(lambda: all(turn.state is TurnState.DONE for turn in sitting.turns))

        assert [turn.prompt.text.split()[0] for turn in sitting.turns] == ["first", "second", "third"]


async def test_a_queued_prompt_is_edited_and_removed(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        await sitting.send("second")
        await sitting.send("third")
        await sitting.until(lambda: queued(sitting) == ["second", "third"])

        await sitting.press("alt+up")
        await sitting.until(lambda: isinstance(sitting.app.focused, TrayPane))
        await sitting.press("delete")
        await sitting.until(lambda: queued(sitting) == ["second"])
        await sitting.press("enter")

        await sitting.until(lambda: sitting.written == "second")
        assert queued(sitting) == []


async def test_the_queue_waits_after_a_stopped_answer(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        await sitting.send(f"second {QUICK}")
        await sitting.until(lambda: queued(sitting))

        await sitting.press("escape")
        await sitting.until(lambda: "the queued prompt waits" in sitting.notices)
        assert len(sitting.turns) == 1

        await sitting.press("enter")
        await sitting.until(lambda: len(sitting.turns) == 2 and is_idle(sitting))


async def test_what_waits_survives_a_restart(sit_down: SitDown, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words\n")
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        await paste(sitting, LONG)
        await sitting.send("second")
        await sitting.until(lambda: queued(sitting))
        await sitting.send(f"/attach {tmp_path / 'a.txt'}")
        await sitting.until(lambda: chips(sitting) == ["a.txt"])
        await sitting.press("ctrl+q", "k")
        await sitting.until(lambda: sitting.app._exit)

    async with sit_down(startup=Startup(is_demo=True, is_continue=True)) as sitting:
        await sitting.until(lambda: chips(sitting))
        assert chips(sitting) == ["a.txt"]
        assert queued(sitting) == ["second"]
        assert sitting.app.writing.trays.here.queue[0].attached[0].text == LONG
        assert not sitting.app.bridge.runs


async def test_chips_alone_are_sent(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await paste(sitting, LONG)
        await sitting.until(lambda: chips(sitting))

        await sitting.press("enter")
        await sitting.until(lambda: sitting.turns and not sitting.turns[-1].state.is_live)

        assert sitting.turns[-1].prompt.text.lstrip().startswith("pasted text 1:\n```\na line of a log\n")
        assert chips(sitting) == []


@pytest.mark.parametrize("is_continue", [False, True], ids=["in a new session", "in the last session"])
async def test_chips_added_before_anything_is_open_stay(sit_down: SitDown, is_continue: bool) -> None:
    async with sit_down() as sitting:
        await sitting.ask(f"hello {QUICK}")
        session_id = sitting.turns[-1].session_id if is_continue else None

    async with sit_down(startup=Startup(is_demo=True, is_continue=is_continue), waits=False) as sitting:
        sitting.app.writing.paste(LONG)
        await sitting.app.opened()
        await sitting.until(lambda: sitting.screen_text().count("[pasted text 1 32 kB]") == 1)
        await sitting.until(lambda: sitting.desk.workstation.sessions.tray(session_id))


async def test_chips_and_enter_before_anything_is_open_are_a_prompt(sit_down: SitDown) -> None:
    async with sit_down(waits=False) as sitting:
        sitting.app.writing.paste(LONG)
        sitting.app.conversation.composer.action_send()
        await sitting.until(lambda: sitting.turns)

        assert "pasted text 1" in sitting.turns[-1].prompt.text


async def test_chips_survive_leaving_before_anything_is_open(sit_down: SitDown) -> None:
    startup = Startup()
    async with sit_down(startup=startup, waits=False) as sitting:
        sitting.app.writing.paste(LONG)
        sitting.app.action_leave()
        await sitting.until(lambda: sitting.app._exit)

    async with sit_down(startup=startup) as sitting:
        await sitting.until(lambda: chips(sitting) == ["pasted text 1"])


async def test_an_edited_prompt_keeps_what_was_attached_to_it(sit_down: SitDown, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    async with sit_down() as sitting:
        sitting.app.writing.attach(str(tmp_path / "a.png"))
        await paste(sitting, LONG)
        first = await sitting.ask(f"why? {QUICK}")

        await sitting.send("/edit")
        await sitting.until(lambda: sitting.written == f"why? {QUICK}")
        assert sorted(chips(sitting)) == ["a.png", "pasted text 1"]
        await sitting.press("enter")
        await sitting.until(lambda: sitting.turns[-1].id != first.id and not sitting.turns[-1].state.is_live)

        assert sitting.turns[-1].parent_id == first.parent_id
        assert sitting.turns[-1].prompt == first.prompt
        assert chips(sitting) == []


async def test_a_queued_prompt_that_is_taken_back_spares_what_was_being_written(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.begin(SLOW)
        await sitting.send("second")
        await sitting.until(lambda: queued(sitting))
        await sitting.press(*"half a thought", "alt+up")
        await sitting.until(lambda: isinstance(sitting.app.focused, TrayPane))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.written == "second")

        await sitting.press("up")
        assert sitting.written == "half a thought"


async def test_a_session_in_the_background_sends_its_own_queue(sit_down: SitDown, held: Held) -> None:
    async with sit_down() as sitting:
        await sitting.begin("tokens=60 rate=0")
        first = sitting.turns[-1].session_id
        await sitting.send(f"second {QUICK}")
        await sitting.until(lambda: queued(sitting))
        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: sitting.desk.session is None)
        assert queued(sitting) == []

        held.let_go()
        await sitting.until(lambda: len(sitting.desk.workstation.sessions.branch(first)) == 2)


async def test_words_and_chips_come_back_when_the_engine_refuses(sit_down: SitDown) -> None:
    async with sit_down(startup=Startup()) as sitting:
        await paste(sitting, LONG)
        await sitting.send("keep me")
        await sitting.until(lambda: "no provider can be used" in sitting.notices)

        await sitting.until(lambda: sitting.written == "keep me")
        assert chips(sitting) == ["pasted text 1"]


async def test_earlier_prompts_are_searched_newest_first(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask(f"about moths {QUICK}")
        await sitting.press("ctrl+x", "n")
        await sitting.until(lambda: sitting.desk.session is None)
        await sitting.ask(f"about hawks {QUICK}")
        await sitting.press(*"unsent", "ctrl+r")
        await sitting.until(lambda: "Earlier prompts" in sitting.screen_text())
        await sitting.until(lambda: "about hawks" in sitting.screen_text())

        await sitting.press(*"about", "enter")
        await sitting.until(lambda: sitting.written.startswith("about hawks"))
        await sitting.press("ctrl+z")
        assert sitting.written == "unsent"

        await sitting.press("ctrl+r")
        await sitting.until(lambda: "Earlier prompts" in sitting.screen_text())
        await sitting.press(*"moths", "enter")
        await sitting.until(lambda: sitting.written.startswith("about moths"))


def test_sizes_in_words() -> None:
    assert [size_words(size) for size in (812, 1000, 34_400, 999_600, 1_240_000)] == [
        "812 B",
        "1 kB",
        "34 kB",
        "1.0 MB",
        "1.2 MB",
    ]
