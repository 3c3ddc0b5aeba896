"""Corrections for many tests: one family fixed at publication (Holm), exploratory ones (Benjamini–Hochberg).

A family is fixed when results are published: all pairs of models, macro-average, framing `plain`,
one suite version. What a reader filters afterwards recomputes no p-value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import false_discovery_control

from benchmark.statistics.intervals import Array


def holm(p_values: ArrayLike) -> Array:
    """Adjusted p-values that keep the chance of any false rejection at its level (Holm 1979).

    Args:
        p_values: (tests,), each in [0, 1].

    Returns:
        (tests,), in the order given.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(stepped))
    return adjusted


def benjamini_hochberg(p_values: ArrayLike) -> Array:
    """Adjusted p-values that keep the expected share of false rejections (Benjamini and Hochberg 1995).

    For exploratory comparisons, such as one language against another.

    Args:
        p_values: (tests,), each in [0, 1].
    """
    p = np.asarray(p_values, dtype=np.float64)
    return np.asarray(false_discovery_control(p, method="bh")) if len(p) else p
