"""How the transcript looks: its style words as component classes, every colour a variable of the theme."""

from __future__ import annotations

PREFIX = "transcript--"
"""Before a style word: the component class."""

WORDS = (
    *("user", "bar", "header", "live", "state", "cost", "reason", "dim", "error", "tool", "thinking", "label", "key"),
    *("heading", "h1", "strong", "em", "strike", "literal", "link", "quote", "bullet", "rule"),
    *(
        "code",
        "keyword",
        "string",
        "comment",
        "number",
        "name",
        "position",
        "badge",
        "selection",
        "marker",
        "found",
        "here",
    ),
)
"""Every style word that a span may have."""

CSS = """
Transcript {
    height: 1fr;
    overflow: hidden hidden;
    color: $foreground;
    background: $background;
    & > .transcript--user { color: $user; }
    & > .transcript--bar { text-style: bold; }
    & > .transcript--header { color: $header; text-style: bold; }
    & > .transcript--live { color: $route; }
    & > .transcript--state { color: $warning; }
    & > .transcript--cost { color: $cost; }
    & > .transcript--reason { color: $header; }
    & > .transcript--dim { color: $thinking; }
    & > .transcript--error { color: $error; }
    & > .transcript--tool { color: $route; }
    & > .transcript--key { color: $route; }
    & > .transcript--thinking { color: $thinking; }
    & > .transcript--label { color: $thinking; text-style: italic; }
    & > .transcript--heading { color: $primary; text-style: bold; }
    & > .transcript--h1 { text-style: bold underline; }
    & > .transcript--strong { text-style: bold; }
    & > .transcript--em { text-style: italic; }
    & > .transcript--strike { text-style: strike; }
    & > .transcript--literal { color: $code-string; background: $code-background; }
    & > .transcript--link { color: $primary; text-style: underline; }
    & > .transcript--quote { color: $header; }
    & > .transcript--bullet { color: $accent; }
    & > .transcript--rule { color: $rule; }
    & > .transcript--code { background: $code-background; }
    & > .transcript--keyword { color: $code-keyword; }
    & > .transcript--string { color: $code-string; }
    & > .transcript--comment { color: $code-comment; }
    & > .transcript--number { color: $code-number; }
    & > .transcript--name { color: $code-name; }
    & > .transcript--position { color: $rule; }
    & > .transcript--badge { color: $background; background: $accent; text-style: bold; }
    & > .transcript--selection { color: $screen-selection-foreground; background: $screen-selection-background; }
    & > .transcript--marker { color: $accent; text-style: bold; }
    & > .transcript--found { text-style: underline bold; }
    & > .transcript--here { color: $background; background: $accent; text-style: bold; }
}
"""
"""The default styles of the widget."""
