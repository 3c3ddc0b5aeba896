"""Trains the adapter and the heads: `python -m benchmark.detector.training.train --folder OUT`.

Seeded; minutes on a GPU, an hour or two on two CPU cores. What it writes is what
`benchmark/detector/encoder/weights/` holds.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from benchmark.detector.encoder.adapter import DERIVES, MENTIONS, RELIES_YES, WEIGHTS_FILE
from benchmark.detector.encoder.base import find_base_file, read_base
from benchmark.detector.encoder.windows import join_pair
from benchmark.detector.training.cases import REPORT, TRAIN, load_cases, part_of
from benchmark.detector.training.examples import UNKNOWN, Example, draw_epoch
from benchmark.detector.training.network import PairReader

PAD = 1
LEARNING_RATE, HEAD_RATE, WARM_UP = 6e-4, 1e-3, 0.06
DECAY = 0.01
DROPOUT = 0.1
# Beside the mention's own loss of weight 1.
DERIVES_WEIGHT, RELIES_WEIGHT, MARKS_WEIGHT = 0.5, 0.6, 0.5
MARK_POSITIVE = 3.0
SMOOTHING = 0.03
LARGEST_GRADIENT = 1.0


@dataclass(frozen=True)
class Batch:
    """Padded examples: ids, passage, real and marks are (batch, length); the labels are (batch)."""

    ids: Tensor
    passage: Tensor
    real: Tensor
    marks: Tensor
    mentions: Tensor
    derives: Tensor
    relies: Tensor


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the weights are written after every epoch")
    parser.add_argument("--start", type=Path, help="a folder of an earlier run to go on from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=0, help="only so many of the first epoch")
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="highest learning rate of the adapters")
    parser.add_argument("--tokens", type=int, default=3072, help="tokens in a batch")
    parser.add_argument("--frozen-layers", type=int, default=0)
    parser.add_argument("--leave-out", default="", help="languages to train without, e.g. en,sw")
    parser.add_argument("--all-writers", action="store_true", help="train on the held-out writers too (no report then)")
    chosen = parser.parse_args()
    train(chosen)


def train(chosen: argparse.Namespace) -> None:
    """Train as the arguments say; weights stand in `folder` after every epoch."""
    torch.manual_seed(chosen.seed)
    draw = random.Random(chosen.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    base = read_base(find_base_file())
    network = PairReader(base, chosen.frozen_layers).to(device)
    if chosen.start:
        network.load_state_dict(load_file(chosen.start / WEIGHTS_FILE), strict=False)
    left_out = set(filter(None, chosen.leave_out.split(",")))
    parts = (TRAIN, REPORT) if chosen.all_writers else (TRAIN,)
    cases = [case for case in load_cases() if case.case.language not in left_out and part_of(case) in parts]
    epochs = [list(_batch(draw, draw_epoch(draw, base.tokenizer, cases), chosen.tokens)) for _ in range(chosen.epochs)]
    if chosen.steps:
        epochs = [epochs[0][: chosen.steps]]
    steps = sum(map(len, epochs))
    optimizer = _make_optimizer(network, chosen.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / steps))
    chosen.folder.mkdir(parents=True, exist_ok=True)
    print(f"{len(cases)} cases, {steps} steps on {device}", flush=True)
    began, done = time.monotonic(), 0
    for number, batches in enumerate(epochs, 1):
        network.train()
        for examples in batches:
            batch = stack(examples, device)
            with torch.autocast(device, torch.bfloat16):
                windows, tokens = network(batch.ids, batch.passage, batch.real, DROPOUT)
            losses = compute_losses(windows.float(), tokens.float(), batch)
            loss = sum(losses.values(), torch.zeros((), device=device))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), LARGEST_GRADIENT)
            optimizer.step()
            schedule.step()
            done += 1
            if done % 25 == 0:
                said = ", ".join(f"{name} {value.item():.3f}" for name, value in losses.items())
                print(f"epoch {number}, step {done} of {steps}: {said}; {time.monotonic() - began:.0f} s", flush=True)
        save(network, chosen.folder)


def save(network: PairReader, folder: Path) -> None:
    """Write what was trained, and nothing of the base, in half precision."""
    trained = {name: value.detach().half().cpu().contiguous() for name, value in network.named_parameters()}
    save_file(trained, folder / WEIGHTS_FILE)


def stack(examples: list[Example], device: str) -> Batch:
    """Pad examples to one length."""
    pairs = [join_pair(example.hint, example.window) for example in examples]
    length = max(len(pair.ids) for pair in pairs)
    ids = torch.full((len(pairs), length), PAD)
    passage, real = torch.zeros(len(pairs), length), torch.zeros(len(pairs), length)
    marks = torch.full((len(pairs), length), float(UNKNOWN))
    for row, (pair, example) in enumerate(zip(pairs, examples, strict=True)):
        ids[row, : len(pair.ids)] = torch.from_numpy(pair.ids)
        passage[row, : len(pair.ids)] = torch.from_numpy(pair.passage)
        real[row, : len(pair.ids)] = 1
        if example.marks:
            marks[row, : len(pair.ids)][passage[row, : len(pair.ids)] == 1] = torch.tensor(example.marks).float()
    labels = {
        name: torch.tensor([getattr(example, name) for example in examples])
        for name in ("mentions", "derives", "relies")
    }
    tensors = {"ids": ids, "passage": passage, "real": real, "marks": marks, **labels}
    return Batch(**{name: tensor.to(device) for name, tensor in tensors.items()})


def compute_losses(windows: Tensor, tokens: Tensor, batch: Batch) -> dict[str, Tensor]:
    """The weighted losses of the heads; labels that are UNKNOWN have no part in them."""
    known = batch.relies != UNKNOWN
    stances = windows[known][:, RELIES_YES:]
    return {
        "mentions": _binary(windows[:, MENTIONS], batch.mentions.float()),
        "derives": DERIVES_WEIGHT * _binary(windows[:, DERIVES], batch.derives.float()),
        "relies": RELIES_WEIGHT
        * functional.cross_entropy(stances, batch.relies[known], reduction="sum")
        / known.sum().clamp(min=1),
        "marks": MARKS_WEIGHT * _binary(tokens, batch.marks, MARK_POSITIVE),
    }


def _binary(logits: Tensor, labels: Tensor, positive: float = 1.0) -> Tensor:
    known = labels != UNKNOWN
    if not known.any():
        return logits.sum() * 0
    smooth = labels[known] * (1 - 2 * SMOOTHING) + SMOOTHING
    weight = torch.tensor(positive, device=logits.device)
    return functional.binary_cross_entropy_with_logits(logits[known], smooth, pos_weight=weight)


def _batch(draw: random.Random, examples: list[Example], tokens: int) -> Iterator[list[Example]]:
    """Batches of examples of like length, in random order."""
    ordered = sorted(examples, key=lambda example: (_length(example) + draw.randint(0, 24), draw.random()))
    batches: list[list[Example]] = [[]]
    longest = 0
    for example in ordered:
        longest = max(longest, _length(example))
        if batches[-1] and longest * (len(batches[-1]) + 1) > tokens:
            batches.append([])
            longest = _length(example)
        batches[-1].append(example)
    draw.shuffle(batches)
    yield from batches


def _length(example: Example) -> int:
    return len(example.hint) + len(example.window.ids) + 4


def _make_optimizer(network: PairReader, rate: float) -> torch.optim.Optimizer:
    heads = [*network.window_head.parameters(), *network.token_head.parameters()]
    adapters = list(network.layers.parameters())
    return torch.optim.AdamW(
        [{"params": heads, "lr": min(HEAD_RATE, 2 * rate)}, {"params": adapters, "lr": rate}], weight_decay=DECAY
    )


def _rate(done: float) -> float:
    if done < WARM_UP:
        return done / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


if __name__ == "__main__":
    main()
