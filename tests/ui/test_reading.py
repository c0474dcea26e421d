"""Reading in the conversation: the marker, folding, copying, finding, links, and the way back."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.engine.attachments import fenced
from hawkmoth_tui.ui.screens.links import LinksScreen
from tests.ui.transcript.turns import done

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from hawkmoth_tui.ui.transcript import Transcript
    from tests.servers.held import Held
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

ANSWER = "First **bold** words.\n\n## A heading\n\n```python\nx = 1\ny = 2\nz = 3\n```\n\nSee [the page](https://example.org/a?b=c)."


def transcript_of(sitting: Sitting) -> Transcript:
    transcript = sitting.app.conversation.transcript
    assert transcript is not None
    return transcript


async def read(sitting: Sitting, *answers: str) -> Transcript:
    """Show turns with these answers and begin to read."""
    transcript = transcript_of(sitting)
    sitting.app.conversation._begin(True)
    transcript.load([done(number, answer, f"prompt {number}") for number, answer in enumerate(answers)])
    await sitting.pilot.pause()
    await sitting.press("ctrl+x", "v")
    await sitting.until(lambda: transcript.has_focus)
    return transcript


def marked(sitting: Sitting) -> list[str]:
    """The rows with the marker, without it."""
    rows = [strip.text for strip in transcript_of(sitting).render_lines(transcript_of(sitting).size.region)]
    return [row[1:].rstrip(" ▐") for row in rows if row.startswith("┃")]


def private_text(path: str) -> str:
    """What is in a file that only its owner may read."""
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    return Path(path).read_text(encoding="utf-8")


async def test_the_marker_begins_on_the_last_block_and_moves_by_block_and_turn(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, ANSWER, "one\n\ntwo")
        assert marked(sitting) == ["two"]

        seen = []
        for key in ("k", "up", "K", "J", "j"):
            await sitting.press(key)
            seen.append(marked(sitting)[0])

        assert seen == ["one", "▌ prompt 1", "▌ prompt 0", "▌ prompt 1", "one"]


async def test_esc_goes_back_to_writing_and_the_letters_are_letters_again(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, "one")

        await sitting.press("escape", "j", "k")

        assert sitting.written == "jk"
        assert marked(sitting) == []
        assert "Esc back" not in sitting.screen_text()


async def test_there_is_nothing_to_read_before_the_first_prompt(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("ctrl+x", "v")
        await sitting.until(lambda: "nothing to read" in sitting.notices)

        await sitting.press("j")

        assert sitting.written == "j"


async def test_a_block_folds_and_unfolds_where_it_stands(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, ANSWER)
        await sitting.press("k")
        whole = marked(sitting)

        await sitting.press("space")
        folded = marked(sitting)
        await sitting.press("space")

        assert [row.strip() for row in whole] == ["python", "x = 1", "y = 2", "z = 3"]
        assert [row.strip() for row in folded] == ["python", "▸ 3 more rows"]
        assert marked(sitting) == whole


async def test_the_end_of_a_long_page_stays_in_sight_when_it_folds_or_is_found(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, "word\n\n" * 100, ANSWER)
        await sitting.press("k", "space")
        assert [row.strip() for row in marked(sitting)] == ["python", "▸ 3 more rows"]
        await sitting.press("space")
        assert [row.strip() for row in marked(sitting)] == ["python", "x = 1", "y = 2", "z = 3"]

        await sitting.press("G")
        await sitting.app.conversation.reading.find("the page")
        await sitting.pilot.pause()
        assert any("See the page" in row for row in marked(sitting))


async def test_a_file_beside_the_question_unfolds_is_copied_and_found(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        transcript = await read(sitting, "An answer.")
        asked = user("what is this?", Text(fenced("notes.txt", "line one\na needle\n")))
        transcript.load([replace(done(0, "An answer."), prompt=asked)])
        await sitting.press("k")
        assert marked(sitting) == ["▌ ▸ notes.txt · text · 18 B"]

        await sitting.press("space")
        assert marked(sitting) == ["▌ ▾ notes.txt · text · 18 B", "▌ line one", "▌ a needle"]
        await sitting.press("y")
        await sitting.until(lambda: "attachment" in sitting.notices)
        await sitting.press("space", "slash", *"needle", "enter")
        await sitting.until(lambda: "a needle" in sitting.screen_text())


async def test_a_turn_folds_to_its_question_and_header(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, ANSWER, "two")
        await sitting.press("K", "K", "z")

        assert marked(sitting)[0] == "▌ prompt 0"
        assert "more rows" in marked(sitting)[-1]
        assert "A heading" not in sitting.screen_text()

        await sitting.press("space")
        assert "A heading" in sitting.screen_text()


@pytest.mark.parametrize(
    ("keys", "copied"),
    [
        (("y",), "See [the page](https://example.org/a?b=c)."),
        (("k", "y"), "x = 1\ny = 2\nz = 3"),
        (("k", "k", "y"), "## A heading"),
        (("k", "k", "k", "y"), "First **bold** words."),
        (("K", "y"), "prompt 0"),
        (("Y",), ANSWER),
    ],
)
async def test_copying_takes_the_source(sit_down: SitDown, keys: tuple[str, ...], copied: str) -> None:
    async with sit_down() as sitting:
        await read(sitting, ANSWER)

        await sitting.press(*keys)

        assert sitting.app.clipboard == copied
        assert "OSC 52; if nothing arrives, s saves" in sitting.notices.replace("\n", " ")


async def test_what_was_copied_is_saved_to_a_private_file(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, ANSWER)

        await sitting.press("Y", "s")
        await sitting.until(lambda: "saved to " in sitting.notices)

        found = re.search(r"saved to (\S+)", sitting.notices)
        assert found is not None
        assert private_text(found[1]) == ANSWER


async def test_what_is_too_long_for_a_clipboard_is_not_cut_but_offered_as_a_file(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, "word " * 20_000)

        await sitting.press("y")
        assert "nothing was copied, s saves" in sitting.notices
        assert sitting.app.clipboard == ""
        await sitting.press("s")
        await sitting.until(lambda: "saved to " in sitting.notices)


async def test_words_are_found_as_they_are_typed_with_their_number(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, "a needle\n\nhay", "hay\n\nanother **nee**dle here", "hay")

        await sitting.press("slash", *"NEEDLE")
        await sitting.until(lambda: "2 of 2" in sitting.screen_text())
        assert marked(sitting) == ["another needle here"]
        await sitting.press("enter", "N")
        await sitting.until(lambda: "1 of 2" in sitting.screen_text())
        assert marked(sitting) == ["a needle"]
        await sitting.press("N")
        await sitting.until(lambda: "2 of 2" in sitting.screen_text())
        await sitting.press("escape")

        assert transcript_of(sitting).found is None
        assert sitting.app.conversation.composer.has_focus


async def test_the_last_place_of_a_long_conversation_is_brought_to_the_screen(sit_down: SitDown) -> None:
    async with sit_down(size=(80, 20)) as sitting:
        await read(sitting, "\n\n".join(["hay"] * 60), "\n\n".join([*["hay"] * 30, "a needle"]))

        await sitting.press("slash", *"needle")
        await sitting.until(lambda: "1 of 1" in sitting.screen_text())

        assert marked(sitting) == ["a needle"]
        assert "a needle" in sitting.screen_text()


async def test_what_is_not_there_is_said(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, "hay")

        await sitting.press("slash", *"needle")

        await sitting.until(lambda: "not found" in sitting.screen_text())


async def test_the_command_finds_and_marks(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, "a needle\n\nhay", "hay")
        await sitting.press("escape")

        await sitting.send("/find needle")

        await sitting.until(lambda: marked(sitting) == ["a needle"])


async def test_a_link_is_opened_only_after_its_real_target_was_shown(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho \"$1\" > '{opened}.new' && mv '{opened}.new' '{opened}'\n")
    browser.chmod(0o700)
    monkeypatch.setattr("webbrowser._browsers", {})
    monkeypatch.setattr("webbrowser._tryorder", None)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    async with sit_down() as sitting:
        await read(sitting, ANSWER)

        await sitting.press("o")
        await sitting.until(lambda: isinstance(sitting.app.screen, LinksScreen))
        await sitting.until(lambda: "https://example.org/a?b=c" in sitting.screen_text())
        assert not opened.exists()
        await sitting.press("enter")
        await sitting.until(opened.exists)

        assert opened.read_text() == "https://example.org/a?b=c\n"
        await sitting.until(lambda: "your browser was asked" in sitting.notices)


async def test_a_link_can_be_copied_instead(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, ANSWER)

        await sitting.press("o")
        await sitting.until(lambda: isinstance(sitting.app.screen, LinksScreen))
        await sitting.press("y")

        await sitting.until(lambda: sitting.app.clipboard == "https://example.org/a?b=c")


async def test_a_block_without_a_link_to_open_says_so(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await read(sitting, "[press](javascript:alert) or [this](file:///etc/passwd)")

        await sitting.press("o")

        await sitting.until(lambda: "no link" in sitting.notices)


async def test_a_click_leaves_the_focus_with_the_composer(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        transcript = await read(sitting, ANSWER)
        await sitting.press("escape")

        await sitting.pilot.click(transcript, offset=(3, 3))
        await sitting.press("x")

        assert sitting.written == "x"


async def test_reading_holds_still_while_an_answer_streams(sit_down: SitDown, held: Held) -> None:
    held.let(500)
    async with sit_down(size=(100, 24)) as sitting:
        await sitting.begin("tokens=2000 rate=0")
        transcript = transcript_of(sitting)
        await sitting.until(lambda: len(sitting.turns[-1].text) > 2000)
        await sitting.press("ctrl+x", "v")
        await sitting.until(lambda: transcript.has_focus)
        await sitting.press("K", "j")
        rows = marked(sitting)
        size = len(sitting.turns[-1].text)

        held.let(1000)
        await sitting.until(lambda: len(sitting.turns[-1].text) > size + 300)

        assert marked(sitting) == rows
        assert re.search(r"↓ [\d,]+\+? new below", sitting.screen_text())
        await sitting.press("G")
        assert transcript.is_following


async def test_copy_commands_take_answer_code_and_prompt(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        turn = await sitting.ask("say hello")

        await sitting.send("/copy")
        await sitting.until(lambda: sitting.app.clipboard == turn.text)
        await sitting.send("/copy prompt")
        await sitting.until(lambda: sitting.app.clipboard == "say hello")
        await sitting.send("/copy session")
        await sitting.until(lambda: sitting.app.clipboard == f"> say hello\n\n{turn.text}")
        await sitting.send("/copy code")
        await sitting.until(lambda: "no code" in sitting.notices)


async def test_the_line_names_the_keys_of_versions_on_a_turn_that_has_some(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("plain tokens=5 rate=0")
        await sitting.ask("asked twice tokens=5 rate=0")
        await sitting.send("/retry")
        await sitting.until(lambda: "2/2" in sitting.screen_text() and not sitting.turns[-1].state.is_live)
        await sitting.press("ctrl+x", "v")
        await sitting.until(lambda: sitting.app.conversation.reading.is_on)
        await sitting.until(lambda: "h l version" in sitting.screen_text())
        await sitting.press("K", "K")
        await sitting.until(lambda: "Reading" in sitting.screen_text() and "version" not in sitting.screen_text())
