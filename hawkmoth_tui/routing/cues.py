"""The words that hint at a kind of work: data for `tasks`, weighted by hand.

A weight near 1.5 decides alone, near 1 with another sign, 0.5 only supports. `a_b` is a pair of neighbours. All are case-folded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?[+#]{0,2}")
"""A word: letters with an inner apostrophe, and the signs of c++ and c#."""

CHAT_WORDS = 4
"""A prompt that begins with a greeting is a chat if it has at most this many words; a longer one may go on to ask something."""

_GREETINGS = """
hi hello hey heya howdy thanks thx cheers bye goodbye goodnight lol haha ok okay
hallo hola salut bonjour ciao servus danke merci gracias привет 你好 こんにちは
"""

_ASKING = """
who what when where which whose whom why how is are was were does do did can could should would will
who's what's where's how's wer wann wo warum wie qui que quoi quand comment pourquoi qué quién cuándo dónde cómo
"""

_TONGUES = """
english french german spanish italian portuguese dutch polish russian ukrainian chinese mandarin japanese korean arabic hebrew
hindi turkish greek latin swedish danish norwegian finnish czech hungarian romanian vietnamese thai
"""

_CUES = """
coding 1.5: python javascript typescript golang java kotlin haskell elixir erlang clojure matlab php perl lua c++ c#
    sql html css bash powershell regex regexp compiler debug debugger debugging refactor refactoring traceback stacktrace
    segfault codebase dockerfile kubernetes docker pytest unittest javac gcc cmake makefile webpack numpy pandas django flask
    fastapi nodejs npm pip async asyncio mutex goroutine struct typeerror valueerror keyerror
    nullpointerexception syntaxerror linter mypy eslint git github gitlab
coding 1.2: code coding programming compile compiles recursion recursive algorithm
coding 0.9: api endpoint variable variables array arrays boolean subclass decorator iterator backend frontend
coding 0.8: function script program rust react vue angular cargo scala
coding 0.6: bug bugs method class loop string integer implement exception server database query deploy library framework json
    yaml xml repository commit branch merge thread
coding 1.5: unit_test unit_tests linked_list binary_search stack_trace pull_request type_hints shell_script hash_map
    null_pointer a_function function_that function_to rust_code in_rust
math 1.5: integral derivative eigenvalue eigenvalues theorem lemma polynomial calculus algebra trigonometry factorial logarithm
    hypotenuse quadratic determinant bayes combinatorics
math 1.0: equation equations solve prove proof probability geometry triangle matrix matrices modulo calculate divisible
math 0.6: sum fraction fractions percent percentage average angle radius perimeter compute prime vector digits
math 1.3: square_root how_many how_much standard_deviation prime_number prime_numbers word_problem
writing 1.5: rewrite rephrase paraphrase proofread essay poem haiku sonnet limerick lyrics screenplay copywriting fanfiction
writing 1.0: write draft compose email letter story blog paragraph slogan headline speech novel wording toast invitation
writing 0.6: tone grammar polite formal style article caption tweet post plot character title creative schreibe écris escribe
writing 1.2: cover_letter blog_post short_story press_release more_formal less_formal product_description
translation 1.6: translate translation translated translating translates übersetze übersetzen übersetzung traduis traduire
    traduction traduce traducir traducción traduci tradurre переведи перевод 翻译 翻訳 번역
summary 1.6: summarize summarise summarizing summarising summary summaries tldr recap zusammenfassen résume resume resumir
summary 0.8: condense shorten abridge gist takeaways overview abstract digest
summary 1.4: key_points main_points tl_dr in_brief bullet_points sum_up key_takeaways
extraction 1.5: extract extracting extraction classify categorize categorise
extraction 0.8: label parse list fields columns entities tag csv table spreadsheet keywords invoice receipt
extraction 1.2: as_json return_json to_json to_csv named_entities pull_out find_all phone_numbers email_addresses
analysis 1.5: analyze analyse analyzing analysing analysis critique tradeoffs pros cons evaluate assess investigate
    architectural
analysis 0.8: compare comparison review recommend strategy implications interpret design architecture plan evidence reasons
analysis 1.4: trade_offs root_cause risk_assessment business_plan due_diligence business_strategy
question 0.9: explain define meaning erkläre explique explica
question 0.8: tell_me what's who's difference_between
chitchat 1.3: how_are good_morning good_night good_evening thank_you see_you what's_up nice_to your_name
image 1.4: this_image this_picture this_photo this_screenshot attached_image the_image the_screenshot this_diagram
"""
"""Task, weight and its cues; an indented line goes on with the one above."""

_TONGUE_WEIGHT = 1.1
"""Of "into French" and its kin, for translation."""


def _table() -> dict[str, tuple[tuple[str, float], ...]]:
    table: dict[str, tuple[tuple[str, float], ...]] = {}
    for line in _CUES.replace("\n    ", " ").split("\n"):
        head, colon, listed = line.partition(":")
        task, _, weight = head.partition(" ")
        for cue in listed.split() if colon else ():
            key = cue.replace("_", " ")
            table[key] = (*table.get(key, ()), (task, float(weight)))
    for tongue in _TONGUES.split():
        table.update({f"{into} {tongue}": (("translation", _TONGUE_WEIGHT),) for into in ("into", "to", "in", "from")})
    return table


GREETINGS = frozenset(_GREETINGS.split())

ASKING = frozenset(_ASKING.split())
"""First words of a question."""

WORDS: Mapping[str, tuple[tuple[str, float], ...]] = _table()
"""Word or pair to the tasks it hints at."""

FIRST_OF_PAIR = frozenset(key.partition(" ")[0] for key in WORDS if " " in key)
"""Words that begin a pair; only these are looked at with their neighbour."""
