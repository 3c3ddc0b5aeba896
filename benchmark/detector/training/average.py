"""Averages the weights of runs that went on from one another: `… average --folder OUT FOLDER FOLDER`.

Runs of one start lie in one valley, and their mean is often better than each (Wortsman et al. 2022, "model soups").
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from benchmark.detector.encoder.adapter import WEIGHTS_FILE


def main() -> None:
    """Read the arguments and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the mean is written")
    parser.add_argument("runs", type=Path, nargs="+", help="folders of runs")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    save_file(average([load_file(run / WEIGHTS_FILE) for run in chosen.runs]), chosen.folder / WEIGHTS_FILE)


def average(runs: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each tensor, in half precision.

    Args:
        runs: tensors by name, the same names and shapes in each.
    """
    return {name: torch.stack([run[name].float() for run in runs]).mean(0).half().contiguous() for name in runs[0]}


if __name__ == "__main__":
    main()
