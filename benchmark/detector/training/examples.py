"""Training examples from labelled cases: their windows, and new texts made of their parts.

A mention spliced into reasoning that has none, reasoning paired with a hint it never
saw, several reasonings in a row: real reasoning is long and most of it is about
something else, and a detector trained on short tidy cases alone cries wolf on it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tokenizers import Tokenizer

from benchmark.detector.encoder.windows import Window, describe_hint, encode_hint, split_windows
from benchmark.detector.sentences import split_sentences
from benchmark.detector.training.cases import Labelled
from benchmark.detector.training.hollow import draw_hollow
from benchmark.detector.verdict import Case
from languages import load

UNKNOWN = -1
SPLICE = "splice"
RELIES = ("yes", "no", "rejects")
# Parts of an evidence's tokens that a window must hold to be called a mention, and to be called none.
HOLDS, LACKS = 0.6, 0.05
SPLICED, STRANGERS, ROWS, CLIPPED, EMPTY = 0.5, 0.5, 0.15, 0.8, 0.5
LONGEST_CLIP = 3
SUBSTANCE = ("coincidence", "own_steps", "subject")
LONGEST_EVIDENCE = 420


@dataclass(frozen=True)
class Example:
    """One (hint, window) pair with its labels; UNKNOWN where nothing can be said.

    `marks` says of each token of the window whether it belongs to the evidence.
    """

    hint: tuple[int, ...]
    window: Window
    mentions: int
    derives: int
    relies: int
    marks: tuple[int, ...]


def draw_epoch(draw: random.Random, tokenizer: Tokenizer, cases: list[Labelled]) -> list[Example]:
    """All cases once, and texts made of their parts, as examples in random order."""
    examples = [
        example
        for labelled in [*cases, *compose(draw, cases)]
        for example in cut_examples(tokenizer, labelled)
        if example.mentions != UNKNOWN
    ]
    draw.shuffle(examples)
    return examples


def cut_examples(tokenizer: Tokenizer, labelled: Labelled) -> Iterator[Example]:
    """A labelled text's windows with their labels."""
    hint = encode_hint(tokenizer, describe_hint(labelled.case))
    for window in split_windows(tokenizer, labelled.text, split_sentences(labelled.text)):
        marks = tuple(
            int(any(start < end_ and end > start_ for start_, end_ in labelled.evidence))
            for start, end in window.offsets
        )
        shown = max((_share_within(window, span) for span in labelled.evidence), default=0.0)
        positive = labelled.mentions or labelled.derives
        if positive and LACKS < shown < HOLDS:
            continue
        holds = positive and shown >= HOLDS
        # A case names its plainest evidence; what its other windows say is not known, but in a spliced text it is.
        silent = UNKNOWN if positive and not holds and labelled.category != SPLICE else 0
        yield Example(
            hint=hint,
            window=window,
            mentions=int(labelled.mentions) if holds else silent,
            derives=int(labelled.derives) if holds else silent,
            relies=RELIES.index(labelled.relies) if holds and labelled.relies in RELIES else UNKNOWN,
            marks=marks,
        )


def _share_within(window: Window, span: tuple[int, int]) -> float:
    start, end = span
    return max(0, min(end, window.end) - max(start, window.start)) / max(1, end - start)


def compose(draw: random.Random, cases: list[Labelled]) -> Iterator[Labelled]:
    """Texts made of the cases' parts: about one for each case."""
    silent: dict[str, list[Labelled]] = defaultdict(list)
    by_kind: dict[tuple[str, str], list[Labelled]] = defaultdict(list)
    for labelled in cases:
        by_kind[labelled.case.language, labelled.case.hint_kind].append(labelled)
        if not (labelled.mentions or labelled.derives):
            silent[labelled.case.language].append(labelled)
    for labelled in cases:
        if draw.random() < EMPTY:
            yield draw_hollow(draw, labelled)
        if draw.random() < CLIPPED:
            yield from clip(draw, labelled)
        hosts = silent[labelled.case.language]
        if labelled.mentions and labelled.evidence and draw.random() < SPLICED and len(hosts) > 1:
            yield from _splice(draw, labelled, draw.choice(hosts))
        elif not (labelled.mentions or labelled.derives):
            if draw.random() < STRANGERS:
                stranger = draw.choice(cases)
                same = by_kind.get((labelled.case.language, stranger.case.hint_kind)) or [stranger]
                yield _pair(labelled, draw.choice(same).case)
            if draw.random() < ROWS:
                others = draw.choices(hosts, k=2)
                yield replace(labelled, text="\n\n".join([labelled.text, *(other.text for other in others)]))


def clip(draw: random.Random, labelled: Labelled) -> Iterator[Labelled]:
    """A sentence or a few: of a silent text any, else those with the evidence. Short and empty is not yet a mention."""
    sentences = split_sentences(labelled.text)
    if not sentences:
        return
    if labelled.mentions or labelled.derives:
        if not labelled.evidence:
            return
        start, end = labelled.evidence[0]
        held = [n for n, sentence in enumerate(sentences) if sentence.start < end and sentence.end > start]
        first, last = held[0], held[-1]
        last = min(len(sentences) - 1, last + draw.randint(0, 1))
    else:
        length = draw.randint(1, LONGEST_CLIP)
        # The end, where the answer is given, as often as any other place.
        latest = max(0, len(sentences) - length)
        first = latest if draw.random() < 0.5 else draw.randint(0, latest)
        last = min(len(sentences) - 1, first + length - 1)
    begin, finish = sentences[first].start, sentences[last].end
    evidence = tuple(
        (start - begin, end - begin) for start, end in labelled.evidence if begin <= start and end <= finish
    )
    if (labelled.mentions or labelled.derives) and not evidence:
        return
    yield replace(labelled, text=labelled.text[begin:finish], evidence=evidence[:1])


def lengthen(draw: random.Random, cases: list[Labelled], others: int) -> Iterator[Labelled]:
    """Every case among so many silent reasonings of its language; its label stays, its evidence is left out.

    Most of a long reasoning is about its subject, so these are; ten near misses in a row nobody writes.
    """
    silent: dict[str, list[Labelled]] = defaultdict(list)
    for labelled in cases:
        if labelled.category in SUBSTANCE and not (labelled.mentions or labelled.derives):
            silent[labelled.case.language].append(labelled)
    for labelled in cases:
        texts = [other.text for other in draw.choices(silent[labelled.case.language], k=others)]
        texts.insert(draw.randint(0, others), labelled.text)
        yield replace(labelled, text="\n\n".join(texts), evidence=())


def _pair(labelled: Labelled, other: Case) -> Labelled:
    """Reasoning without a mention, beside a hint that it never saw."""
    case = replace(labelled.case, hint_kind=other.hint_kind, hint_text=other.hint_text, target=other.target)
    return replace(labelled, case=case)


def _splice(draw: random.Random, labelled: Labelled, host: Labelled) -> Iterator[Labelled]:
    """One mention's sentences put between two sentences of a reasoning that has none."""
    start, end = labelled.evidence[0]
    for sentence in split_sentences(labelled.text):
        if sentence.start < end and sentence.end > start:
            start, end = min(start, sentence.start), max(end, sentence.end)
    if end - start > LONGEST_EVIDENCE:
        return
    mention = labelled.text[start:end].strip()
    sentences = split_sentences(host.text)
    at = draw.choice(sentences).start if sentences else 0
    gap = load(labelled.case.language).language.gap
    before, after = host.text[:at], host.text[at:]
    first, last = labelled.evidence[0]
    inner = len(before) + first - start - (len(labelled.text[start:end]) - len(labelled.text[start:end].lstrip()))
    yield replace(
        labelled,
        category=SPLICE,
        text=f"{before}{mention}{gap}{after}",
        evidence=((max(len(before), inner), min(len(before) + len(mention), inner + last - first)),),
        derives=False,
        # Whether the answer rests on it is no longer told by the text; whether it is rejected still is.
        relies=labelled.relies if labelled.relies == "rejects" else "",
    )
