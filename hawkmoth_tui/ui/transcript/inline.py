"""Inline Markdown as spans: emphasis, code, links and images by markdown-it, loaded when the first text needs it.

Links show their target, images are never fetched, and HTML is shown as it was written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.lines import Span, clean, join_styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_BRACKETS = 100
"""Opening brackets in one piece of text above which none of them begins a link: looking for their ends takes quadratic time."""

_MARKUP = re.compile(r"[\\`*_~\[<&]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STYLES = {"strong": "strong", "em": "em", "s": "strike", "link": "link"}


def inline(text: str) -> tuple[Span, ...]:
    """The text's spans; newlines stay in them as line breaks."""
    if _MARKUP.search(text) is None:
        return ((text, ""),) if text else ()
    tokens = _parser(has_links=text.count("[") <= MOST_BRACKETS).parseInline(text, {})[0].children or []
    return tuple(_Spans().read(tokens))


@cache
def _parser(*, has_links: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("strikethrough")
    return parser if has_links else parser.disable(["link", "image"])


class _Spans:
    """Reads one run of tokens."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._open: list[str] = []
        """Style words of what is open, inside out."""
        self._links: list[tuple[str, int]] = []
        """Target of every open link, and how many spans stood before it."""

    def read(self, tokens: Sequence[Token]) -> list[Span]:
        for token in tokens:
            if token.nesting > 0:
                self._enter(token)
            elif token.nesting < 0:
                self._leave(token)
            else:
                self._take(token)
        return self._spans

    def _take(self, token: Token) -> None:
        match token.type:
            case "softbreak" | "hardbreak":
                self._add("\n")
            case "code_inline":
                self._add(token.content, "literal")
            case "image":
                self._add(f"[image: {token.content} → {token.attrGet('src')}]", "dim")
            case "html_inline" if _BREAK.fullmatch(token.content):
                self._add("\n")
            case _:
                self._add(token.content)

    def _add(self, text: str, style: str = "") -> None:
        """Text is mapped again: entities and percent signs may have hidden a control character."""
        if text:
            self._spans.append((clean(text), join_styles(" ".join(self._open), style)))

    def _enter(self, token: Token) -> None:
        kind = token.type.removesuffix("_open")
        self._open.append(_STYLES[kind])
        if kind == "link":
            self._links.append((str(token.attrGet("href") or ""), len(self._spans)))

    def _leave(self, token: Token) -> None:
        self._open.pop()
        if token.type == "link_close":
            target, start = self._links.pop()
            words = "".join(text for text, _ in self._spans[start:])
            if target and target.removeprefix("mailto:") != words:
                self._add(f" ({target})", "dim")
