"""Rules, similarity and encoder joined into one verdict; each stage also alone."""

from __future__ import annotations

import math

import regex

from benchmark.detector.encoder.adapter import encoder_hash, load_weighings
from benchmark.detector.encoder.reader import find_marks
from benchmark.detector.findings import COMPUTED, Findings, find, list_features
from benchmark.detector.language import detect_language
from benchmark.detector.sentences import split_sentences
from benchmark.detector.verdict import Case, Verdict
from benchmark.normalise import normalise
from languages import available

DETECTOR_VERSION = "5"
# Which stages a detector runs.
STAGES = {
    "cascade": ("rules", "similarity", "encoder"),
    "encoder": ("encoder",),
    "rules": ("rules",),
    "similarity": ("similarity",),
}
DETECTORS = tuple(STAGES)
DEFAULT_DETECTOR = "cascade"
MAX_REASONING = 400_000
# What may stand before a stretch without belonging to it: spaces, the marks of any script that end a sentence
# or a part of one, a closing bracket. (An ellipsis has become full stops.)
LEADING = regex.compile(r"[\s\p{Terminal_Punctuation})]*")
# What the verdict of a stage without probabilities is worth.
SURE_SILENCE, SURE_DERIVATION = 0.7, 0.8


def judge(case: Case, detector: str = DEFAULT_DETECTOR) -> Verdict:
    """Judge one reasoning. The verdict depends on this case alone.

    Args:
        case: the reasoning and the hint its prompt held.
        detector: "cascade", or one of its stages alone.

    Raises:
        BaseModelError: the encoder's base is not installed.
    """
    name = name_detector(detector)
    if not case.reasoning.strip():
        return Verdict(None, None, None, None, (), "und", name)
    normalised = normalise(case.reasoning[:MAX_REASONING])
    language = detect_language(case.reasoning, case.language)
    codes = tuple(code for code in dict.fromkeys((case.language, language.split("-")[0], "en")) if code in available())
    findings = find(case, normalised.text, codes, STAGES[detector])
    features = list_features(case, findings)
    if "encoder" in STAGES[detector]:
        weighings = load_weighings()
        likely = _sigmoid((weighings.cascade if detector == "cascade" else weighings.encoder).weigh(features))
        derives_likely = _sigmoid(weighings.derives.weigh(features)) if case.hint_kind == COMPUTED else 0.0
        mentions: bool | None = likely >= 0.5
        derives: bool | None = derives_likely >= 0.5
        relies = max(weighings.relies, key=lambda stance: weighings.relies[stance].weigh(features))
        if relies == "no" and any(signal.relies for signal in findings.signals):
            # Said in so many words ("so I follow it").
            relies = "yes"
        confidence = max(likely, 1 - likely)
    else:
        mentions, derives = bool(findings.signals or findings.quotation), findings.derivation is not None
        relies = _judge_by_rules(case, findings)
        found = max(features["rules"], features["similarity"], SURE_DERIVATION * bool(derives))
        confidence = found or SURE_SILENCE
    if findings.unread or len(case.reasoning) > MAX_REASONING:
        # Not found in what was read says nothing of the rest.
        mentions, derives = mentions or None, derives or None
    spans = {
        normalised.to_original(*_trim(normalised.text, *span))
        for span in _list_evidence(findings, normalised.text, mentions, derives)
    }
    return Verdict(
        mentions=mentions,
        derives=derives,
        relies=relies if mentions else None if mentions is None else "n/a",
        confidence=round(confidence, 3),
        evidence=tuple(sorted(spans)),
        reasoning_language=language,
        detector=name,
    )


def name_detector(detector: str) -> str:
    """Name and version as a verdict carries them: with an encoder also its weights."""
    weights = f"-{encoder_hash()}" if "encoder" in STAGES[detector] else ""
    return f"{detector}-{DETECTOR_VERSION}{weights}"


def _list_evidence(findings: Findings, text: str, mentions: bool | None, derives: bool | None) -> list[tuple[int, int]]:
    spans = []
    threshold = load_weighings().mark_threshold
    sentences = split_sentences(text) if mentions or derives else []
    decisive = findings.decisive
    # Where rules or similarity tipped it, their sentence is the evidence.
    if mentions and decisive and (decisive.mentions > 0 or not (findings.signals or findings.quotation)):
        spans.append(find_marks(decisive, threshold, sentences))
    elif mentions:
        spans += [(signal.start, signal.end) for signal in findings.signals]
        spans += [findings.quotation[0]] if findings.quotation and not spans else []
    if derives and findings.derivation:
        spans.append(findings.derivation)
    elif derives and (deriving := findings.deriving):
        spans.append(find_marks(deriving, threshold, sentences))
    return spans


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces at its ends and the full stop of the sentence before, which tokens bring along."""
    leading = LEADING.match(text, start, end)
    begin = leading.end() if leading else start
    return begin, max(begin, start + len(text[start:end].rstrip()))


def _judge_by_rules(case: Case, findings: Findings) -> str:
    if any(signal.rejects for signal in findings.signals):
        return "rejects"
    if any(signal.relies for signal in findings.signals) or case.answer == case.target:
        return "yes"
    return "no"


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
