"""Whether a prompt asks for another model, which, for how long, and what is left of it to answer. Pure.

A name alone means nothing: it switches only as the object of a request at the beginning of a sentence, or behind the last comma, with
nothing behind it that would make it a thing that is talked about. What is quoted, written as code, reported, denied or asked about
switches nothing; where a prompt could mean something else, it is left as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.switching import Asked, Scope, Wish
from hawkmoth_tui.routing import switch_words as say
from hawkmoth_tui.routing.switch_requests import Requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hawkmoth_tui.routing.naming import Names
    from hawkmoth_tui.routing.switch_requests import Found

HEAD_CHARS = 1_200
TAIL_CHARS = 500
"""Of a longer prompt only its two ends are looked at: what stands between them is material."""
SHORT_CHARS = 600
"""In a longer prompt a sentence in the middle asks for nothing."""

_ENDS = frozenset(".!?;\n")


def asked(prompt: str, names: Names) -> Asked | None:
    """What the prompt asks for beside an answer. None: no other model."""
    if len(prompt) <= HEAD_CHARS + TAIL_CHARS:
        return _asked(prompt, names, 0, is_whole=True)
    cut = max(prompt.rfind(end, 0, HEAD_CHARS) for end in ".\n!?") + 1 or HEAD_CHARS
    if found := _asked(prompt[:cut], names, 0, is_whole=False):
        return replace(found, question=(found.question + prompt[cut:]).strip())
    start = len(prompt) - TAIL_CHARS
    if prompt.count("```", 0, start) % 2:
        return None
    start += max(prompt[start:].find("\n"), 0)
    found = _asked(prompt[start:], names, 1, is_whole=False)
    return replace(found, question=f"{prompt[:start].rstrip()}\n{found.question}".strip()) if found else None


def _asked(prompt: str, names: Names, first: int, *, is_whole: bool) -> Asked | None:
    reader = _Reader(prompt, names)
    found = reader.find(first, is_whole=is_whole)
    return reader.told(found) if found else None


class _Reader(Requests):
    """One prompt being read."""

    def find(self, first: int, *, is_whole: bool) -> Found | None:
        clauses = list(self._clauses())
        for number, (begin, end) in enumerate(clauses):
            is_edge = number == 0 or number == len(clauses) - 1
            if number < first or self._is_presented(begin) or not (is_edge or len(self.prompt) <= SHORT_CHARS):
                continue
            found = self.directive(begin, is_first=number == 0 and is_whole)
            if found is None and number == len(clauses) - 1:
                found = self.behind(begin, end)
            if found is not None and not self._is_somebody(found, begin):
                return found
        return None

    def _is_somebody(self, found: Found, begin: int) -> bool:
        """Whether an earlier sentence says that the name is that of a person or an animal."""
        name = self.text[: found.target.end].rpartition(" ")[2]
        told = (
            rf"\b(?:called|named|name is|(?:my|our|his|her) \w+) {re.escape(name)}\b"
            rf"|\b{re.escape(name)}(?: is|'s| was) (?:my|our|a|an|the|his|her) "
        )
        return re.search(told, self.text[:begin]) is not None

    def told(self, found: Found) -> Asked:
        """The directive as a value, in the user's own words."""
        start, end = self.plain.span(found.begin, found.end)
        before = self.prompt[:start].rstrip(" ,(–—-")
        after = (
            self.prompt[self.plain.span(found.rest, found.rest + 1)[0] :]
            if found.rest is not None
            else self.prompt[end:]
        )
        if found.rest is None:
            after = after.lstrip(" .!?;:,)\t\r")
        if found.keeps:
            head = self.prompt[slice(*self.plain.span(*found.keeps))]
            after = f"{head}: {after}" if after.strip() else head
        question = (
            "\n".join(part for part in (before.strip(), after.strip()) if part)
            if "\n" in self.prompt
            else " ".join(part for part in (before.strip(), after.strip()) if part)
        )
        question = question if any(letter.isalnum() for letter in question) else ""
        if not question.strip(" .!?,;:()") or say.OPENING.fullmatch(question.lower().rstrip(" .!,") + " "):
            question = ""
        scope = found.scope or _usual_scope(found, question)
        wish = found.target.wish
        if wish is Wish.STRONGER and question:
            wish = Wish.BEST
        return Asked(self.prompt[start:end].strip(), scope, question, found.target.models, wish)

    def _clauses(self) -> Iterator[tuple[int, int]]:
        """Begin and end of each sentence in the plain text."""
        begin: int | None = None
        for word in self.plain.words:
            if word.text in _ENDS:
                if begin is not None and not self.text[begin : word.at].strip().isdigit():
                    yield begin, word.at
                    begin = None
                elif begin is not None:
                    begin = -1 - begin
            elif begin is None:
                begin = word.at
            elif begin < 0:
                begin = begin if word.text != "\n" else None
        if begin is not None and begin >= 0:
            yield begin, len(self.text)

    def _is_presented(self, begin: int) -> bool:
        """Whether an earlier line announces that what follows is somebody's text."""
        before = self.text[:begin].rstrip()
        lines = [line.strip(" .!?;") for line in re.split(r"[\n.!?;]", before)]
        return any(line.endswith(":") or say.PRESENTS.search(line) for line in lines)


def _usual_scope(found: Found, question: str) -> Scope:
    """What a directive means that does not say for how long: lasting when it is about switching or stands alone."""
    if found.kind in ("ask", "answer", "with", "turn") or found.target.wish is Wish.STRONGER:
        return Scope.TURN
    if found.kind in ("switch", "set", "talk", "whole"):
        return Scope.SESSION
    return Scope.TURN if question else Scope.SESSION
