"""Questions about Hawkmoth itself: its money, sessions, models and files. Matched whole, and only where nothing else can be meant. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hawkmoth_tui.core.intents import Period, SelfAsked, SpendingAsked, Topic

if TYPE_CHECKING:
    from hawkmoth_tui.core.intents import Intent
    from hawkmoth_tui.routing.framing import Question

_IS = r"(?:what is|what's|whats)"
_TALK = r"(?:session|conversation|chat)"
_THIS = rf"(?:this|the current|our|my current) {_TALK}"
_SO_FAR = r"(?: so far| until now| up to now| in total| altogether| already)?"
_PERIOD = (
    rf"(?P<period>(?: so far)? today| today so far|(?: so far)? this month| this month so far"
    rf"|(?: so far)? (?:in|on|for|during|with) {_THIS}(?: so far)?| this session"
    r"| so far| in total| overall| altogether| ever| all time| until now| up to now)?"
)
_ON_MODELS = r"(?: (?:on|with|for|in|using) (?:hawkmoth|models|the models|ai|llms|tokens|you|api calls))?"

_SPENT = re.compile(
    rf"(?:how much (?:money )?|what )(?:have i|did i|have we|did we|i have|i've|we've|i|we) (?:spent|spend)"
    rf"{_ON_MODELS}{_PERIOD}{_ON_MODELS}"
)
_SAVED = re.compile(
    rf"(?:how much (?:money )?|what )(?:have i|did i|have we|did we|i have|i've|i|has hawkmoth|did hawkmoth|hawkmoth has|have you)"
    rf" (?:saved|save)(?: me)?(?: (?:with|by using|using|through) (?:hawkmoth|routing|you))?{_PERIOD}"
)
_SESSION_COST = re.compile(
    rf"(?:how much|what) (?:did|does|has|is|was) {_THIS} (?:cost|costs|costing)(?: me| us)?{_SO_FAR}"
    rf"|(?:how much|what) {_THIS} (?:cost|costs|has cost)(?: me| us)?{_SO_FAR}"
    rf"|(?:{_IS} )?(?:the )?(?:total |current )?(?:cost|price|costs) of {_THIS}{_SO_FAR}"
    rf"|(?:{_IS} )?(?:the |this |my |current )*session(?:'s)? costs?{_SO_FAR}"
)
_DAY_COST = re.compile(
    rf"(?:(?:{_IS}|what are|list|show) )?(?:my |the )?(?:today's|(?P<month>this month's)) (?:total )?(?:costs?|spending|spend)"
    rf"|(?:(?:{_IS}|what are) )?my (?:total )?(?:costs?|spending|spend)(?: for)? (?:today|(?P<the_month>this month))"
)

_FILES = r"(?:sessions|data|files|database|store|config|config file|configuration|settings|logs?|log files?)"
_NAMED = r"(?:hawkmoth|hawkmoth's)"
_TOPICS: tuple[tuple[Topic, re.Pattern[str]], ...] = (
    (
        Topic.STATUS,
        re.compile(
            rf"(?:show (?:me )?)?(?:the )?{_NAMED} status|{_IS} (?:the )?{_NAMED} status"
            rf"|(?:{_IS} )?(?:the )?(?:current )?status of hawkmoth"
        ),
    ),
    (
        Topic.SESSION,
        re.compile(
            rf"(?:(?:show(?: me)?|{_IS}) )?(?:the )?(?:(?:this|current|my) )?session(?:'s)?"
            r" (?:status|info|information|stats|statistics|details)"
            rf"|(?:(?:show(?: me)?|{_IS}) )?(?:the )?status of {_THIS}"
            rf"|how many (?:turns|messages|prompts) (?:does {_THIS} have|are (?:there )?in {_THIS}|has {_THIS})"
        ),
    ),
    (
        Topic.SESSIONS,
        re.compile(
            rf"how many (?:saved |stored )?{_TALK}s (?:do i have|have i(?: saved)?|are saved|are stored|do i have saved)(?: in hawkmoth)?"
            rf"|(?:list|show)(?: me)?(?: all)?(?: of)?(?: (?:my|the))?(?: (?:saved|stored|recent|last|latest))? sessions"
            rf"|(?:list|show)(?: me)?(?: all)?(?: of)? my(?: (?:saved|stored|recent|last|latest))? (?:conversations|chats)"
            rf"|(?:what|which) sessions (?:do i have|have i|are saved|are stored|are there)"
        ),
    ),
    (
        Topic.MODELS,
        re.compile(
            r"(?:what|which)(?: ai| language)? models"
            r" (?:can i (?:use|choose|choose from|select|pick|switch to|talk to)|are available(?: to me)?"
            r"|do i have(?: access to)?|can you use|(?:does|can) hawkmoth (?:have|use|offer|know|support)|are (?:configured|usable|set up))"
            r"(?: (?:right )?now| here| today| at the moment| in hawkmoth| with hawkmoth)?"
            r"|(?:list|show)(?: me)?(?: all)?(?: of)?(?: (?:the|my))?(?: (?:available|usable|configured))? models(?: i can use)?"
            r"|(?:the )?available models|how many models (?:can i use|are available|do i have|does hawkmoth (?:have|know))"
        ),
    ),
    (
        Topic.VERSION,
        re.compile(
            r"(?:what|which) version of hawkmoth (?:is this|is running|is installed|am i (?:running|using|on)|do i have)"
            rf"|(?:{_IS} )?(?:the |your )?{_NAMED} version|(?:what|which) version is hawkmoth"
            rf"|(?:{_IS} )?(?:the )?(?:current )?version of hawkmoth"
        ),
    ),
    (
        Topic.FILES,
        re.compile(
            r"where (?:are|do you (?:keep|store|save)) (?:all )?my (?:sessions|hawkmoth sessions)(?: (?:stored|saved|kept))?"
            rf"|where does hawkmoth (?:keep|store|save|put) (?:its |my |the )?{_FILES}"
            rf"|where (?:is|are) (?:hawkmoth's|the hawkmoth) {_FILES}"
            r"(?: (?:stored|saved|kept))?"
        ),
    ),
)


def read(asked: Question) -> Intent | None:
    """The question about Hawkmoth that this is."""
    return _about(asked.lower) or (_about(f"show {asked.lower}") if asked.is_requested else None)


def _about(text: str) -> Intent | None:
    if found := _SPENT.fullmatch(text):
        return SpendingAsked(_period(found["period"]))
    if found := _SAVED.fullmatch(text):
        return SpendingAsked(_period(found["period"]), is_about_savings=True)
    if _SESSION_COST.fullmatch(text):
        return SpendingAsked(Period.SESSION)
    if found := _DAY_COST.fullmatch(text):
        return SpendingAsked(Period.MONTH if found["month"] or found["the_month"] else Period.TODAY)
    return next((SelfAsked(topic) for topic, pattern in _TOPICS if pattern.fullmatch(text)), None)


def _period(words: str | None) -> Period:
    if not words:
        return Period.EVER
    if "today" in words:
        return Period.TODAY
    if "month" in words:
        return Period.MONTH
    return Period.SESSION if any(talk in words for talk in ("session", "conversation", "chat")) else Period.EVER
