"""Requests for a model inside one sentence: "use", "switch to", "ask", a name in front, a clause behind. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.switching import Scope, Wish
from hawkmoth_tui.routing import switch_words as say
from hawkmoth_tui.routing.plain_words import words
from hawkmoth_tui.routing.switch_sentences import Object, Sentences, longer

if TYPE_CHECKING:
    from collections.abc import Iterator

_POEMS = frozenset(("haiku", "sonnet"))
_CLEAR_VERBS = re.compile(
    r"(?:explain|summari[sz]e|translate|answer|describe|tell me|prove|solve|outline|proofread|rephrase|rewrite|review"
    r"|analy[sz]e|compare|write|draft)\b"
)
_MAKES = re.compile(
    r"\b(?:how|build|built|app|bot|chatbot|script|code|program|api|agent|pipeline|integrate|train|tune|use|using|works?|made|python|function|class"
    r"|experience|about|interview|conversation|wrong|problems?|tool)\b"
)
_NO = re.compile(r"(?:no|not|but|except|only not) \w")
_GENERIC = re.compile(
    r"(?:answer|respond|reply|do|handle|run|try|redo|retry|go|process|tackle|regenerate|repeat|work)\b"
)
_JOINT = re.compile(
    r" ?(?:(?P<to>to|and(?: then)?(?: please)?|& ) (?P<verb>[\w'-]+)|(?P<sign>[:,-]) ?(?:and |then |please )*(?P<rest>\S))"
)
_OPENERS = words("what what's why how who when where is are does do did can could which should would will was")


@dataclass(frozen=True, slots=True)
class Found:
    """A directive: its words and what is left of the prompt, as places in the plain text."""

    kind: str
    target: Object
    scope: Scope | None
    begin: int
    end: int
    rest: int | None
    """Where the question begins that is joined to it. None: the sentence ends here."""
    keeps: tuple[int, int] | None = None
    """Words before the name that are a part of the question."""


class Requests(Sentences):
    """Finds the request that begins or ends a sentence."""

    def directive(self, begin: int, *, is_first: bool) -> Found | None:
        """A directive that begins the sentence."""
        at = self.after(say.OPENING, begin)
        scope, at = self.leading_scope(at)
        if (denied := say.NOT_THAT.match(self.text, at)) and (other := self.object(denied.end())):
            if (but := say.BUT_THAT.match(self.text, other.end)) and (target := self.object(but.end())):
                return self._completed("use", begin, target, scope)
            return None
        if say.NOT.match(self.text, at):
            return None
        polite = say.POLITE.match(self.text, at)
        wants = polite is not None and polite[0].startswith("i")
        asks_leave = polite is not None and polite[0].startswith(("can i", "could i"))
        lead_at = polite.end() if polite else at
        if say.NOT.match(self.text, lead_at):
            return None
        inner, lead_at = self.leading_scope(lead_at)
        scope = longer(scope, Scope.ALWAYS if polite and " always " in polite[0] else inner)
        able = re.compile(r"(?:can|could|will|would|should) (?!you|we|i )").match(self.text, at)
        if able and (target := self.object(able.end())) and (does := say.DECIDES.match(self.text, target.end + 1)):
            end = does.end()
            rest = self.plain.index(end) + 1
            return None if self.is_over(end) else self._joined("ask", target, scope, begin, end, rest)
        for found in self._forms(begin, lead_at, scope, is_first=is_first, wants=wants):
            is_asked = found.rest is None and self.sign(found.end) == "?"
            if is_asked and polite is None and found.kind != "ask":
                return None
            if asks_leave and found.kind not in ("talk", "switch"):
                return None
            return found
        return None

    def _forms(self, begin: int, at: int, scope: Scope | None, *, is_first: bool, wants: bool) -> Iterator[Found]:
        for wish, pattern in say.WHOLE:
            whole = pattern.match(self.text, at) or pattern.match(self.text, begin)
            if whole and (found := self._completed("whole", begin, Object((), wish, whole.end(), False), scope)):
                yield found
        if (lead := say.ASK.match(self.text, at)) and (found := self._spoken_to(begin, lead.end(), scope)):
            yield found
        for kind, pattern in say.LEADS:
            lead = pattern.match(self.text, at)
            if lead is None or (target := self.object(lead.end(), is_lax=kind in ("switch", "set"))) is None:
                continue
            if kind == "with" and not self._asks_behind(target.end):
                continue
            if (
                kind == "set"
                and pattern.pattern.startswith("(?:make|set)")
                and not say.DEFAULT.match(self.text, target.end)
            ):
                continue
            is_default = "default" in lead[0]
            is_handed = say.HANDED.match(lead[0]) is not None
            usual = Scope.ALWAYS if is_default else Scope.TURN if is_handed else None
            found = self._completed(kind, begin, target, scope)
            if found is not None:
                found = replace(found, scope=found.scope or usual)
                if kind == "answer" and found.rest is None and self._is_poem(target, lead[0]):
                    continue
                keeps = kind == "answer" and not _GENERIC.match(self.text, at)
                yield replace(found, keeps=(at, self._before_preposition(at, lead.end()))) if keeps else found
        if wants and (target := self.object(at)) and (found := self._completed("use", begin, target, scope)):
            yield found
        if is_first and not _NO.match(self.text, begin):
            yield from self._vocative(begin, at, scope)

    def _asks_behind(self, at: int) -> bool:
        """Whether a question follows the name and its sign: behind a comma it must be plain that it is one."""
        end = self.tail(at)[1]
        sign = self.sign(end)
        number = self.plain.index(end) + (sign in (":", ","))
        number += self.word(number) == "please"
        return sign == ":" or self.word(number) in say.QUESTION_VERBS | _OPENERS

    def _is_poem(self, target: Object, lead: str) -> bool:
        """Whether an answer in verse could be meant."""
        return self.text[: target.end].rpartition(" ")[2] in _POEMS and lead.count(" ") < 3

    def _before_preposition(self, at: int, end: int) -> int:
        return at + len(self.text[at:end].rstrip().rpartition(" ")[0])

    def _spoken_to(self, begin: int, at: int, scope: Scope | None) -> Found | None:
        """Behind "ask" or "let": the model, then the question or nothing."""
        verb = self.text[:at].rstrip().rpartition(" ")[2]
        target = self.object(at)
        if target is None or target.wish is Wish.AUTO:
            return None
        inner, end, _ = self.tail(target.end)
        scope = scope or inner
        if self.is_over(end):
            is_alone = verb in ("ask", "aks", "askk", "query", "consult", "try", "to")
            return Found("ask", target, scope, begin, end, None) if is_alone else None
        after = re.compile(r" ?").match(self.text, end)
        at = after.end() if after else end
        sign = self.sign(end)
        if sign in (":", "-", ",") and verb not in ("tell", "want"):
            rest = self.plain.index(at) + 1
            return self._joined("ask", target, scope, begin, end, rest)
        follows = say.AFTER_ASK.match(self.text, at)
        if follows is None:
            return None
        if verb in ("ask", "aks", "askk", "query", "consult", "prompt", "quiz"):
            rest = self.plain.index(follows.end() if follows[0].startswith("to ") else at)
            return self._joined("ask", target, scope, begin, end, rest)
        if verb == "tell" or (verb == "want" and not follows[0].startswith("to ")):
            return None
        at = follows.end() if follows[0].startswith("to ") else at
        if (does := say.DECIDES.match(self.text, at)) is not None:
            inner, end, _ = self.tail(does.end())
            if self.is_over(end):
                return Found("ask", target, scope or inner, begin, end, None)
            return self._joined("ask", target, scope or inner, begin, end, self.plain.index(end) + 1)
        word = self.plain.words[self.plain.index(at)].text
        return (
            self._joined("ask", target, scope, begin, end, self.plain.index(at)) if word in say.QUESTION_VERBS else None
        )

    def _vocative(self, begin: int, at: int, scope: Scope | None) -> Iterator[Found]:
        """The model's name in front: "@opus why", "opus: why", "claude, explain", "claude please"."""
        is_marked = self.text.startswith("@", at)
        at = at + 2 if is_marked else at
        target = self.object(at)
        if target is None or (target.wish is None and self.text.startswith("the ", at)):
            return
        inner, end, _ = self.tail(target.end)
        if target.wish is not None:
            is_about_models = re.search(r"\b(?:models?|llm|mode)\b", self.text[at : target.end])
            if is_about_models and end > target.end and self.sign(end) != "?":
                yield from _some(self._completed("use", begin, target, scope))
            return
        if (may := say.MAY.match(self.text, end)) and (does := say.DECIDES.match(self.text, may.end())):
            if self.is_over(does.end()):
                yield Found("ask", target, scope or inner, begin, does.end(), None)
            else:
                yield from _some(
                    self._joined("ask", target, scope or inner, begin, does.end(), self.plain.index(does.end()) + 1)
                )
            return
        if is_marked and not self.is_over(end):
            yield from _some(self._joined("ask", target, scope or inner, begin, end, self.plain.index(end)))
        elif self.is_over(end):
            is_poem = self.text[at : target.end] in _POEMS and not (scope or inner)
            if is_marked or (end > target.end and self.sign(end) != "?" and not is_poem):
                yield Found("use", target, scope or inner, begin, end, None)
        elif (
            self.text[target.end : end].endswith(", please") and self.word(self.plain.index(end)) in say.QUESTION_VERBS
        ):
            yield from _some(self._joined("ask", target, scope, begin, end, self.plain.index(end)))
        elif inner and self.sign(end) in (":", ",", "-"):
            yield from _some(self._completed("use", begin, target, scope))
        elif end == target.end and (joint := say.VOCATIVE.match(self.text, end)):
            number = self.plain.index(joint.end())
            number += self.word(number) == "please"
            word = self.word(number)
            is_verb = word in say.QUESTION_VERBS or (word in ("can", "could") and self.word(number + 1) == "you")
            if is_verb or (":" in joint[0] and word in _OPENERS):
                yield from _some(self._joined("ask", target, scope, begin, end, number))

    def behind(self, begin: int, end: int) -> Found | None:
        """A directive at the end of the last sentence, behind a comma or a bracket, or as "using NAME"."""
        if say.UNLESS.match(self.text, begin):
            return None
        for cut in re.finditer(r" ?[,(-] ?", self.text[begin:end]):
            main, at = self.text[begin : begin + cut.start()], begin + cut.end()
            if say.REPORTS.search(main) or ":" in main:
                continue
            found = self.directive(at, is_first=False)
            if found and found.rest is None and self.closes(found.end):
                return replace(found, keeps=None, begin=at)
            with_name = re.compile(r"(?:with|using|via|through|by) ").match(self.text, at)
            target = self.object(with_name.end()) if with_name else None
            if target and not say.REPORTS.search(main):
                scope, over, _ = self.tail(target.end)
                if self.closes(over):
                    return Found("with", target, scope, at, over, None)
        return self._using(begin, end)

    def _using(self, begin: int, end: int) -> Found | None:
        sentence = self.text[begin:end]
        polite = say.POLITE.match(self.text, self.after(say.OPENING, begin))
        at = polite.end() if polite else self.after(say.OPENING, begin)
        cut = max(sentence.rfind(f" {word} ") for word in ("using", "with", "via"))
        if cut < 0 or not _CLEAR_VERBS.match(self.text, at) or sentence.count(" ") > 24:
            return None
        main = sentence[:cut]
        lead = sentence.index(" ", cut + 1) + 1
        target = self.object(begin + lead)
        if target is None or target.is_common or _MAKES.search(main) or say.REPORTS.search(main[at - begin + 5 :]):
            return None
        scope, over, _ = self.tail(target.end)
        return Found("with", target, scope, begin + cut + 1, over, None) if self.closes(over) else None

    def _completed(self, kind: str, begin: int, target: Object, scope: Scope | None) -> Found | None:
        """The directive with what stands behind its object. None: that makes it something else."""
        inner, end, is_default = self.tail(target.end)
        scope = Scope.ALWAYS if is_default else scope or inner
        if self.is_over(end):
            return Found(kind, target, scope, begin, end, None)
        joint = _JOINT.match(self.text, end)
        if joint is None:
            return None
        if joint["to"]:
            verb = joint["verb"]
            is_question = joint["to"] != "to" and verb in _OPENERS
            if not (verb in say.QUESTION_VERBS or is_question):
                return None
            if joint["to"] == "to" and target.is_common and verb in ("express", "describe", "compose"):
                return None
            return self._joined(kind, target, scope, begin, end, self.plain.index(joint.start("verb")))
        if joint["sign"] != ":" and (say.TURNS_AWAY.match(self.text, end) or self.object(joint.start("rest"))):
            return None
        return self._joined(kind, target, scope, begin, end, self.plain.index(joint.start("rest")))

    def _joined(self, kind: str, target: Object, scope: Scope | None, begin: int, end: int, rest: int) -> Found | None:
        """With the question that begins at this word."""
        words = self.plain.words
        while rest < len(words) and words[rest].text in "\n:,-":
            rest += 1
        if rest >= len(words):
            return Found(kind, target, scope, begin, end, None)
        return Found(kind, target, scope, begin, end, words[rest].at)


def _some(found: Found | None) -> Iterator[Found]:
    if found is not None:
        yield found
