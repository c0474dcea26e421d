"""The tokeniser is told by the model's name; what a text consists of, by a sample."""

from __future__ import annotations

import pytest
from tiktoken.model import MODEL_PREFIX_TO_ENCODING, MODEL_TO_ENCODING

from hawkmoth_tui.catalog.families import Family, Script, correction, family_of, script_of

CHAT = {
    name: encoding
    for name, encoding in (*MODEL_TO_ENCODING.items(), *MODEL_PREFIX_TO_ENCODING.items())
    if name.startswith(("gpt-3", "gpt-4", "gpt-5", "gpt-oss", "o1", "o3", "o4", "chatgpt", "ft:gpt"))
}


@pytest.mark.parametrize(("name", "encoding"), CHAT.items())
def test_a_model_is_exact_where_tiktoken_knows_it_by_o200k(name: str, encoding: str) -> None:
    family = family_of(name if not name.endswith("-") else f"{name}2026")

    assert family is (Family.OPENAI if encoding.startswith("o200k") else Family.OPENAI_EARLIER)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("gpt-6-luna", Family.OPENAI_LATER),
        ("openai/gpt-4.1-mini", Family.OPENAI),
        ("openai/gpt-oss-120b", Family.OPENAI),
        ("gpt-oss:20b", Family.OPENAI),
        ("acme/gpt-4o-clone", Family.OTHER),
        ("claude-3-5-sonnet-20241022", Family.CLAUDE_EARLIER),
        ("claude-sonnet-4-20250514", Family.CLAUDE_EARLIER),
        ("claude-opus-4-6", Family.CLAUDE_EARLIER),
        ("claude-opus-4-7", Family.CLAUDE),
        ("anthropic/claude-opus-5.5", Family.CLAUDE),
        ("claude-next", Family.CLAUDE),
        ("meta-llama/Llama-3.3-70B-Instruct-Turbo", Family.LLAMA),
        ("deepseek-r1-distill-llama-70b", Family.LLAMA),
        ("DeepSeek-R1-Distill-Qwen-7B", Family.QWEN),
        ("Qwen/Qwen3.8-Flash", Family.QWEN),
        ("deepseek-chat", Family.DEEPSEEK),
        ("codestral-2508", Family.MISTRAL),
        ("ollama-thing", Family.OTHER),
        ("", Family.OTHER),
    ],
)
def test_a_name_tells_the_family(name: str, family: Family) -> None:
    assert family_of(name) is family


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", Script.LATIN),
        ("Hello, world", Script.LATIN),
        ("for i in range(10): print(i)", Script.LATIN),
        ("Müller grüßt naïve Gäste", Script.LATIN),
        ("[1.25, 33, 4711, 0.5]", Script.DIGITS),
        ("漢字かな交じり文", Script.EAST_ASIAN),
        ("한국어 문장 with a word", Script.EAST_ASIAN),
        ("Привет, мир", Script.FOREIGN),
        ("नमस्ते दुनिया", Script.FOREIGN),
        ("word " * 50_000 + "漢字", Script.LATIN),
    ],
)
def test_a_text_tells_its_script(text: str, script: Script) -> None:
    assert script_of(text) is script


def test_a_text_of_another_script_corrects_the_family_but_never_an_exact_one() -> None:
    assert correction(Family.DEEPSEEK, "漢字かな交じり文") < 1 < correction(Family.QWEN, "Привет, мир")
    assert correction(Family.QWEN, "plain words") == 1
    assert {correction(Family.OPENAI, text) for text in ("漢字", "Привет", "1234")} == {1}
