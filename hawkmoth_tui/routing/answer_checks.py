"""What an answer itself shows to be wrong: a refusal, no access, JSON or code that does not parse. Pure.

A phrase alone is no sign: it must stand where such an answer says so, outside quotations and code, in an answer that says little else.
"""

from __future__ import annotations

import ast
import json
import re

from hawkmoth_tui.core.escalation import Fault, Trigger

SHORT_CHARS = 700
"""A longer answer has more to say than that it cannot."""
EVIDENCE_CHARS = 160

_QUOTED = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`|\"[^\"\n]*\"|“[^”]*”|^[ \t]*>[^\n]*$", re.DOTALL | re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_CANNOT = r"(?:can(?:'|’)?t|can ?not|am (?:not able|unable) to|(?:'|’)m (?:not able|unable) to|won(?:'|’)t|will not|do not|don(?:'|’)t)"
_REFUSES = re.compile(
    rf"^\W*(?:(?:i(?:'|’)?m|i am) (?:really |very |so )?sorry|sorry|i apologi[sz]e|unfortunately|"
    rf"as an ai(?: language)?(?: model| assistant)?)?[\s,;:—-]*(?:but |however,? )?"
    rf"i(?: {_CANNOT}|(?:'|’)m (?:not able|unable) to)(?: be able to)? (?:help|assist|comply|provide|do that|"
    rf"fulfil?l|answer|continue|write|create|generate|support|discuss|share)\b",
    re.IGNORECASE,
)
_NO_ACCESS = re.compile(
    rf"\bi(?: currently)? (?:(?:do not|don(?:'|’)t|lack|have no)(?: currently)?(?: have)?(?: any|"
    rf" direct)? ?(?:access to|the ability to (?:browse|access|search|look)|real[- ]time|live|internet)"
    rf"|{_CANNOT} (?:directly )?(?:access|browse|look up|search|check|retrieve|see) (?:the )?(?:internet|web|"
    rf"live|real[- ]time|current|today|online|external|latest|up[- ]to[- ]date))"
    r"|\bmy (?:knowledge|training)(?: data)?(?: cut-?off| ends| was last updated| only goes| is limited to)|"
    r"\b(?:no|without) (?:internet|web|real[- ]time|live) access\b",
    re.IGNORECASE,
)
_WANTS_JSON = re.compile(
    r"\b(?:only|just|valid|nothing but) (?:a |the )?(?:valid )?json\b|\b(?:respond|reply|answer|return|output|"
    r"give it) (?:\w+ ){0,3}(?:in|as|with) (?:\w+ )?json\b"
    r"|\bjson (?:only|object only|and nothing else)\b|\bas (?:a )?(?:valid )?json\b",
    re.IGNORECASE,
)
_FENCE = re.compile(r"```([\w+-]*)[^\n]*\n(.*?)```", re.DOTALL)
_NO_SOURCE = re.compile(r"^\s*(?:\$|>>>|%|!|pip |python |\.\.\.)", re.MULTILINE)


def fault(prompt: str, answer: str) -> Fault | None:
    """What is wrong with a whole answer. None: nothing that can be seen."""
    return _words(answer) or _json(prompt, answer) or _code(answer)


def _words(answer: str) -> Fault | None:
    said = _QUOTED.sub(" ", answer).strip()
    if not said or len(answer) > SHORT_CHARS or answer.count("\n- ") + answer.count("\n* ") > 4 or "```" in answer:
        return None
    sentences = [found[0].strip() for found in _SENTENCE.finditer(said) if found[0].strip()]
    if sentences and _REFUSES.match(sentences[0]):
        return Fault(Trigger.REFUSED, sentences[0][:EVIDENCE_CHARS])
    for sentence in (*sentences[:2], *sentences[-1:]):
        if _NO_ACCESS.search(sentence):
            return Fault(Trigger.NO_ACCESS, sentence[:EVIDENCE_CHARS])
    return None


def _json(prompt: str, answer: str) -> Fault | None:
    if not _WANTS_JSON.search(prompt[:2000]) and not _WANTS_JSON.search(prompt[-500:]):
        return None
    fenced = _FENCE.search(answer)
    try:
        json.loads(fenced[2] if fenced else answer)
    except ValueError as error:
        return Fault(Trigger.BAD_JSON, str(error)[:EVIDENCE_CHARS])
    return None


def _code(answer: str) -> Fault | None:
    for language, source in _FENCE.findall(answer):
        if language.lower() not in ("python", "py", "python3") or _NO_SOURCE.search(source):
            continue
        try:
            ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            return Fault(Trigger.BAD_CODE, f"line {line}: {getattr(error, 'msg', error)}"[:EVIDENCE_CHARS])
    return None
