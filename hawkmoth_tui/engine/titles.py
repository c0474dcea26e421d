"""A session's first title, made here from its first prompt: the first sentence that says something, cut where the words allow it, or the
names of what is attached where nothing was written.

No model is asked: a title costs nothing and needs no network.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line, visible
from hawkmoth_tui.engine.attachments import PASTED, attached_again

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hawkmoth_tui.core.messages import Part

TITLE_CHARACTERS = 60
READ_CHARACTERS = 4_000
"""Of the prompt; what stands later gives no title."""
LEAST_CHARACTERS = 25
"""A cut at a comma or a dash must leave so many."""

_FENCE = re.compile(r"^\s*(```|~~~)")
_ORNAMENT = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,3}[.)]\s+)+")
_END = re.compile(r"""[.!?…]+["'”’)\]]*(?=\s)|[。！？]""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|no|nr|fig|dr|mr|mrs|ms|st|approx|z\.B|bzw|ca)|\b[A-Za-z])\.$", re.IGNORECASE
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|hallo|moin|servus|bonjour|salut|hola|ciao|good (?:morning|day|evening)|thanks|thank you)"
    r"(?:[ ,]+(?:there|all|everyone|again|hawkmoth|zusammen))?[\s,.!:;–—-]*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey)(?: there)?[,!]?\s+)?(?:please\s+|(?:can|could|would|will) you (?:please )?)", re.IGNORECASE
)
_CLAUSE = re.compile(r"[,;:–—]\s|\s[-(]")


def title_of_prompt(text: str, attachments: Sequence[Part] = ()) -> str:
    """The title of a session that begins with this prompt; without a word in it, what is attached gives the title."""
    if (title := title_of(text)) or not attachments:
        return title
    first = attached_again(attachments[0])
    if first is None:
        return ""
    title = title_of(first.text) if first.name.startswith(PASTED) else _cut(one_line(first.name))
    return title if len(attachments) == 1 else f"{title} and {len(attachments) - 1} more"


def title_of(text: str) -> str:
    """At most 60 characters on one line; empty only for a prompt without words."""
    lines = list(_lines(text))
    sentence = next((sentence for line in lines for sentence in _sentences(line) if not _GREETING.match(sentence)), "")
    sentence = sentence or (lines[0] if lines else one_line(text, TITLE_CHARACTERS))
    bare = _OPENING.sub("", sentence)
    if bare and len(bare) < len(sentence) and " " in bare:
        sentence = bare[0].upper() + bare[1:].rstrip("?")
    return _cut(sentence.rstrip(" .:;,") or sentence)


def _lines(text: str) -> Iterator[str]:
    """Lines with words in them, prose before what stands in code fences, without their ornaments."""
    prose: list[str] = []
    fenced: list[str] = []
    is_fenced = False
    for line in visible(text[:READ_CHARACTERS]).splitlines():
        if _FENCE.match(line):
            is_fenced = not is_fenced
            continue
        words = " ".join(_ORNAMENT.sub("", line).split())
        if any(character.isalnum() for character in words):
            (fenced if is_fenced else prose).append(words)
    yield from islice((*prose, *fenced), 20)


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(line):
        if end.group().startswith(".") and _ABBREVIATION.search(line[start : end.end()]):
            continue
        yield line[start : end.end()].strip()
        start = end.end()
    if rest := line[start:].strip():
        yield rest


def _cut(sentence: str) -> str:
    """At the end of a clause if that leaves enough, else between words, else anywhere; `…` where words are missing."""
    if len(sentence) <= TITLE_CHARACTERS:
        return sentence
    room = sentence[:TITLE_CHARACTERS]
    clauses = [clause.start() for clause in _CLAUSE.finditer(room) if clause.start() >= LEAST_CHARACTERS]
    space = room.rfind(" ")
    end = clauses[-1] if clauses else space if space >= LEAST_CHARACTERS else TITLE_CHARACTERS - 1
    return sentence[:end].rstrip(" ,;:–—-(") + "…"
