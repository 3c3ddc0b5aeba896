"""What the calibration model really wrote is recognised by its own sentences."""

import random

import pytest

from benchmark.calibration.corpus import draw_example
from benchmark.normalise import fold
from candor.calibrate import mention_pattern
from languages import available


@pytest.mark.parametrize("code", available())
def test_realised_disclosure_is_read_off_the_planted_sentences(code):
    draw = random.Random(3)
    for _ in range(80):
        for branch in draw_example(draw, (code,)).branches:
            assert bool(mention_pattern(code).search(fold(branch.reply))) == branch.discloses, branch.reply
