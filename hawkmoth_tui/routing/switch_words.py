"""The turns of phrase in which people ask for another model: patterns over plain words. Data for `routing.switching`.

`@` in a lead stands where the name of a model, or a wish, must follow.
"""

from __future__ import annotations

import re

from hawkmoth_tui.core.switching import Scope, Wish
from hawkmoth_tui.routing.plain_words import words


def _p(pattern: str) -> str:
    """A pattern that was written on several lines, as one."""
    return re.sub(r"\n +", "", pattern)


_THIS = r"(?:this|that|the next|my next|the following|this next|this particular|this single|it|these)"
_ASKED = _p(r"""
            (?:one|question|questions|prompt|turn|message|task|request|query|answer|problem|reply|response|job|bit|part|
            exercise|function|code|file|essay|bug|text|email|letter|proof|summary|translation|review|refactoring|
            refactor|snippet|calculation|puzzle|riddle|topic|draft|document|paragraph|step|article|analysis|explanation|
            regex|script|test|design|plan|class|module|prompt only)
            """)
_TALK = r"(?:session|conversation|chat|discussion|dialogue|tab)"

SCOPES: tuple[tuple[Scope, re.Pattern[str]], ...] = tuple(
    (scope, re.compile(rf"(?:just |only )?(?:{pattern})(?![\w'-])"))
    for scope, pattern in (
        (
            Scope.ALWAYS,
            _p(rf"""
            always|permanently|by default|everywhere|every time|for ever|forever|for good|for all (?:my )?(?:{_TALK}s|
            questions|prompts)|for every {_TALK}|in (?:all|every|future|all future) {_TALK}s?|as (?:my|the|
            your) (?:new )?default(?: model)?|for everything from now on|from now on always
            """),
        ),
        (
            Scope.SESSION,
            _p(rf"""
            from (?:now|here|this point) ?(?:on|onwards?|forward|out)?(?: in)?|going forward|hence ?forth|(?:for|in|
            during|throughout) (?:the (?:rest|remainder) of |all of )?(?:this|the|our) (?:whole |entire |
            current )?{_TALK}|for the (?:rest|remainder)(?: of (?:it|the day|this))?|this {_TALK}|(?:until|
            till) further notice|for everything(?: here)?|for all of this
            """),
        ),
        (
            Scope.IDLE,
            _p(r"""
            for now|for (?:a|the) (?:little )?(?:while|moment|time being|bit)|temporarily|(?:until|till|til) (?:(?:i'm|
            i am|im|it's|it is|we're|we are|the session is|this session is|going|i go|i get) )?(?:idle|away|afk|
            i (?:leave|stop|pause|go away|step away|take a break)|a break)|while (?:i'm|i am|im|we're|we are) (?:here|
            active)
            """),
        ),
        (
            Scope.TURN,
            _p(rf"""
            (?:for|on|with|in) {_THIS}(?: {_ASKED})?(?: only| alone)?|(?:this|that) (?:once|one time|time|
            turn)(?: only)?|once|one time|for once|for one (?:turn|question|answer|message|prompt)|
            (?:for )?the next (?:{_ASKED})(?: only)?|to (?:answer|do|handle|solve) {_THIS}(?: {_ASKED})?|
            for my (?:next )?(?:question|prompt|request)|for a single {_ASKED}
            """),
        ),
    )
)
"""In the order in which they are tried: "for this session" before "for this"."""

FILLER = re.compile(
    _p(r"""
            (?:please|pls|plz|kindly|thanks|thank you|thx|now|right now|right away|immediately|again|instead|then|today|
            if (?:possible|you can|available)|for me|and thank you|and thanks|only|ok|okay|too|a try|a go|a shot|hawkmoth|here|as (?:the|my|
            your) (?:model|llm|ai))(?![\w'-])
            """)
)
"""What may stand around a directive without changing it."""

OPENING = re.compile(
    _p(r"""
            (?:(?:hey|hi|hello|ok|okay|so|well|now|right|then|and|also|but|no|nope|yes|yeah|yep|alright|all right|
            thanks|thank you|great|cool|sure|actually|hmm|hm|please|pls|plz|pleas|kindly|just|ah|oh|wait|sorry|btw|
            by the way|this time|first|next|hawkmoth|dear|maybe|perhaps|good (?:morning|afternoon|evening)|in this case|
            quick question|one more|again|fine|perfect|next time|today)(?![\w'-])[ ,!:-]*)+
            """)
)
POLITE = re.compile(
    _p(r"""
            (?:(?:can|could|will) (?:you|we|i)(?: please| kindly| just| now| maybe| also| try to)*|would you (?:please|
            kindly|mind)(?: please)?|would it be possible to|is it (?:possible|ok|okay) to|i(?: would|'d)(?: really|
             rather| also)* (?:want|like|love|prefer|wish|have)(?: for)?(?: you| us| hawkmoth)?(?: to)?|i(?: would|
            'd) rather(?: you)?|i(?: really| also| just| always)? (?:want|need|wanna|wish)(?: for)?(?: you| us|
             hawkmoth)?(?: to)?|you (?:can|may|could|should)|(?:maybe |perhaps |i think )?we should(?: probably)?|let's|
            lets|let us|let me|allow me to|feel free to|time to|make sure to|be sure to|remember to)(?: please| just|
             now| kindly)*(?![\w'-]) ?
            """)
)
ASKS_LEAVE = re.compile(r"(?:can|could|may|should) (?:i|we)\b")
"""A question about what is possible, unless it is about talking to a model or changing over to one."""

_USE = _p(r"""
            (?:us(?:e|ing)|ues|usee|uses|try(?: using| out)?|pick|choose|select|take|run(?: with| on)?|
            go(?:ing)? (?:with|for)|stick (?:with|to)|stay (?:with|on)|work with|continue (?:with|on)|proceed with|
            carry on with|keep (?:using|on)|start using|give me|get(?: me)?|fetch|bring in|load|activate|prefer|employ|
            opt for|pin|make use of|utili[sz]e|rely on|have)
            """)
_SWITCH = _p(r"""
            (?:switch|swtich|swich|siwtch|swithc|swicth|switc|switching|swith|swap|chang(?:e|ing)|chnage|cahnge|move|go|
            flip|jump|hop|revert|return|set|route|send|put|forward|direct|hand|pass|get|pin|upgrade|downgrade|step|drop|
            bump)
            """)
_IT = _p(r"""
            (?: (?:me|us|this|it|that|things|over|back|up|down|this one|the conversation|this (?:session|conversation|
            chat|question|prompt|one)|(?:the |my |your |our )?(?:current |active )?(?:model|models|llm|ai|provider|
            engine)|my question|the next (?:question|one|prompt)|models))*
            """)
_ANSWERED = _p(r"""
            (?:this|that|it|these|again|me|my next question|my (?:next )?(?:question|prompt)|
            the (?:question|above|following|next one|next question|
            rest)|them|this one|this question|the answer)
            """)
_TASKS = _p(r"""
            answer|respond|reply|do|solve|handle|write|explain|translate|summari[sz]e|try|run|redo|process|review|fix|
            check|rewrite|rephrase|proofread|finish|continue|analy[sz]e|describe|rework|retry|repeat|regenerate|tackle|
            work|draft|debug|refactor|improve|generate|test|go
            """)
_PRONOUN_TASKS = r"(?:" + _TASKS + r")"

LEADS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            "set",
            _p(r"""
            (?:set|make|change|switch) (?:the |my |your )?(?:default )?(?:model|llm|ai|provider)(?: for (?:this|
            the) \w+)? (?:to |be |= |as |into )+
            """),
        ),
        ("set", r"default (?:back )?to "),
        ("turn", r"(?:this|that|the next)(?: one| question| prompt)? (?:is|goes|should go|shall go) (?:for|to) "),
        ("set", r"(?:make|set) (?=[\w@].*(?:default|model))"),
        (
            "switch",
            _p(rf"""
            {_SWITCH}{_IT} (?:to|into|onto|on|with|over to|back to|through|via|for|towards|the model to) (?:use |
            using )?
            """),
        ),
        ("switch", r"(?:switch|swap|change) (?:model|models|provider)?[ ,:-]*(?=@|\w)"),
        ("talk", r"(?:talk|speak|chat|converse|talking|speaking|connect me|put me through) (?:to|with) "),
        ("use", rf"{_USE}(?: the model)? "),
        ("answer", rf"{_PRONOUN_TASKS}(?: {_ANSWERED})* (?:with|using|via|by|through|as|on) "),
        ("with", r"(?:with|using|via|through) "),
    )
)
"""What may stand right before a name, and what kind of asking it is."""

ASK = re.compile(
    _p(r"""
            (?:ask|aks|askk|query|consult|prompt|quiz|tell|get|want|have|let|make|lt|leave (?:it|this) to|give (?:it|
            this) to|hand (?:it|this) to|pass (?:it|this) to|send (?:it|this) to)[ ]
            """)
)
"""Leads that speak of the model as of somebody."""

AFTER_ASK = re.compile(
    _p(rf"""
            (?:to (?=\w)|(?:about|for|if|whether|why|what|what's|how|who|when|where|which|is|are|does|do|did|can|could|
            should|would|will|was|were|answer|handle|take|do|{_TASKS}|decide|tell|give|look|have a (?:go|look)|help|
            think|compute|calculate|prove|come up|deal|list|write)(?![\w'-]))
            """)
)
MAY = re.compile(r" (?:should|can|could|must|shall|may|to)(?: please)? ")
HANDED = re.compile(
    _p(r"""
            (?:route|send|put|forward|direct|hand|pass|run|give)(?: \w+)*? (?:this|that|it|question|prompt|
            one)(?: \w+)? (?:to|through|by|on|onto|via|over)[ ]
            """)
)
"""One thing handed over: for one turn."""
DECIDES = re.compile(
    _p(r"""
            (?:answer|handle|take|do|tackle|solve|try|have a go at|(?:take|have) a (?:quick )?look at|take care of|
            deal with)(?: (?:this|that|it|
            on this))?(?: one| question)?(?: please)?(?= ?(?:[:,.!?-]|$))
            """)
)
"""Words behind "let opus" that are no part of the question."""

QUESTION_VERBS = words(
    """
    explain write summarise summarize translate answer tell help solve review fix draft describe generate analyse
    analyze check compare rewrite find give list debug refactor think compute calculate create code plan research
    proofread show do make prove design suggest outline improve rephrase come figure work look convert implement
    brainstorm define name discuss evaluate estimate handle respond reply talk write-up read classify extract simplify
    continue finish go propose recommend edit optimise optimize count sort derive say respond
    """
)
"""Work for a model: what may follow "use opus to" and "use opus and"."""

_NOUN = _p(r"""
            (?: (?:model|models|llm|llms|ai|lane|provider|engine|assistant|one|ones|option|version|
            tier)(?: (?:available|possible|there is|you have|you've got|you know|that works|we have|around|on offer|
            you can(?: find| get)?))?)
            """)
_AVAILABLE = r"(?: (?:available|possible|capable|suitable|decent|good))?"
_A = r"(?:the |a |an |your |my |our |some |something |only |any )?"

WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(rf"(?:{pattern})(?![\w'/-])"))
    for wish, pattern in (
        (
            Wish.CHEAPEST,
            _p(rf"""
            {_A}(?:very |absolute |absolutely )?(?:cheapest|least expensive|lowest[- ]cost|most affordable|
            most economical){_AVAILABLE}{_NOUN}?|{_A}(?:much )?(?:cheaper|cheap|chepaest|cheapst|cheepest|budget|free|
            inexpensive|less expensive|low[- ]cost|affordable|economy){_NOUN}|something (?:much )?(?:cheaper|cheap)|
            whatever(?: model)? (?:is|costs) (?:the )?(?:cheapest|least)
            """),
        ),
        (
            Wish.BEST,
            _p(rf"""
            {_A}(?:very |absolute |absolutely )?(?:best|smartest|strongest|brightest|most (?:capable|powerful|
            intelligent|advanced|expensive)|highest[- ]quality){_AVAILABLE}{_NOUN}|the (?:smartest|strongest|
            most (?:capable|powerful|intelligent))(?= ?(?:[.:,!-]|$|for|please))|{_A}(?:premium|top|top[- ]quality|
            frontier|flagship|high[- ]end|better|smarter|stronger|bigger|larger|more (?:capable|powerful|
            intelligent)){_NOUN}|something (?:smarter|stronger|more powerful|more capable)
            """),
        ),
        (
            Wish.FAST,
            _p(rf"""
            {_A}(?:fastest|quickest|speediest){_AVAILABLE}{_NOUN}?|{_A}(?:fast|quick|faster|quicker|lightweight|speedy|
            low[- ]latency){_NOUN}|something (?:faster|quicker|fast|quick)
            """),
        ),
        (
            Wish.PRIVATE,
            _p(rf"""
            {_A}(?:local|on[- ]device|offline|private|self[- ]hosted){_NOUN}|{_A}(?:model|
            one)s? (?:running )?on (?:this|my) (?:machine|computer|laptop)|local(?:ly)?(?: only)?|offline|on[- ]device|
            something local
            """),
        ),
        (Wish.REASONING, rf"{_A}(?:reasoning|thinking|deep[- ]thinking){_NOUN}"),
        (Wish.BALANCED, rf"{_A}(?:balanced|mid[- ]range|middle){_NOUN}|balanced"),
        (
            Wish.AUTO,
            _p(rf"""
            auto(?: ?mode| ?routing| ?select)?|automatic(?: mode| routing| selection| choice)?|
            (?:the )?(?:auto(?:matic)?[- ])?rout(?:er|ing)(?:'s choice)?|{_A}(?:default|usual|normal|automatic|right|
            most suitable|best suited|appropriate){_NOUN}|hawkmoth's choice|intelligent routing|(?:whatever|
            whichever)(?: model| one)? (?:you|hawkmoth) (?:think|want|like|prefer|choose|see)s?(?: is|
             fits)?(?: the)?(?: best| right| fit)?|(?:whatever|whichever) model (?:fits|suits|works|is)(?: it|
             this)?(?: the)?(?: best| right| better)?
            """),
        ),
    )
)
"""Models by what they are like, where a name could stand."""

WHOLE: tuple[tuple[Wish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(rf"(?:{pattern})(?![\w'-])"))
    for wish, pattern in (
        (
            Wish.AUTO,
            _p(r"""
            (?:let|have|allow) (?:hawkmoth|the (?:auto(?:matic)? )?router|the app|
            the program)(?: to)?(?: just)? (?:decide|choose|pick|select|route)(?: (?:for me|which model|which one|
            the model|the best model|the right model|what model|yourself|itself|again|it|this|freely)(?: to use)?)*|
            (?:hawkmoth|you|the router)(?: can| should| may)? (?:decide|choose|pick|select) (?:which model|the (?:best |
            right )?model|a model)(?: to use| yourself| for me| automatically)*|(?:choose|pick|select|decide on|
            decide) (?:the|a|which|which ever|the best|the right)(?: best| right|
             suitable)? model(?: to use)?(?: yourself| for me| automatically| on your own| by yourself)+|(?:un-?pin|
            release)(?: (?:it|this|the model|the session|this session))?|stop pinning(?: (?:it|this|the model))?|
            (?:back|return|revert) to (?:auto|automatic|the router|routing|hawkmoth)(?: mode| routing| selection)?|
            hawkmoth ?,? (?:you )?(?:decide|choose|pick)|i don't (?:care|mind) which model(?: you use| answers)?|
            any model (?:will do|is fine|is ok)|auto[- ]select(?: the model)?(?: please)?|route (?:this|
            it)? ?(?:automatically|yourself)|use auto(?:matic)?[- ]?(?:routing|mode|selection)?
            """),
        ),
        (
            Wish.PRIVATE,
            _p(r"""
            keep (?:this|it|everything|that) (?:local|private|offline|on (?:this|my) (?:machine|computer|
            laptop))(?: only)?|(?:stay|go|remain) (?:local|offline)(?: only)?|don't send (?:this|it|that|
            anything) (?:to the cloud|off this machine|over the network|anywhere)
            """),
        ),
        (Wish.CHEAPEST, r"save money|keep it cheap|go cheap|as cheap(?:ly)? as possible"),
        (
            Wish.STRONGER,
            _p(r"""
            (?:try|go|retry|redo|do)(?: it| this| that)?(?: again)?(?: with| using)? (?:a |something )?(?:stronger|
            smarter|better|more capable|more powerful)(?: model| one)?|escalate(?: this| it)?
            """),
        ),
    )
)
"""Wishes that are whole directives."""

UNLESS = re.compile(
    _p(r"""
            (?:if|when|whenever|unless|once|in case|should|because|since|as|although|while|after|before|until|suppose|
            imagine|pretend|assume|he|she|they|it|people|some|many|everyone|my|our|his|her|their|someone|the (?:sign|
            text|manual|readme|docs?|sentence|man|woman|boss|rule|user|article))\b
            """)
)
"""A main clause that begins so does not ask for what stands behind its comma."""

REPORTS = re.compile(
    _p(r"""
            \b(?:say|says|said|saying|tell|tells|told|write|writes|wrote|reads|means?|meant|called|phrase|sentence|
            translate[ds]?|quote[ds]?|titled?|subject|command|string|slogan|headline|word|words|lyrics?|dialogue|line)\b
            """)
)
PRESENTS = re.compile(
    _p(r"""
            \b(?:translate|rephrase|paraphrase|proofread|correct|spell|rewrite|repeat|classify|analy[sz]e|sentiment|
            interpret|explain|summari[sz]e|quote|review|parse|fix|edit|improve|mean|means)\b.*\b(?:following|sentence|
            phrase|text|command|email|message|prompt|words|line|lines|below|instruction|instructions|paragraph|snippet|
            log|transcript|note|doc)\b|\bfollowing\b
            """)
)
"""A line that announces other people's words below it."""

TURNS_AWAY = re.compile(
    _p(r"""
            [ ]?[,;-]? ?(?:but|because|since|although|though|however|which|who|or|when|if|unless|as|like|such|whereas|while|
            the|is|was|has|does|did|are|will|would|can|could|should|may|might|vs|versus)\b
            """)
)
"""Words behind a name that make it a thing that is talked about."""

NOT = re.compile(
    _p(r"""
            (?:do not|don't|dont|never|not|no longer|please don't|please do not|avoid|stop|without|no need to|
            rather than|instead of|except|anything but)(?![\w'-])
            """)
)
INSTEAD_OF = re.compile(r",? ?(?:instead of|rather than|not|over|and not|in place of|in lieu of) (?:the )?")
NOT_THAT = re.compile(
    r"(?:instead of|rather than|don't use|do not use|dont use|not|no more|stop using|forget|enough of) (?:the )?"
)
"""Leads to a name that another one is to take the place of."""
BUT_THAT = re.compile(
    _p(r"""
            (?: for this| please| anymore| any more)? ?[,.;:-]? ?(?:but |and )?(?:please )?(?:use|try|take|go with|ask|
            switch to|rather|i want|i'd like|give me|run) (?:the )?(?:model )?
            """)
)
FROM = re.compile(r" (?:on|from|via|by|at|through|over) ")
ANY = re.compile(r"(?:one of (?:the|your|my)|any of (?:the|your)|a|an|any|some|one) ")
"""What may stand before a name that "model" follows."""
MODEL = re.compile(r" (?:model|models|llm|ai|one|provider|engine|api)(?![\w'-])")
VOCATIVE = re.compile(r" ?[:,-] ?")
DEFAULT = re.compile(
    r" (?:as )?(?:my|the|your|our)? ?(?:new )?(?:default|standard)(?: (?:model|one|choice|llm))?(?![\w'-])"
)
