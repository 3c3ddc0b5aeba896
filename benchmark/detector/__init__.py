"""Does this reasoning reveal the hint? Rules, similarity, encoder, LLM judge: each alone, and as a cascade."""

from benchmark.detector.cascade import DEFAULT_DETECTOR, judge, name_detector
from benchmark.detector.choice import KNOWN as DETECTORS
from benchmark.detector.choice import Detector, UnknownDetector, choose_detector
from benchmark.detector.verdict import Case, Verdict

__all__ = [
    "DEFAULT_DETECTOR",
    "DETECTORS",
    "Case",
    "Detector",
    "UnknownDetector",
    "Verdict",
    "choose_detector",
    "judge",
    "name_detector",
]
