"""What the router knows about a turn before it is sent. The engine fills it in; the rules read it and nothing else about the turn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.routing import tasks
from hawkmoth_tui.routing.intents import recognise
from hawkmoth_tui.routing.tasks import Task, TaskGuess
from hawkmoth_tui.routing.tokens import estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.intents import Intent
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.routing.expecting import Expectations, Expected
    from hawkmoth_tui.settings.schema import Preference

TOKENS_PER_WORD = 1.4
"""Output tokens for each word of an answer, Markdown included."""

BRIEF_TOKENS = 80
"""Expected answer where the prompt asks for a short one."""

USUAL_TOKENS: Mapping[Task, int] = {
    Task.CODING: 900,
    Task.MATH: 600,
    Task.WRITING: 600,
    Task.TRANSLATION: 150,
    Task.SUMMARY: 300,
    Task.EXTRACTION: 250,
    Task.ANALYSIS: 900,
    Task.QUESTION: 300,
    Task.CHITCHAT: 60,
    Task.IMAGE: 300,
    Task.UNKNOWN: 400,
}
"""Expected answer by task, in tokens, without reasoning. Our own prior; a user's record will replace it."""

_ASKED_WORDS = re.compile(r"\b(\d{1,5})[ -]words?\b", re.IGNORECASE)
_BRIEF = re.compile(
    r"\b(?:briefly|in (?:one|a) (?:word|sentence|line)|one[- ](?:word|sentence|line)|yes or no|in short|tl;?dr)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Everything about a turn that its prompt does not say: the session, the pin, the budget and the user's rules."""

    prompt_tokens: int = 0
    """The whole request with system prompt, history and pictures, estimated. 0: the prompt's text alone."""
    required_tokens: int | None = None
    """What cannot be left out: system prompt and this prompt. None: all of `prompt_tokens`."""
    has_images: bool = False
    needs: frozenset[Capability] = frozenset()
    """What a model must be able to take beside pictures: tools for tool use."""
    incumbent: ModelRef | None = None
    """The model that answered last in this session; None in a new one."""
    cached_tokens: int = 0
    """Tokens of this request's beginning that the incumbent probably still holds in its cache; 0 after its time to live."""
    also_cached: tuple[tuple[ModelRef, int], ...] = ()
    """The same of other models that answered in this session."""
    pinned: ModelRef | None = None
    """The model that the user chose for this turn or session."""
    is_going_on: bool = False
    """Whether `pinned` is not the user's choice but the model whose cut answer is gone on with."""
    output_limit_tokens: int | None = None
    """The user's own limit for one answer. None: the model's, else 4,096."""
    budget_left_pico: int | None = None
    """The least that any limit still leaves for this turn. None: no limit is set."""
    allow: tuple[str, ...] = ("*",)
    deny: tuple[str, ...] = ()
    among: tuple[ModelRef, ...] = ()
    """The models that the prompt's own words name; empty when they name none, or one."""
    preferences: tuple[Preference, ...] = ()
    is_private: bool = False
    """This request must not leave the machine, whatever the policy."""

    def cached_by(self, model: ModelRef) -> int:
        """Tokens of this request's beginning that the model probably still holds in its cache."""
        return self.cached_tokens if model == self.incumbent else dict(self.also_cached).get(model, 0)

    @property
    def is_limited(self) -> bool:
        """Whether any budget limit applies."""
        return self.budget_left_pico is not None


@dataclass(frozen=True, slots=True)
class Features(Circumstances):
    """One turn, as the rules see it: its circumstances and what its prompt says. Tokens are plain ones until `counted_by` a candidate."""

    task: TaskGuess = field(default_factory=TaskGuess)
    expected_output_tokens: int = 0
    """Tokens of a usual answer, without reasoning and before any limit."""
    expected: Expected | None = None
    """What the records say about the candidates. None: there are no records to ask."""
    note: str = ""
    """Why there are no records to ask."""
    intent: Intent | None = None
    """What the prompt plainly asks that needs no model. None: it needs one."""

    @property
    def is_measured(self) -> bool:
        """Whether the records may choose among the candidates."""
        return self.expected is not None and self.expected.is_measured

    def counted_by(self, factor: float) -> Features:
        """The same turn in the tokens of a model that counts `factor` of its own for each plain one."""
        if factor == 1:
            return self
        required = self.required_tokens
        return replace(
            self,
            prompt_tokens=round(self.prompt_tokens * factor),
            required_tokens=None if required is None else round(required * factor),
            cached_tokens=round(self.cached_tokens * factor),
            also_cached=tuple((ref, round(tokens * factor)) for ref, tokens in self.also_cached),
            expected_output_tokens=round(self.expected_output_tokens * factor),
        )


def extract(text: str, about: Circumstances = Circumstances(), records: Expectations | None = None) -> Features:
    """The features of a prompt in its circumstances. `records` are asked what the words alone do not tell."""
    told = tasks.guess(text, has_images=about.has_images)
    expected = records.of(text, told) if records else None
    task = expected.task if expected else told
    text_tokens = estimate(text)
    features = Features(
        **{each.name: getattr(about, each.name) for each in fields(about)},
        task=task,
        expected_output_tokens=_expected_output(text, text_tokens, task.task),
        intent=None if about.has_images else recognise(text),
        expected=expected,
    )
    return replace(
        features,
        prompt_tokens=about.prompt_tokens or text_tokens,
        needs=about.needs | {Capability.VISION} if about.has_images else about.needs,
    )


def _expected_output(text: str, text_tokens: int, task: Task) -> int:
    """A length that the prompt names, else a short answer where it asks for one, else what the task usually takes."""
    asked = _ASKED_WORDS.search(text, 0, tasks.HEAD_CHARS)
    if asked:
        return max(1, round(int(asked[1]) * TOKENS_PER_WORD))
    if _BRIEF.search(text, 0, tasks.HEAD_CHARS):
        return BRIEF_TOKENS
    if task is Task.TRANSLATION:
        return max(USUAL_TOKENS[task], round(text_tokens * 1.1))
    return USUAL_TOKENS[task]
