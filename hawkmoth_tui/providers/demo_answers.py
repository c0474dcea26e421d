"""What the demo server says: made-up Markdown, the same for the same prompt and model, and honest about being made up. Pure."""

from __future__ import annotations

import re
from hashlib import sha256

_WORD = re.compile(r"[^\W\d_]{4,}")
_TOKEN = re.compile(r"\s*\S+\s*")
_ORDINARY = re.compile(
    r"about|after|also|answer|been|before|could|does|each|every|explain|fail|find|from|give|have|help|into|just|know|like|list|make|many"
    r"|more|most|need|please|show|some|table|tell|than|that|their|them|then|there|these|they|this|those|want|what|when|where|which|while"
    r"|will|with|without|would|write|your|code|function|script|program|steps?|compare|python|rust|javascript|bash|tokens|rate|delay",
    re.IGNORECASE,
)
"""Words that do not say what a prompt is about."""
_LANGUAGES = {
    "rust": (
        "rust",
        "fn {name}(items: &[&str]) -> usize {{\n    items.iter().filter(|item| !item.is_empty()).count()\n}}",
    ),
    "javascript": (
        "javascript",
        (
            "export function {name}(items) {{\n  const seen = new Map();\n  for (const item of items) {{\n"
            "    seen.set(item, (seen.get(item) ?? 0) + 1);\n  }}\n  return seen;\n}}"
        ),
    ),
    "sql": (
        "sql",
        "SELECT name, COUNT(*) AS total\nFROM {name}\nWHERE created_at >= DATE('now', '-30 days')\nGROUP BY name\nORDER BY total DESC;",
    ),
    "bash": (
        "bash",
        "{name}() {{\n  local folder=${{1:-.}}\n  find \"$folder\" -type f -name '*.log' -mtime +7 -print\n}}",
    ),
    "python": (
        "python",
        (
            "from collections import Counter\n\n\ndef {name}(items: list[str]) -> Counter[str]:\n"
            '    """Count the items, without regard to case."""\n    counts: Counter[str] = Counter()\n    for item in items:\n'
            "        counts[item.lower()] += 1\n    return counts"
        ),
    ),
}
_OPENINGS = (
    "The short version: {topic} is mostly a question of **what may change** and what must stay.",
    "It helps to look at {topic} from the outside first, and at the details second.",
    "There are two sensible ways to go about {topic}; they differ in what they cost *later*.",
)
_POINTS = (
    "**Start small.** Take the smallest part of {topic} that can stand on its own.",
    "**Name things.** Half of the trouble with {topic} is two words for one thing.",
    "**Measure.** Write down one number before you touch {topic}, and look at it again afterwards.",
    "**Keep the way back.** Whatever you do to {topic}, be able to undo it in one step.",
    "**Ask who waits.** Somebody depends on {topic}; find out who before they do.",
    "**Leave a note.** Say why {topic} is the way it is, not what it is.",
)
_THOUGHTS = (
    "The prompt is about {topic}, so the first thing is to see what is really being asked.",
    "A plain answer would do, but the limits of {topic} matter here and should be named.",
    "Two readings are possible; the more useful one treats {topic} as a decision and not as a definition.",
    "I should give the result first, then the reasons, and keep the example short.",
)
_CLOSINGS = (
    "If you tell me more about your case, the next answer can be narrower.",
    "The rest is detail, and detail is cheap to change.",
    "Try it on something small and see whether it holds.",
)


def answer(prompt: str, model_id: str) -> str:
    """The answer's text: code, a table or a list where the prompt asks for one; dearer models say more."""
    words = prompt.lower()
    seed = f"{model_id}\n{prompt}"
    topic = _topic(prompt)
    said = [f"*Simulated answer of demo/{model_id}; no model was asked.*"]
    if len(words.split()) <= 3 and re.match(r"(hi|hello|hey|good (morning|evening))\b", words):
        return (
            f"{said[0]}\n\nHello! Ask me for code, a table or a list, or write `fail 500` to see how a failure looks."
        )
    said.append(_shuffled(_OPENINGS, seed)[0].format(topic=topic))
    if re.search(r"\b(code|function|script|program|sql|python|rust|bash|javascript|regex|implement)\b", words):
        said.append(_code(words, topic))
    if re.search(r"\b(table|compare|comparison|versus|vs|difference|differences)\b", words):
        said.append(_table(topic, seed))
    points = _shuffled(_POINTS, seed)[: {"swift": 2, "steady": 3}.get(model_id, 5)]
    if re.search(r"\b(list|steps?|plan|how|ways)\b", words):
        said.append("\n".join(f"{number}. {point.format(topic=topic)}" for number, point in enumerate(points, 1)))
    elif model_id != "swift":
        said.append("\n".join(f"- {point.format(topic=topic)}" for point in points))
    if model_id == "deep":
        said.append(f"## Where it ends\n\n> Nothing about {topic} is free: what you do not pay now, you pay in upkeep.")
    said.append(_shuffled(_CLOSINGS, seed)[0])
    return "\n\n".join(said)


def reasoning(prompt: str, model_id: str) -> str:
    """What the model pretends to think first; empty for models that do not reason."""
    if model_id != "deep":
        return ""
    topic = _topic(prompt)
    thoughts = _shuffled(_THOUGHTS, prompt)[:3]
    return "\n\n".join(thought.format(topic=topic) for thought in thoughts)


def tokens(text: str) -> list[str]:
    """The text in pieces about the size of tokens: words with the space around them."""
    return _TOKEN.findall(text)


def of_length(text: str, count: int) -> list[str]:
    """Exactly `count` tokens: the text, cut or repeated in paragraphs."""
    pieces = tokens(text + "\n\n")
    return [pieces[at % len(pieces)] for at in range(count)]


def _shuffled(options: tuple[str, ...], seed: str) -> list[str]:
    """The options in an order that the seed alone decides."""
    return sorted(options, key=lambda option: sha256(f"{seed}\n{option}".encode("utf-8", "replace")).digest())


def _topic(prompt: str) -> str:
    words = [word for word in _WORD.findall(prompt) if not _ORDINARY.fullmatch(word)]
    return max(words, key=len).lower() if words else "this question"


def _code(words: str, topic: str) -> str:
    language, template = next((_LANGUAGES[name] for name in _LANGUAGES if name in words), _LANGUAGES["python"])
    name = re.sub(r"\W+", "_", topic.encode("ascii", "ignore").decode()).strip("_") or "example"
    return f"```{language}\n{template.format(name=name)}\n```"


def _table(topic: str, seed: str) -> str:
    rows = (
        "| smallest change | an hour | low |",
        "| careful rewrite | a week | medium |",
        "| leave it alone | nothing | grows |",
    )
    return "\n".join((f"| Way to treat {topic} | Cost | Risk |", "|---|---|---|", *_shuffled(rows, seed)))
