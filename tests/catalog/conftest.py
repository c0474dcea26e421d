"""The shipped vocabulary and the installed price list, each read once for all tests of the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.catalog import pricelist, vocabulary

if TYPE_CHECKING:
    from hawkmoth_tui.catalog.pricelist import PriceList
    from hawkmoth_tui.catalog.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def shipped() -> Vocabulary:
    return vocabulary.load()


@pytest.fixture(scope="session")
def price_list() -> PriceList:
    return pricelist.read(datetime(2026, 11, 20, 12, tzinfo=UTC))
