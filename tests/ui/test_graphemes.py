"""Where the cursor may stand among characters that are drawn as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.ui.graphemes import after, before, beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

FLAG, FAMILY, THUMB, KEYCAP, ACCENT = "🇩🇪", "👨‍👩‍👧", "👍🏽", "1️⃣", "e\u0301"
TOGETHER = [FLAG, FAMILY, THUMB, KEYCAP, ACCENT, "ß", "語", "x"]


@given(st.lists(st.sampled_from(TOGETHER), max_size=30))
def test_the_cursor_stands_between_what_is_drawn_as_one_and_nowhere_else(pieces: list[str]) -> None:
    line = "".join(pieces)
    stops = [len("".join(pieces[:count])) for count in range(len(pieces) + 1)]

    assert [after(line, stop) for stop in stops[:-1]] == stops[1:]
    assert [before(line, stop) for stop in stops[1:]] == stops[:-1]
    assert [beside(line, column) for column in range(len(line) + 1)] == [
        max(stop for stop in stops if stop <= column) for column in range(len(line) + 1)
    ]


@given(st.text(max_size=60), st.data())
def test_every_step_gets_on_and_stays_in_the_line(line: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(line)))

    assert 0 <= beside(line, column) <= column
    assert column == len(line) or column < after(line, column) <= len(line)
    assert column == 0 or 0 <= before(line, column) < column


def test_a_long_row_of_flags_is_not_split() -> None:
    line = FLAG * 200

    assert before(line, len(line)) == len(line) - len(FLAG)
    assert after(line, 200) == 202
    assert beside(line, 201) == 200


@pytest.mark.parametrize("one", [FLAG, FAMILY, THUMB, KEYCAP, ACCENT])
async def test_one_key_removes_what_is_drawn_as_one(sit_down: SitDown, one: str) -> None:
    async with sit_down() as sitting:
        sitting.app.conversation.composer.put(f"a{one}{one}")

        await sitting.press("backspace")
        assert sitting.written == f"a{one}"
        await sitting.press("left", "b")
        assert sitting.written == f"ab{one}"
        await sitting.press("delete")
        assert sitting.written == "ab"


async def test_what_the_cursor_stands_on_is_drawn_in_one_piece(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        sitting.app.conversation.composer.put(f"{FAMILY}|")
        await sitting.press("home")
        await sitting.until(lambda: sitting.app.conversation.composer.cursor_location == (0, 0))

        segments = list(sitting.app.conversation.composer.render_line(0))

        assert segments[0].text == FAMILY
