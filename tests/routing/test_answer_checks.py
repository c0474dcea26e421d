"""What an answer shows of its own fault, and what only looks so."""

from __future__ import annotations

import pytest

from hawkmoth_tui.core.escalation import Trigger
from hawkmoth_tui.routing.answer_checks import fault
from hawkmoth_tui.routing.live_data import needs_live_data

FAULTS = [
    ("hi", "I'm sorry, but I can't help with that.", Trigger.REFUSED),
    ("hi", "I cannot assist with this request. Please try something else.", Trigger.REFUSED),
    ("hi", "Sorry, I am unable to provide that information.", Trigger.REFUSED),
    ("news?", "I don't have access to real-time information, so I cannot say.", Trigger.NO_ACCESS),
    ("news?", "I cannot browse the internet. You could look at a news site.", Trigger.NO_ACCESS),
    ("news?", "The last I know is from 2023. My knowledge cutoff keeps me from more.", Trigger.NO_ACCESS),
    ("Reply with JSON only: a list of fruits", "Here you are: apple, pear", Trigger.BAD_JSON),
    ("Return valid JSON", '```json\n{"a": 1,}\n```', Trigger.BAD_JSON),
    ("write f", "```python\ndef f(:\n    pass\n```", Trigger.BAD_CODE),
]
SOUND = [
    ("hi", "Please don't hesitate to ask. I cannot wait to see it!"),
    ("hi", "The model said \"I'm sorry, but I can't help with that.\" That is a refusal."),
    ("hi", "I can't help but smile at this idea. " + "It is a fine plan with many good sides. " * 30),
    ("how do I say no?", "You could write:\n> I cannot help with that."),
    ("hi", "You cannot access the internet from that sandbox; open port 443 first."),
    ("hi", "Current information about the train stands on the board."),
    ("Reply with JSON only", '{"fruits": ["apple"]}'),
    ("Reply with JSON only", '```json\n{"fruits": ["apple"]}\n```'),
    ("What is JSON?", "A format for data."),
    ("install it", "```python\npip install numpy\n```"),
    ("write f", "```python\ndef f():\n    ...\n```"),
    ("write f", "```rust\nfn f( {\n```"),
    ("hi", ""),
]


@pytest.mark.parametrize(("prompt", "answer", "trigger"), FAULTS)
def test_a_fault_is_seen_with_the_words_that_show_it(prompt: str, answer: str, trigger: Trigger) -> None:
    found = fault(prompt, answer)

    assert found is not None
    assert found.trigger is trigger
    assert found.evidence


@pytest.mark.parametrize(("prompt", "answer"), SOUND)
def test_a_phrase_alone_is_no_fault(prompt: str, answer: str) -> None:
    assert fault(prompt, answer) is None


@pytest.mark.parametrize(
    ("prompt", "is_live"),
    [
        ("what's the weather in Oslo today?", True),
        ("current price of bitcoin", True),
        ("latest news about the election", True),
        ("search the web for cheap flights", True),
        ("write a weather app that shows today's forecast", False),
        ("explain how stock prices are made today", False),
        ("what is the current of a river?", False),
        ("who wrote the news of the world?", False),
    ],
)
def test_live_data_is_needed_only_where_now_is_asked_about(prompt: str, is_live: bool) -> None:
    assert needs_live_data(prompt) is is_live
