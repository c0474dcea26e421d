"""Guesses about models that nobody described."""

from __future__ import annotations

import pytest

from hawkmoth_tui.catalog.discovery import LOCAL_SERVERS
from hawkmoth_tui.catalog.lanes import holds_conversations, quality_by_size
from hawkmoth_tui.catalog.places import is_loopback


@pytest.mark.parametrize(
    ("name", "quality"),
    [
        ("qwen2.5:0.5b", 0.25),
        ("llama3.2:3b", 0.36),
        ("llama3.1:8b-instruct-q4_K_M", 0.46),
        ("phi-4-14B", 0.54),
        ("Qwen/Qwen3-32B-AWQ", 0.62),
        ("llama-3.3-70b", 0.66),
        ("gpt-oss:120b", 0.70),
        ("mistral", None),
        ("qwen3", None),
        ("bert-v2build", None),
    ],
)
def test_size_in_the_name_gives_a_prior(name: str, quality: float | None) -> None:
    assert quality_by_size(name) == quality


@pytest.mark.parametrize(
    "name", ["text-embedding-3-small", "bge-m3", "whisper-1", "dall-e-3", "tts-1-hd", "mistral-ocr-latest"]
)
def test_other_trades_hold_no_conversations(name: str) -> None:
    assert not holds_conversations(name)


@pytest.mark.parametrize(
    "name", ["gpt-6-luna", "claude-opus-5-5", "qwen3:8b", "deepseek-ai/DeepSeek-V4.1-Flash", "llama-3.1-8b-instant"]
)
def test_chat_models_do(name: str) -> None:
    assert holds_conversations(name)


def test_local_servers_are_looked_for_on_this_machine_only() -> None:
    assert {server.name for server in LOCAL_SERVERS} == {"ollama", "llamacpp", "vllm", "lmstudio"}
    assert all(is_loopback(server.base_url) for server in LOCAL_SERVERS)
