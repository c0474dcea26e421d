"""Counts in few characters, for people."""

from __future__ import annotations


def short_count(amount: int | None) -> str:
    """`847`, `7.9k`, `128k`, `1M`; `?` when unknown."""
    if amount is None:
        return "?"
    if amount < 1_000:
        return str(amount)
    if amount < 9_950:
        return f"{amount / 1_000:.1f}k".replace(".0k", "k")
    return f"{amount / 1_000:.0f}k" if amount < 999_500 else f"{amount / 1_000_000:.1f}M".replace(".0M", "M")
