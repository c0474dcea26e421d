"""Text joined over deltas: surrogate halves and thinking tags."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.events import TextDelta, ThinkingDelta
from hawkmoth_tui.providers.assembly import Assembly
from hawkmoth_tui.providers.text import Mender, ThinkSplitter, whole

CUTS = st.lists(st.integers(min_value=0, max_value=60), max_size=12)


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(place for place in cuts if place < len(text))})
    return [text[start:end] for start, end in pairwise(places)]


@given(st.text(alphabet=["a", "é", "日", "😀", "\ud83d", "\ude00"], max_size=30), CUTS)
def test_mended_text_is_the_same_however_it_is_split(text: str, cuts: list[int]) -> None:
    mender = Mender()
    joined = "".join(mender.mend(piece) for piece in pieces_of(text, cuts)) + mender.end()

    assert joined == whole(text)
    joined.encode()


def test_halves_in_two_deltas_become_one_character() -> None:
    mender = Mender()

    assert mender.mend("a\ud83d") == "a"
    assert mender.mend("\ude00b") == "😀b"


def test_a_half_that_stays_alone_is_replaced() -> None:
    mender = Mender()

    assert mender.mend("\ude00x\ud83d") == "�x"
    assert mender.mend("y") == "�y"
    assert mender.mend("\ud83d") == ""
    assert mender.end() == "�"


def split(pieces: list[str]) -> tuple[str, str]:
    splitter = ThinkSplitter()
    parts = [*(splitter.split(piece) for piece in pieces), splitter.end()]
    return "".join(thinking for thinking, _ in parts), "".join(text for _, text in parts)


@given(
    st.sampled_from(
        [
            "<think>\nwhy < not? </thin> maybe</think>\n\nThe answer.",
            "  \n<think></think>The answer.",
            "<thinking>no tag</thinking>",
            "<think>never closed",
            "plain </think> text <think>later</think>",
            "<thin",
            "<",
            "   ",
            "",
            "a < b",
        ]
    ),
    CUTS,
)
def test_thinking_is_split_off_the_same_however_the_tags_are_cut(text: str, cuts: list[int]) -> None:
    assert split(pieces_of(text, cuts)) == split(list(text))


def test_thinking_is_split_off_only_at_the_start() -> None:
    assert split(["<think>\nwhy</think>\n\nbecause"]) == ("why", "because")
    assert split(["\n<th", "ink>why", "</think>", "because"]) == ("why", "because")
    assert split(["say <think>no</think>"]) == ("", "say <think>no</think>")
    assert split(["<thinker> is a word"]) == ("", "<thinker> is a word")


def test_text_held_back_for_a_tag_is_not_lost() -> None:
    assembly = Assembly("openai-chat")

    assert assembly.text("<thi") == []
    assert assembly.flush() == [TextDelta("<thi")]


def test_thinking_carries_its_origin() -> None:
    assembly = Assembly("openai-chat")

    assert assembly.text("<think>why</think>so") == [ThinkingDelta("why", origin="openai-chat"), TextDelta("so")]


def test_a_whole_text_with_an_open_tag_stays_text() -> None:
    assembly = Assembly("openai-chat")

    assert assembly.whole_text("<think>never closed") == [TextDelta("<think>never closed")]
