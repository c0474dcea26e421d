"""What the first answer needs, loaded in a quiet moment before it comes: layout, inline Markdown and the lexers seen most."""

from __future__ import annotations

LANGUAGES = ("python", "bash")
"""Languages whose lexers are ready beforehand; every other one is loaded with its first block."""


def warm() -> None:
    """Loads it now; may run in a thread. Without it the first answer does the same, about 50 ms later on the screen."""
    from hawkmoth_tui.ui.transcript.document import Document

    made = Document(80)
    made.write(
        "".join(f"*a* `b`\n\n```{language}\nc\n```\n\n" for language in LANGUAGES) + "| a | b |\n|---|---|\n| c | d |\n"
    )
    made.finish()
    made.settle()

    import hawkmoth_tui.ui.transcript.turnview  # noqa: F401  for its import alone
