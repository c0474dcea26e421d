"""What a model gets to read."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.messages import Image, Message, Part, Role, Text, Thinking, ToolCall, ToolResult, user
from hawkmoth_tui.core.models import Capability, Model, ModelRef
from hawkmoth_tui.core.turn import Attempt, Turn, TurnKind, TurnState
from hawkmoth_tui.engine.context import Context, assemble, fit, turn_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MODEL = Model(ModelRef("lab", "small"), context_tokens=1000)
PICTURE = Image("image/png", b"\x89PNG", "chart.png")


def words(messages: Iterable[Message]) -> int:
    return sum(4 + len(message.text.split()) for message in messages)


def size(turn: Turn) -> int:
    return turn_tokens(turn, words)


def past_turns(context: Context) -> int:
    return sum(message.role is Role.USER for message in context.messages) - 1


def turn(number: int, question: str, *answer: Part, state: TurnState = TurnState.DONE) -> Turn:
    return Turn(f"t{number}", "s", None, TurnKind.PROMPT, user(question), number, state=state, answer=answer)


def test_keeps_the_whole_branch_when_it_fits() -> None:
    past = [turn(2, "and then?", Text("more")), turn(1, "first", Text("one"))]

    context = assemble(past, user("last"), MODEL, "openai-chat", system="", room_tokens=100, count=words, tokens=size)

    assert [message.text for message in context.messages] == ["first", "one", "and then?", "more", "last"]
    assert context.is_whole
    assert context.notices == ()


def test_leaves_out_whole_turns_oldest_first_and_says_so() -> None:
    past = [turn(n, f"question {n}", Text("word " * 300)) for n in (4, 3, 2, 1)]

    context = assemble(past, user("last"), MODEL, "openai-chat", system="", room_tokens=300, count=words, tokens=size)

    assert [message.text for message in context.messages if message.role is Role.USER] == [
        "question 3",
        "question 4",
        "last",
    ]
    assert not context.is_whole
    assert context.notices == ("only the last 2 turns are sent: no more fit the window of lab/small (1,000 tokens)",)


def test_turns_that_do_not_fit_are_not_even_read() -> None:
    read: list[int] = []

    def past() -> Iterator[Turn]:
        for number in range(10_000, 0, -1):
            read.append(number)
            yield turn(number, "q", Text("word " * 100))

    context = assemble(past(), user("last"), MODEL, "openai-chat", system="", room_tokens=300, count=words, tokens=size)

    assert len(read) == past_turns(context) + 1


def test_a_turn_that_is_too_long_for_the_window_is_said_to_be_left_out() -> None:
    past = [turn(1, "huge", Text("word " * 2000))]

    context = assemble(past, user("last"), MODEL, "openai-chat", system="", room_tokens=100, count=words, tokens=size)

    assert context.notices == ("no earlier turn is sent: none fits the window of lab/small (1,000 tokens)",)


def test_a_turn_left_out_takes_everything_before_it_along() -> None:
    past = [turn(3, "new", Text("small")), turn(2, "huge", Text("word " * 2000)), turn(1, "old", Text("small"))]

    context = assemble(past, user("last"), MODEL, "openai-chat", system="", room_tokens=100, count=words, tokens=size)

    assert [message.text for message in context.messages] == ["new", "small", "last"]


def test_an_unknown_window_takes_everything() -> None:
    past = [turn(n, "q", Text("word " * 5000)) for n in range(10)]

    context = assemble(
        past,
        user("x"),
        replace(MODEL, context_tokens=None),
        "ollama",
        system="",
        room_tokens=9,
        count=words,
        tokens=size,
    )

    assert context.is_whole


def test_turns_without_an_answer_are_not_sent_again() -> None:
    past = [
        turn(3, "cut", Text("half"), state=TurnState.INTERRUPTED),
        turn(2, "failed", state=TurnState.FAILED),
        turn(1, "only thought", Thinking("hm"), state=TurnState.CANCELLED),
    ]

    context = assemble(past, user("now"), MODEL, "openai-chat", system="", room_tokens=9, count=words, tokens=size)

    assert [message.text for message in context.messages] == ["cut", "half", "now"]


def test_a_call_nobody_made_gets_a_result_so_that_servers_accept_it() -> None:
    past = [turn(1, "look it up", ToolCall("c1", "search", "{}"))]

    context = assemble(past, user("well?"), MODEL, "openai-chat", system="", room_tokens=9, count=words, tokens=size)

    roles = [message.role for message in context.messages]
    assert roles == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER]
    assert isinstance(context.messages[2].parts[0], ToolResult)


def test_pictures_for_a_model_without_eyes_become_words() -> None:
    messages, notices = fit([user("what is this?", PICTURE)], MODEL, "openai-chat")

    assert not any(isinstance(part, Image) for part in messages[0].parts)
    assert "chart.png" in messages[0].text
    assert notices == ("1 image was not sent: lab/small reads text only",)


def test_pictures_stay_for_a_model_that_sees() -> None:
    seeing = replace(MODEL, capabilities=frozenset({Capability.VISION}))

    messages, notices = fit([user("what is this?", PICTURE)], seeing, "openai-chat")

    assert PICTURE in messages[0].parts
    assert notices == ()


@pytest.mark.parametrize("target", ["openai-chat", "anthropic-messages", "ollama"])
def test_foreign_reasoning_is_dropped_with_a_notice(target: str) -> None:
    thought = Thinking("secret", signature="sig", origin="other-protocol")
    answer = Message(Role.ASSISTANT, (thought, Text("yes")))

    messages, notices = fit([user("q"), answer, user("r")], MODEL, target)

    assert all(not isinstance(part, Thinking) for message in messages for part in message.parts)
    assert notices == ("reasoning of another provider was not sent to lab/small",)


def test_what_the_past_loses_is_said_once_for_a_switch_and_what_the_prompt_loses_each_time() -> None:
    asked = Message(Role.USER, (Text("what is this?"), PICTURE))
    thought = replace(turn(1, "q", Thinking("hm", origin="anthropic-messages"), Text("yes")), prompt=asked)
    answered = replace(turn(2, "r", Text("and so on")), attempts=(Attempt("a", MODEL.ref, 0),))

    def notices(past: list[Turn], prompt: Message) -> tuple[str, ...]:
        return assemble(past, prompt, MODEL, "openai-chat", system="", room_tokens=9, count=words, tokens=size).notices

    lost = ("1 image was not sent: lab/small reads text only",)
    assert notices([thought], user("s")) == (*lost, "reasoning of another provider was not sent to lab/small")
    assert notices([answered, thought], user("s")) == ()
    assert notices([answered, thought], asked) == lost


def test_sealed_reasoning_goes_back_inside_a_tool_loop_of_its_own_protocol() -> None:
    thought = Thinking("plan", signature="sig", origin="anthropic-messages")
    loop = Message(Role.ASSISTANT, (thought, ToolCall("c", "f", "{}")))
    plain = Message(Role.ASSISTANT, (thought, Text("done")))

    in_loop, _ = fit([user("q"), loop], MODEL, "anthropic-messages")
    outside, notices = fit([user("q"), plain], MODEL, "anthropic-messages")

    assert thought in in_loop[1].parts
    assert thought not in outside[1].parts
    assert notices == ()


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=12),
    st.integers(50, 2000),
    st.integers(1, 900),
)
def test_what_is_sent_fits_the_window_and_alternates(sizes: list[tuple[int, int]], window: int, room: int) -> None:
    past = [turn(n, "q " * (q + 1), Text("a " * (a + 1))) for n, (q, a) in enumerate(sizes)]
    model = replace(MODEL, context_tokens=window)

    context = assemble(
        past, user("last"), model, "openai-chat", system="be brief", room_tokens=room, count=words, tokens=size
    )

    history = sum(size(one) for one in past[: past_turns(context)])
    roles = [message.role for message in context.messages]
    assert history == 0 or context.tokens + min(room, window // 2) <= window
    assert all(a is not b for a, b in pairwise(roles))
    assert context.messages[-1].text == "last"
