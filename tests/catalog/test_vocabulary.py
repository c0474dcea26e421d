"""The shipped file is the one tiktoken expects, and counts by it are tiktoken's own, with nobody asked."""

from __future__ import annotations

import hashlib
import importlib
import inspect
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.catalog import vocabulary
from hawkmoth_tui.catalog.vocabulary import FILE, SHA256, VocabularyUnusable, pieces

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from tiktoken import Encoding

    from hawkmoth_tui.catalog.vocabulary import Vocabulary

SAMPLES = (
    "",
    "hello world",
    "It's the engineers' — naïve, déjà-vu — résumé.\r\n\r\n\tTabs  and   blanks   ",
    "def count(text: str) -> int:\n    return len(text.split())  # 12345678.90\n" * 40,
    '{"a": [1.25, -3e-7, 1234567], "b": null, "path": "C:\\\\x\\\\y"}',
    "2026-11-20T12:00:00Z deadbeefcafe 0x7fff5fbff8c0",
    "漢字かな交じり文と한국어 문장, 中文句子。",
    "Съешь ещё этих мягких французских булок. مرحبا بالعالم नमस्ते दुनिया ไทย",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ✨\u200b\ufeff\x00\x1b[31m",
    "<|endoftext|> is text here, <|endofprompt|> too",
    "a lone surrogate \ud800 in the middle",
    ";\n\n//\nx\n/ y\n",
)


def openai_public() -> ModuleType:
    """Where tiktoken describes its encodings; it has no types."""
    return importlib.import_module("tiktoken_ext.openai_public")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Encoding:
    """tiktoken's own encoding, the file put where it looks first."""
    import tiktoken

    folder = tmp_path_factory.mktemp("tiktoken")
    address = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
    (folder / hashlib.sha1(address.encode()).hexdigest()).write_bytes(FILE.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
        return tiktoken.Encoding(**openai_public().o200k_base())


def test_the_file_is_the_one_tiktoken_expects() -> None:
    assert f'expected_hash="{SHA256}"' in inspect.getsource(openai_public().o200k_base)
    assert vocabulary.problem() == ""


def test_its_licence_stands_beside_it() -> None:
    notice = FILE.with_suffix(".LICENSE").read_text(encoding="utf-8")

    assert SHA256 in notice
    assert "Copyright (c) 2022 OpenAI" in notice
    assert "Permission is hereby granted, free of charge" in notice


@pytest.mark.parametrize("text", SAMPLES, ids=range(len(SAMPLES)))
def test_a_count_is_that_of_tiktoken(shipped: Vocabulary, theirs: Encoding, text: str) -> None:
    assert shipped.count(text) == (len(theirs.encode_ordinary(text)), True)


@given(text=st.text(max_size=300))
def test_any_count_is_that_of_tiktoken(shipped: Vocabulary, theirs: Encoding, text: str) -> None:
    assert shipped.count(text) == (len(theirs.encode_ordinary(text)), True)


@given(
    lines=st.lists(st.text("ab 1/;.\n\r\t'é漢", max_size=12), max_size=30),
    longest=st.integers(min_value=2, max_value=40),
)
def test_a_text_cut_into_pieces_counts_as_the_whole(theirs: Encoding, lines: list[str], longest: int) -> None:
    text = "\n".join(lines)

    parts = list(pieces(text, longest))

    assert "".join(part for part, _ in parts) == text
    assert all(len(part) <= longest for part, _ in parts)
    if all(is_whole for _, is_whole in parts):
        assert sum(len(theirs.encode_ordinary(part)) for part, _ in parts) == len(theirs.encode_ordinary(text))


def test_a_long_text_of_lines_is_counted_exactly(shipped: Vocabulary, theirs: Encoding) -> None:
    text = "Words of a line, and 1234 things.\n  indented = True\n\nNext\n" * 4_000

    assert shipped.count(text) == (len(theirs.encode_ordinary(text)), True)


@pytest.mark.parametrize("letter", [" ", "a", "\n", "-"])
def test_a_million_equal_characters_are_counted_roughly_and_at_once(shipped: Vocabulary, letter: str) -> None:
    tokens, is_exact = shipped.count(letter * 1_000_000)

    assert tokens > 1_000
    assert not is_exact


@pytest.mark.parametrize("damage", ["missing", "cut", "changed"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "o200k_base.tiktoken"
    whole = FILE.read_bytes()
    if damage != "missing":
        file.write_bytes(whole[:-100] if damage == "cut" else whole.replace(b" 199997", b" 199998", 1))

    with pytest.raises(VocabularyUnusable):
        vocabulary.load(file)

    assert str(file) in vocabulary.problem(file)
    assert "\n" not in vocabulary.problem(file)
