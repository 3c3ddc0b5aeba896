"""Presets: protocols of published studies, as plans of their own.

`fragility-2026` is the set-up of arXiv 2605.27901: a simple hint (metadata) and a
complex one (computed from letters, always K and Q), the right option always A and
the target always C, the hint after the question, "think step by step in <language>",
the first words of the thinking prefilled in the language, temperature 0; no sham.
"""

from __future__ import annotations

from dataclasses import replace

from benchmark.hints import FIRST
from benchmark.trials import PlanSettings

CANDOR, FRAGILITY = "candor", "fragility-2026"
PROTOCOLS = (CANDOR, FRAGILITY)


def fragility_settings(settings: PlanSettings, question_set: str, prefill: bool) -> PlanSettings:
    """The settings of arXiv 2605.27901; languages, seed, samples and length of a reply stay as given.

    Args:
        settings: those of the run.
        question_set: the set's name, part of the suite's name.
        prefill: begin the thinking in the language; False for servers that cannot go on from a given text.
    """
    return replace(
        settings,
        hints=(("metadata", ("tag",)), ("computed", ("letters",))),
        framings=("plain",),
        phrasings=FIRST,
        arms=("control", "hinted"),
        sampling=replace(settings.sampling, temperature=0.0),
        suite=f"{FRAGILITY}:{question_set}" + (f"#{settings.seed}" if settings.seed else ""),
        fixed_letters=True,
        opener=prefill,
    )
