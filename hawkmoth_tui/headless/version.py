"""The version, read from the installed distribution when it is asked for."""

from __future__ import annotations


def version_line() -> str:
    """`hawkmoth 0.1.0`."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"hawkmoth {version('hawkmoth-tui')}"
    except PackageNotFoundError:
        return "hawkmoth (run from a folder, not installed)"
