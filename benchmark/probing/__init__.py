"""Early commitment: stored reasonings cut short, and the answer that the model is then forced to give."""

from benchmark.probing.cutting import CUTS, Prefix, cut_by_graphemes, cut_by_tokens
from benchmark.probing.probing import ProbeTally, probe_stored
from benchmark.probing.replaying import Sample, StoredTrial, list_trials, read_entries, replay

__all__ = [
    "CUTS",
    "Prefix",
    "ProbeTally",
    "Sample",
    "StoredTrial",
    "cut_by_graphemes",
    "cut_by_tokens",
    "list_trials",
    "probe_stored",
    "read_entries",
    "replay",
]
