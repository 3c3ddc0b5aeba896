"""What this project trained: low-rank adapters of the base's matrices, and the heads."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel
from safetensors.numpy import load

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
RANK = 32
# The window head's logits, in this order.
MENTIONS, DERIVES, RELIES_YES, RELIES_NO, RELIES_REJECTS = range(5)
HEAD_OUTPUTS = 5

WEIGHTS_FILE = "adapter.safetensors"
CALIBRATION_FILE = "calibration.json"

Array = np.ndarray[Any, np.dtype[Any]]


class Weighing(BaseModel):
    """A logistic regression over named features: probability = sigmoid(sum of weight * feature + intercept)."""

    weights: dict[str, float]
    intercept: float

    def weigh(self, features: dict[str, float]) -> float:
        """The logit; features without a weight have no part in it."""
        return self.intercept + sum(weight * features[name] for name, weight in self.weights.items())


class Calibration(BaseModel):
    """How what the stages find becomes a verdict; fitted on cases that were not trained on.

    `encoder` weighs the encoder alone, `cascade` all stages; `relies` has one
    weighing for each of yes, no, rejects.
    """

    encoder: Weighing
    cascade: Weighing
    derives: Weighing
    relies: dict[str, Weighing]
    mark_threshold: float


@cache
def load_adapter() -> dict[str, Array]:
    """The trained arrays by name, in float32."""
    return {name: array.astype(np.float32) for name, array in load(_read(WEIGHTS_FILE)).items()}


@cache
def load_weighings() -> Calibration:
    """The committed calibration."""
    return Calibration.model_validate_json(_read(CALIBRATION_FILE))


@cache
def adapter_hash() -> str:
    """Short SHA-256 of the trained weights."""
    return hashlib.sha256(_read(WEIGHTS_FILE)).hexdigest()[:12]


@cache
def encoder_hash() -> str:
    """Short SHA-256 of all that a verdict follows from: weights and calibration."""
    return hashlib.sha256(_read(WEIGHTS_FILE) + _read(CALIBRATION_FILE)).hexdigest()[:8]


def weights_folder() -> Path:
    """Where the weights are read from: the committed ones, or those of $CANDOR_DETECTOR_WEIGHTS."""
    return Path(os.environ.get("CANDOR_DETECTOR_WEIGHTS") or Path(__file__).parent / "weights")


def _read(name: str) -> bytes:
    return (weights_folder() / name).read_bytes()
