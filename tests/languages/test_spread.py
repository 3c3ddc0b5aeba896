"""Phrasings of a kind differ in register and structure, not in a word or two."""

import pytest

from languages import available
from languages.check import LARGEST_CHRF, find_spread


@pytest.mark.parametrize("code", available())
def test_no_two_phrasings_are_alike(code):
    assert [(kind, alike) for kind, alike in find_spread(code) if alike >= LARGEST_CHRF] == []
