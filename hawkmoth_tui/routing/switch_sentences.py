"""One prompt in which models may be named: what is named at a place, what stands behind it, where sentences end. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.switching import Scope
from hawkmoth_tui.routing import switch_words as say
from hawkmoth_tui.routing.plain_words import plain_words, words

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.switching import Wish
    from hawkmoth_tui.routing.naming import Names
    from hawkmoth_tui.routing.plain_words import Plain

_COMMON = words("opus sonnet haiku llama gemini mistral fable luna sol terra astra command nova mercury")
"""Names that are everyday words."""
_ARTICLE = re.compile(r"(?:(?:the )?model (?:called |named )?|the |@ )")


@dataclass(frozen=True, slots=True)
class Object:
    """What is asked for, and where its name ends in the plain text."""

    models: tuple[ModelRef, ...]
    wish: Wish | None
    end: int
    is_common: bool


class Sentences:
    """A prompt, read by places in its plain text."""

    def __init__(self, prompt: str, names: Names) -> None:
        self.prompt = prompt
        self.plain: Plain = plain_words(prompt)
        self.text = self.plain.text
        self._names = names

    def object(self, at: int, *, is_lax: bool = False) -> Object | None:
        """The model that is named from here on, or wished for."""
        for wish, pattern in say.WISHES:
            wished = pattern.match(self.text, at)
            if wished:
                return Object((), wish, wished.end(), False)
        if (any_of := say.ANY.match(self.text, at)) is not None:
            target = self.object(any_of.end())
            return (
                target
                if target and target.wish is None and say.MODEL.search(self.text[: target.end], any_of.end())
                else None
            )
        article = _ARTICLE.match(self.text, at)
        begin = article.end() if article else at
        first = self.plain.index(begin)
        words = self.plain.words
        if first >= len(words) or words[first].at != begin or (named := self._names.read(words, first)) is None:
            return None
        last = words[first + named.count - 1]
        end = last.at + len(last.text)
        noun = say.MODEL.match(self.text, end)
        is_a_thing = article is not None and article[0] == "the " and named.count == 1 and not is_lax
        if noun is None and (named.is_weak or is_a_thing):
            return None
        end = noun.end() if noun else end
        models = named.models
        if (of := say.FROM.match(self.text, end)) and (
            where := self._names.provider(words, self.plain.index(of.end()))
        ):
            narrowed = tuple(ref for ref in models if ref.provider.lower() == where)
            if narrowed:
                models, end = narrowed, of.end() + len(where)
        return Object(models, None, end, named.count == 1 and last.text in _COMMON)

    def tail(self, at: int) -> tuple[Scope | None, int, bool]:
        """Scope and politeness behind a name, where they end, and whether the model is to be the default."""
        scope: Scope | None = None
        is_default = False
        while True:
            at_word = at + 1 if self.text.startswith(" ", at) else at
            if (other := say.INSTEAD_OF.match(self.text, at_word)) and (left := self.object(other.end())):
                at = left.end
                continue
            comma = re.compile(r", ").match(self.text, at_word)
            places = (at_word, comma.end()) if comma else (at_word,)
            for place in places:
                found = next(((s, m) for s, p in say.SCOPES if (m := p.match(self.text, place))), None)
                filler = say.FILLER.match(self.text, place)
                if found:
                    scope, at = longer(scope, found[0]), found[1].end()
                    break
                if filler:
                    at = filler.end()
                    break
            else:
                if (default := say.DEFAULT.match(self.text, at)) is not None and default.end() > at:
                    is_default, at = True, default.end()
                    continue
                return scope, at, is_default

    def leading_scope(self, at: int) -> tuple[Scope | None, int]:
        for scope, pattern in say.SCOPES:
            found = pattern.match(self.text, at)
            if found:
                comma = re.compile(r"(?: ?, ?| )").match(self.text, found.end())
                inner, end = self.leading_scope(comma.end() if comma else found.end())
                return longer(scope, inner), end
        only = re.compile(r"only ").match(self.text, at)
        return None, only.end() if only else at

    def after(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self.text, at)
        return found.end() if found else at

    def sign(self, at: int) -> str:
        return self.text[at:].lstrip(" ")[:1] if at < len(self.text) else ""

    def is_over(self, at: int) -> bool:
        """Whether the sentence ends here."""
        return at >= len(self.text) or self.sign(at) in (".", "!", "?", ";", "\n", ")")

    def closes(self, at: int) -> bool:
        """Whether nothing but signs follows."""
        return not self.text[at:].strip(" .!)\n")

    def word(self, number: int) -> str:
        return self.plain.words[number].text if number < len(self.plain.words) else ""


def longer(first: Scope | None, second: Scope | None) -> Scope | None:
    """The one that was said; of two "always" wins, else the first."""
    return second if first is None or second is Scope.ALWAYS else first
