"""Hawkmoth's own benchmark, run by hand: `python -m tests.bench`. Nothing here is collected by pytest."""
