"""Token estimates by script, against counts of the o200k vocabulary taken once and written down here."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult, assistant, user
from hawkmoth_tui.routing.tokens import IMAGE_TOKENS, MESSAGE_TOKENS, estimate, estimate_messages

ROWS = json.dumps([{"id": number, "value": number / 7, "ok": True} for number in range(60)])
COUNTED = {
    "english": (
        "The old house stood at the end of the road, where the trees had grown so tall that nobody could see the windows any more.",
        27,
    ),
    "german": ("Heute ist das Wetter schön, und ich möchte im Park spazieren gehen.", 15),
    "chinese": ("人工智能正在改变我们的生活方式。今天天气很好,我想去公园散步。", 21),
    "japanese": ("人工知能は私たちの生活を変えています。今日は天気がいいので、公園を散歩したいと思います。", 30),
    "korean": ("인공지능은 우리의 생활 방식을 바꾸고 있습니다. 오늘은 날씨가 좋아서 공원에서 산책하고 싶습니다.", 29),
    "russian": ("Сегодня хорошая погода, и я хочу погулять в парке.", 16),
    "arabic": ("الطقس جميل اليوم وأريد أن أتمشى في الحديقة.", 15),
    "code": ("def total(items):\n    return sum(item.price * item.count for item in items if item.is_open)\n", 21),
    "numbers": (ROWS, 1365),
}


@pytest.mark.parametrize("name", COUNTED)
def test_the_estimate_is_near_the_count(name: str) -> None:
    text, counted = COUNTED[name]

    assert estimate(text) == pytest.approx(counted, rel=0.25)


def test_the_estimate_beats_a_quarter_of_the_characters() -> None:
    def error(guessed: float, counted: int) -> float:
        return abs(guessed / counted - 1)

    ours = sum(error(estimate(text), counted) for text, counted in COUNTED.values())
    quarter = sum(error(len(text) / 4, counted) for text, counted in COUNTED.values())

    assert ours < quarter / 3


def test_nothing_is_no_token() -> None:
    assert estimate("") == 0


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_at_least_a_token_and_hardly_more_than_its_bytes(text: str) -> None:
    assert 1 <= estimate(text) <= 2 * len(text.encode("utf-8", "surrogatepass")) + 1


def test_ten_megabytes_are_sampled_within_a_moment() -> None:
    text = "The quick brown fox, number 1234, jumps over the lazy dog.\n" * 180_000

    spent = []
    for _ in range(3):
        before = time.process_time()
        guessed = estimate(text)
        spent.append(time.process_time() - before)

    assert min(spent) < 0.1
    assert guessed == pytest.approx(estimate(text[:39_990]) * len(text) / 39_990, rel=0.02)


def test_a_request_counts_every_part_and_its_framing() -> None:
    call = ToolCall("1", "search", '{"query": "moths"}')
    messages = (
        user("What is this?", Image("image/png", b"")),
        Message(Role.ASSISTANT, (Thinking("Let me look"), Text("A hawk moth"), call)),
        Message(Role.TOOL, (ToolResult("1", "found it"),)),
        assistant("Done"),
    )

    parts = ("What is this?", "Let me look", "A hawk moth", "search", '{"query": "moths"}', "found it", "Done")
    framing = MESSAGE_TOKENS * (len(messages) + 2)
    assert estimate_messages(messages) == sum(map(estimate, parts)) + IMAGE_TOKENS + framing
    assert estimate_messages((), "Be brief") == estimate("Be brief") + MESSAGE_TOKENS
    assert estimate_messages(()) == 0
