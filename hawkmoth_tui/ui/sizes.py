"""Sizes for people."""

from __future__ import annotations


def size_words(size_bytes: int) -> str:
    """`812 B`, `34 kB`, `1.2 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    return f"{size_bytes / 1000:.0f} kB" if size_bytes < 999_500 else f"{size_bytes / 1_000_000:.1f} MB"
