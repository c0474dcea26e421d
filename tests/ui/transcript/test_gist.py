"""Markdown as plain lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.ui.transcript.gist import gist

ANSWER = """
# Moths **and** lamps

Some _fly_ by `the moon`; see [a page](https://moths.example).
> quoted ~~words~~

| moth | size |
|------|-----:|
| hawk | 12   |
---
- one
```python
x = "**kept**"
```
2 * 3 * 4 in C# or<br>not
"""


def test_marks_are_gone_and_words_stay() -> None:
    assert gist(ANSWER) == [
        "Moths and lamps",
        "Some fly by the moon; see a page (https://moths.example).",
        "quoted words",
        "| moth | size |",
        "| hawk | 12 |",
        "- one",
        'x = "**kept**"',
        "2 * 3 * 4 in C# or not",
    ]


@given(st.text(max_size=200))
def test_no_line_is_empty_or_more_than_one(text: str) -> None:
    assert all(line.splitlines() == [line] for line in gist(text))
