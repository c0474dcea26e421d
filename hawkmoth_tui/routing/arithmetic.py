"""Arithmetic read from words and signs by a grammar of our own, with no part of Python's. Pure; whole text or nothing.

sum     := product (("+" | "-") product)*
product := sign (("×" | "÷" | "mod" | "of") sign)*
sign    := "-" sign | power
power   := atom ("!" | "%" | "²" | "³")* ("^" sign)?
atom    := number | "(" sum ")" | ("√" | "∛") atom ("!" | "%")*
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from hawkmoth_tui.core.expressions import Binary, Factorial, Negative, Number, Operator, Percent, Root
from hawkmoth_tui.routing.numerals import read_numerals

if TYPE_CHECKING:
    from hawkmoth_tui.core.expressions import Expression

DEEPEST = 16
"""Brackets and signs inside one another."""

MOST_TOKENS = 80
"""Numbers and signs; more is no plain question."""

LARGEST_EXPONENT = 300
"""Of a number written as 1e9."""

_PHRASES = {
    "multiplied by": " × ",
    "times": " × ",
    "divided by": " ÷ ",
    "plus": " + ",
    "minus": " - ",
    "to the power of": " ^ ",
    "raised to the power of": " ^ ",
    "raised to": " ^ ",
    "squared": "²",
    "cubed": "³",
    "the square root of": "√",
    "square root of": "√",
    "sqrt of": "√",
    "sqrt": "√",
    "the cube root of": "∛",
    "cube root of": "∛",
    "percent of": "% of",
    "percent": "%",
    "per cent": "%",
    "modulo": " mod ",
    "factorial": "!",
    "a half of": "½ of",
    "one half of": "½ of",
    "half of": "½ of",
    "a third of": "⅓ of",
    "one third of": "⅓ of",
    "two thirds of": "⅔ of",
    "a quarter of": "¼ of",
    "one quarter of": "¼ of",
    "a quarter": "¼",
    "three quarters of": "¾ of",
}
_PHRASE = re.compile(r"\b(?:" + "|".join(sorted(_PHRASES, key=len, reverse=True)) + r")(?![a-z])")
_FACTORIAL_OF = re.compile(r"\b(?:the )?factorial of (\d+)$")
_SPACED_X = re.compile(r"(?<=[\d)]) x (?=[\d(])")
_SHARES = {"½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
_SIGNS = {"*": "×", "·": "×", "**": "^", "/": "÷", "−": "-", "–": "-"}

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,3})?|\.\d+)(?![\d.,]*\d)"
    r"|(?P<sign>\*\*|mod\b|of\b|[-+*/×÷·−–^%!²³√∛()½⅓⅔¼¾]))"
)
_NAME_LIKE = re.compile(r"\d{1,2}/\d{1,2}|\d+/\d+/\d+|\d+(?:-\d+)+")
"""24/7, 9/11, 7-11, a date, a score, a telephone number: a sum only where somebody says so."""
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")

_BINARY = {"×": Operator.TIMES, "÷": Operator.OVER, "mod": Operator.MODULO, "of": Operator.OF}


def parse(text: str, *, is_asked: bool = True, is_ordered: bool = False) -> Expression | None:
    """The calculation that this text is, from end to end. None: it is none, or might mean something else.

    `text` is lower case. `is_asked`: a question or an order leads up to it, so that numerals in words count; `is_ordered`: to calculate.
    """
    if _DATE.fullmatch(text) or (_NAME_LIKE.fullmatch(text) and not is_ordered):
        return None
    spelled = _in_signs(text, is_asked=is_asked)
    tokens = _tokens(spelled) if spelled else None
    if not tokens or (tokens[-1] == "!" and len(tokens) > 2 and not is_ordered):
        return None
    if not is_asked and tokens[-1] == "!":
        return None
    try:
        reader = _Reader(tokens)
        expression = reader.sum(0)
    except _NoGrammarError:
        return None
    return expression if reader.is_done and _is_work(expression) else None


def number(text: str) -> Fraction | None:
    """A single number, perhaps with a sign: "1,200", "-4.5". None: anything else."""
    expression = None
    tokens = _tokens(text.strip())
    if tokens and len(tokens) <= 2:
        match tokens:
            case [Fraction() as only]:
                expression = only
            case ["-", Fraction() as only]:
                expression = -only
    return expression


def increased(start: Expression, percent: Expression, operator: Operator) -> Expression:
    """So many percent of a number more or less than it."""
    return Binary(operator, start, Binary(Operator.OF, Percent(percent), start))


class _NoGrammarError(Exception):
    """The text is no calculation."""


class _Reader:
    """Reads tokens by recursive descent; every level knows how deep it is."""

    def __init__(self, tokens: list[Fraction | str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at == len(self._tokens)

    def sum(self, depth: int) -> Expression:
        left = self._product(depth)
        while (sign := self._next("+", "-")) is not None:
            right = self._product(depth)
            operator = Operator.PLUS if sign == "+" else Operator.MINUS
            if isinstance(right, Percent):
                if not isinstance(left, Number) or not self.is_done:
                    raise _NoGrammarError
                return increased(left, right.of, operator)
            left = Binary(operator, left, right)
        return left

    def _product(self, depth: int) -> Expression:
        left = self._sign(depth)
        while (sign := self._next(*_BINARY)) is not None:
            is_share = isinstance(left, Percent) or (isinstance(left, Number) and left.value in _SHARES.values())
            if sign == "of" and not is_share:
                raise _NoGrammarError
            left = Binary(_BINARY[sign], left, self._sign(depth))
        return left

    def _sign(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise _NoGrammarError
        return Negative(self._sign(depth + 1)) if self._next("-") else self._power(depth)

    def _power(self, depth: int) -> Expression:
        base = self._with_suffixes(self._atom(depth), "!", "%", "²", "³")
        return Binary(Operator.POWER, base, self._sign(depth + 1)) if self._next("^") else base

    def _atom(self, depth: int) -> Expression:
        if self._next("(") is not None:
            inner = self.sum(depth + 1)
            if self._next(")") is None:
                raise _NoGrammarError
            return inner
        root = self._next("√", "∛")
        if root is not None:
            if depth > DEEPEST:
                raise _NoGrammarError
            return Root(2 if root == "√" else 3, self._with_suffixes(self._atom(depth + 1), "!", "%"))
        if self.is_done:
            raise _NoGrammarError
        token = self._tokens[self._at]
        if not isinstance(token, Fraction):
            raise _NoGrammarError
        self._at += 1
        return Number(token)

    def _with_suffixes(self, base: Expression, *signs: str) -> Expression:
        while (sign := self._next(*signs)) is not None:
            base = _suffixed(base, sign)
        return base

    def _next(self, *signs: str) -> str | None:
        """The next token if it is one of these signs, then behind us."""
        token = None if self.is_done else self._tokens[self._at]
        if not isinstance(token, str) or token not in signs:
            return None
        self._at += 1
        return token


def _suffixed(base: Expression, sign: str) -> Expression:
    match sign:
        case "!":
            return Factorial(base)
        case "%":
            if isinstance(base, Percent):
                raise _NoGrammarError
            return Percent(base)
        case _:
            return Binary(Operator.POWER, base, Number(Fraction(2 if sign == "²" else 3)))


def _in_signs(text: str, *, is_asked: bool) -> str:
    """The words for operations as signs, and numerals as digits; empty where words and digits are mixed in a doubtful way."""
    has_digits = any(character.isdigit() and character not in "²³" for character in text)
    text = _FACTORIAL_OF.sub(r"\1!", text)
    text = _PHRASE.sub(lambda found: _PHRASES[found[0]], text)
    if is_asked:
        text = _SPACED_X.sub(" × ", text)
    if any(character.isalpha() for character in text):
        return read_numerals(text, has_digits=has_digits) if is_asked else text
    return text


def _tokens(text: str) -> list[Fraction | str] | None:
    tokens: list[Fraction | str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or len(tokens) == MOST_TOKENS:
            return None
        at = found.end()
        if found["number"] is not None:
            if tokens and isinstance(tokens[-1], Fraction):
                return None
            value = _value(found["number"])
            if value is None:
                return None
            tokens.append(value)
        else:
            sign = _SIGNS.get(found["sign"], found["sign"])
            if sign == "%" and _is_modulo(text, at):
                sign = "mod"
            tokens.append(_SHARES.get(sign, sign))
    return tokens


def _value(written: str) -> Fraction | None:
    if written.isdecimal():
        return Fraction(int(written))
    digits, _, exponent = written.replace(",", "").partition("e")
    if exponent and abs(int(exponent)) > LARGEST_EXPONENT:
        return None
    return Fraction(digits) * Fraction(10) ** int(exponent or 0)


def _is_modulo(text: str, at: int) -> bool:
    """Whether a per cent sign that ends at `at` stands between two operands with blanks around: a remainder."""
    return text[at - 2 : at - 1] == " " and re.match(r" [\d(]", text[at:]) is not None


def _is_work(expression: Expression) -> bool:
    """Whether there is anything to work out: a number, or a sign before it, is none."""
    match expression:
        case Number():
            return False
        case Negative(inner) | Percent(inner):
            return _is_work(inner)
        case _:
            return True
