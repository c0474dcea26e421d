"""The links in a piece of Markdown, with what they say and where they really go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

MOST_LINKS = 200
LONGEST_TARGET = 4_000
SCHEMES = ("http", "https")

_BARE = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]+")
_TRAILING = ".,;:!?*_~"


class Hyperlink(NamedTuple):
    """One link."""

    words: str
    """What the text shows; the target itself for a bare address."""
    target: str
    """Only what can be opened: http or https, printable ASCII."""
    host: str
    """The computer that is asked, in ASCII, with the port when one is named."""

    @property
    def is_disguised(self) -> bool:
        """Whether the words look like an address of another computer than the link's."""
        named = re.search(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})", self.words, re.IGNORECASE)
        return named is not None and named[1].lower().removeprefix("www.") not in self.host


def links_of(source: str) -> tuple[Hyperlink, ...]:
    """In the order of the text, each target once. What is not http or https, or names no computer, is left out."""
    found: dict[str, Hyperlink] = {}
    for words, target in _targets(source):
        link = link_to(words, target)
        if link is not None:
            found.setdefault(link.target, link)
        if len(found) >= MOST_LINKS:
            break
    return tuple(found.values())


def link_to(words: str, target: str) -> Hyperlink | None:
    """The link; None when it may not be opened."""
    if len(target) > LONGEST_TARGET or not target.isprintable() or " " in target:
        return None
    try:
        parts = urlsplit(target)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in SCHEMES or not host or not target.isascii():
        return None
    return Hyperlink(words or target, target, host + port)


def _targets(source: str) -> Iterator[tuple[str, str]]:
    """Words and target of everything that looks like a link."""
    from markdown_it import MarkdownIt

    for token in MarkdownIt("commonmark", {"maxNesting": 20}).parse(source):
        if token.children:
            yield from _inline(token.children)
        elif token.type in ("fence", "code_block"):
            yield from _bare(token.content)


def _inline(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    target = ""
    words: list[str] = []
    for token in tokens:
        match token.type:
            case "link_open":
                target, words = str(token.attrGet("href") or ""), []
            case "link_close":
                yield "".join(words), target
                target = ""
            case "image":
                yield token.content, str(token.attrGet("src") or "")
            case _ if target:
                words.append(token.content)
            case _:
                yield from _bare(token.content)


def _bare(text: str) -> Iterator[tuple[str, str]]:
    """Addresses that stand in the text as they are."""
    for found in _BARE.finditer(text):
        target = found[0].rstrip(_TRAILING)
        while target.endswith(")") and target.count("(") < target.count(")"):
            target = target[:-1].rstrip(_TRAILING)
        yield target, target
