"""Which tokeniser a model has, as far as its name tells, and how its counts compare with those of o200k.

Only OpenAI publishes its tokenisers. For everybody else a count by o200k is multiplied: by the family's factor, and where a text is mostly
digits or not Latin, by a second one. Both are priors; what providers report teaches better ones (`counting.learned`).
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Family(Enum):
    """Models that count alike."""

    OPENAI = "openai"
    """Those that tiktoken 0.14.0 maps to o200k_base, gpt-oss included: counts of text are exact."""
    OPENAI_LATER = "openai later"
    """Newer than any published mapping."""
    OPENAI_EARLIER = "openai earlier"
    """GPT-3.5 and GPT-4 before 4o (cl100k_base)."""
    CLAUDE = "claude"
    """From 4.7 on."""
    CLAUDE_EARLIER = "claude earlier"
    LLAMA = "llama"
    QWEN = "qwen"
    DEEPSEEK = "deepseek"
    MISTRAL = "mistral"
    OTHER = "other"


class Script(Enum):
    """What a text mostly consists of, as far as tokenisers differ over it."""

    LATIN = "latin"
    """Latin letters and source code; also every text too short or mixed to tell."""
    DIGITS = "digits"
    EAST_ASIAN = "east asian"
    """Han, kana, Hangul."""
    FOREIGN = "foreign"
    """Every other script."""


FACTORS: Mapping[Family, float] = {
    Family.OPENAI: 1.0,
    Family.OPENAI_LATER: 1.0,
    Family.OPENAI_EARLIER: 1.0,
    Family.CLAUDE: 1.55,
    Family.CLAUDE_EARLIER: 1.2,
    Family.LLAMA: 1.0,
    Family.QWEN: 1.02,
    Family.DEEPSEEK: 1.06,
    Family.MISTRAL: 1.06,
    Family.OTHER: 1.0,
}
"""Tokens per o200k token over English, Markdown and code. Claude's are derived from third parties' counts and lie within 20 %."""

CORRECTIONS: Mapping[Script, Mapping[Family, float]] = {
    Script.LATIN: {},
    Script.DIGITS: {Family.QWEN: 1.25, Family.MISTRAL: 1.25, Family.CLAUDE_EARLIER: 0.8},
    Script.EAST_ASIAN: {
        Family.OPENAI_EARLIER: 1.45,
        Family.CLAUDE_EARLIER: 1.25,
        Family.LLAMA: 0.9,
        Family.QWEN: 0.85,
        Family.DEEPSEEK: 0.85,
        Family.MISTRAL: 0.95,
    },
    Script.FOREIGN: {
        Family.OPENAI_EARLIER: 2.2,
        Family.CLAUDE_EARLIER: 2.0,
        Family.LLAMA: 1.2,
        Family.QWEN: 1.4,
        Family.DEEPSEEK: 1.2,
        Family.MISTRAL: 1.05,
    },
}
"""On top of the factor; 1 where nothing is said. Rounded from short samples, so rough."""

SCRIPT_SHARE = 0.2
"""Share of a text's visible characters from which digits or a script decide, 0..1."""

SAMPLED_CHARS = 4_000
"""Characters from the beginning, the middle and the end of a text that are looked at."""

_NAMES: tuple[tuple[re.Pattern[str], Family], ...] = tuple(
    (re.compile(pattern), family)
    for pattern, family in (
        (r"distill?-llama", Family.LLAMA),
        (r"distill?-qwen", Family.QWEN),
        (r"(?:^|/)gpt-oss", Family.OPENAI),
        (r"^(?:openai/)?(?:ft:)?(?:gpt-(?:4o|4\.[15]|5)|o[134](?:-|$)|chatgpt-4o)", Family.OPENAI),
        (r"^(?:openai/)?(?:ft:)?(?:gpt-(?:3|4(?:-|:|$))|text-davinci|davinci-002|babbage-002)", Family.OPENAI_EARLIER),
        (r"^(?:openai/)?(?:ft:)?(?:gpt-\d|o\d|chatgpt)", Family.OPENAI_LATER),
        (r"(?<!o)llama", Family.LLAMA),
        (r"qwen|qwq|qvq", Family.QWEN),
        (r"deepseek", Family.DEEPSEEK),
        (r"mistral|mixtral|ministral|codestral|devstral|magistral|pixtral|voxtral", Family.MISTRAL),
    )
)
"""In the order in which they are tried: a distillate counts like the model it was poured into."""

_CLAUDE = re.compile(r"claude")
_VERSION = re.compile(r"(?<!\d)(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)")
_NEW_CLAUDE = (4, 7)
"""The version that brought the present tokeniser."""

_DIGIT = re.compile(r"[0-9]")
_EAST_ASIAN = re.compile(
    r"[\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u31f0-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_FOREIGN = re.compile(r"[\u0370-\u10ff\u1200-\u1dff]")
_VISIBLE = re.compile(r"\S")


def family_of(model_id: str) -> Family:
    """The family by the model's id as its provider writes it; `OTHER` when the name does not tell."""
    name = model_id.casefold()
    if _CLAUDE.search(name):
        return _claude(name)
    return next((family for pattern, family in _NAMES if pattern.search(name)), Family.OTHER)


@lru_cache(maxsize=1)
def script_of(text: str) -> Script:
    """The class of the text, by a sample of it. The last answer is kept: many models are asked about one prompt."""
    if len(text) > 3 * SAMPLED_CHARS:
        middle = len(text) // 2
        text = text[:SAMPLED_CHARS] + text[middle : middle + SAMPLED_CHARS] + text[-SAMPLED_CHARS:]
    least = max(1.0, SCRIPT_SHARE * len(_VISIBLE.findall(text)))
    counted = {
        Script.EAST_ASIAN: 0 if text.isascii() else len(_EAST_ASIAN.findall(text)),
        Script.FOREIGN: 0 if text.isascii() else len(_FOREIGN.findall(text)),
        Script.DIGITS: len(_DIGIT.findall(text)),
    }
    most = max(counted, key=lambda script: counted[script])
    return most if counted[most] >= least else Script.LATIN


def correction(family: Family, text: str) -> float:
    """What the factor of the family is multiplied by for this text."""
    return CORRECTIONS[script_of(text)].get(family, 1.0)


def _claude(name: str) -> Family:
    """By the version; one without any is taken for new."""
    found = _VERSION.search(name)
    version = (int(found[1]), int(found[2] or 0)) if found else _NEW_CLAUDE
    return Family.CLAUDE if version >= _NEW_CLAUDE else Family.CLAUDE_EARLIER
