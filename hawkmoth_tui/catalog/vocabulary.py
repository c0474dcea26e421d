"""The o200k_base vocabulary that ships with Hawkmoth, so that text is counted as OpenAI's models count it without asking anybody.

tiktoken does the counting; it never reads the file itself, because it would fetch a missing one from the network. Loading takes a third of
a second and holds the interpreter for part of it: call `load` in a thread, in an idle moment.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tiktoken import Encoding

FILE = Path(__file__).with_name("data") / "o200k_base.tiktoken"

SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
"""Of the file, as tiktoken 0.14.0 expects it (tiktoken_ext/openai_public.py)."""

SPECIAL_TOKENS = {"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018}

PATTERN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Where the encoding cuts a text before it looks for tokens (same source)."""

PIECE_CHARS = 65_536
"""Longest text given to tiktoken at once: it panics on a million blanks, and holds its caller up on a million equal letters."""

_SEAM = re.compile(r"(?<=\n)(?=[A-Za-z0-9])")
"""A place where `PATTERN` cuts whatever stands around it: nothing in it spans a line end and the letter or digit after it."""


class VocabularyUnusable(HawkmothError):
    """The shipped file is missing or changed, or tiktoken cannot be loaded. Counts are then estimates."""


class Vocabulary:
    """Counts the tokens of texts. May be used from several threads."""

    __slots__ = ("_encoding",)

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding

    def count(self, text: str) -> tuple[int, bool]:
        """The tokens of the text, and whether that is exact: one line of more than `PIECE_CHARS` is cut where it should not be."""
        total, is_exact = 0, True
        for piece, is_whole in pieces(text):
            total += len(self._encoding.encode_ordinary(piece))
            is_exact = is_exact and is_whole
        return total, is_exact


def pieces(text: str, longest: int = PIECE_CHARS) -> Iterator[tuple[str, bool]]:
    """The text in parts of at most so many characters, each with whether it ends where the encoding cuts anyway."""
    start = 0
    while len(text) - start > longest:
        seams = [found.start() for found in _SEAM.finditer(text, start + 1, start + longest + 1)]
        end = seams[-1] if seams else start + longest
        yield text[start:end], bool(seams)
        start = end
    yield text[start:], True


def problem(file: Path = FILE) -> str:
    """Why the file cannot be used, one line; empty when it can. Reads 3.6 MB."""
    try:
        _read(file)
    except VocabularyUnusable as unusable:
        return unusable.message
    return ""


def load(file: Path = FILE) -> Vocabulary:
    """The vocabulary, checked. Blocks for a third of a second. Raises VocabularyUnusable."""
    ranks = _ranks(_read(file))
    try:
        import tiktoken
    except ImportError as error:
        raise VocabularyUnusable(f"tiktoken cannot be loaded ({error})", "install Hawkmoth again") from error
    encoding = tiktoken.Encoding("o200k_base", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens=SPECIAL_TOKENS)
    ranks.clear()  # 30 MB that only decoding would need
    return Vocabulary(encoding)


def _read(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise VocabularyUnusable(f"{file} cannot be read ({error.strerror})", "install Hawkmoth again") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise VocabularyUnusable(f"{file} is not the file that was shipped", "install Hawkmoth again")
    return data


def _ranks(data: bytes) -> dict[bytes, int]:
    """Token to rank. A line is a token in base64, a blank and its rank."""
    from binascii import a2b_base64

    ranks = {}
    for line in data.splitlines():
        token, _, rank = line.partition(b" ")
        ranks[a2b_base64(token)] = int(rank)
    return ranks
