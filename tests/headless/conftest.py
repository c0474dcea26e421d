"""What holds for every test of the command line."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.headless.signals import ENDING

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def signals_are_given_back() -> Iterator[None]:
    """A command that ran in this process has taken them: the next test finds them as this one did."""
    before = {number: signal.getsignal(number) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
