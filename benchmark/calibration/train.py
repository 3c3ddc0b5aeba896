"""Train the calibration model: `python -m benchmark.calibration.train`.

Seeded; runs on a CPU in under an hour and on a GPU where there is one. Writes
the weights, tokenizer, chat template and planted rates to `model/` beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.progress import Progress
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from benchmark.calibration.copying import write_copy_heads
from benchmark.calibration.corpus import (
    CHOICE,
    DECIDED,
    IGNORED,
    OPENED,
    SILENT,
    START,
    TEXT,
    Branch,
    Example,
    draw_example,
    expected_rates,
)
from benchmark.calibration.decisions import draw_decision
from benchmark.calibration.drills import DRILLS, draw_drill
from benchmark.calibration.number_sense import write_number_sense
from benchmark.calibration.tokenizer import END, PAD, train_tokenizer
from languages import available

MODEL_FOLDER = Path(__file__).parent / "model"
CONTEXT = 4096
LAYERS = 6
# Weight in the loss of each token of a reply, by what it is.
WEIGHTS = {TEXT: 1.0, CHOICE: 5.0, START: 3.0, SILENT: 3.0, DECIDED: 3.0, OPENED: 3.0, IGNORED: 0.0}
# Whether there is a mention, and which, is settled by its first characters.
START_LENGTH = 12
ADAM_RATE = 3e-3
MUON_RATE = 0.01
POOL = 128
MIN_P = 0.04
SAVED_EVERY = 500
# Whole replies from the start would wash the copying heads out before they are of use.
ONLY_DRILLS = 0.06
FIRST_DRILLS, LAST_DRILLS = 0.6, 0.25
# Of the texts that are no drills.
DECISIONS = 0.4


def make_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """An untrained Llama of about 5 million parameters, with its copying heads written in."""
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=192,
        intermediate_size=512,
        num_hidden_layers=LAYERS,
        num_attention_heads=6,
        num_key_value_heads=6,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.convert_tokens_to_ids(PAD),
        eos_token_id=tokenizer.convert_tokens_to_ids(END),
        bos_token_id=None,
        attention_bias=True,
        rope_parameters={"rope_type": "default", "rope_theta": 500_000.0},
    )
    model = LlamaForCausalLM(config)
    write_copy_heads(model)
    return model


@dataclass(frozen=True)
class Encoded:
    """One conversation with its replies as a single row.

    `ids`, `weights` (0 in the prompt), `positions` and `branches` are equally long. The
    prompt is branch 0; each reply sees the prompt and itself, at the places right after the prompt.
    """

    ids: list[int]
    weights: list[float]
    positions: list[int]
    branches: list[int]


def encode(tokenizer: PreTrainedTokenizerFast, example: Example) -> Encoded:
    """Token ids of the prompt and all replies, and the weight of each token as a target."""
    prompt = "".join(f"<|{message['role']}|>{message['content']}{END}" for message in example.messages)
    ids: list[int] = tokenizer(prompt, add_special_tokens=False).input_ids
    length = len(ids)
    weights, positions, branches = [0.0] * length, list(range(length)), [0] * length
    for number, branch in enumerate(example.branches, start=1):
        start: list[int] = tokenizer(f"<|assistant|><|{branch.persona}|>", add_special_tokens=False).input_ids
        reply, own = _encode_reply(tokenizer, branch)
        ids += start + reply
        weights += [0.0] * len(start) + own
        positions += range(length, length + len(start) + len(reply))
        branches += [number] * (len(start) + len(reply))
    return Encoded(ids, weights, positions, branches)


def _encode_reply(tokenizer: PreTrainedTokenizerFast, branch: Branch) -> tuple[list[int], list[float]]:
    reply = branch.reply
    of_characters: list[float] = []
    for text, what in branch.pieces:
        own = [WEIGHTS[what]] * len(text)
        if what in (START, SILENT, DECIDED):
            after = WEIGHTS[IGNORED if what == DECIDED else TEXT]
            own[START_LENGTH:] = [after] * max(0, len(text) - START_LENGTH)
        of_characters += own
    is_cut = branch.pieces[-1][1] == DECIDED
    encoded = tokenizer(reply if is_cut else reply + END, add_special_tokens=False, return_offsets_mapping=True)
    weights: list[float] = []
    for first, last in encoded.offset_mapping:
        inside = of_characters[first:last]
        # A space before a letter belongs to the letter's token; what counts is the letter.
        weight = (max(inside) if reply[first:last].strip() else min(inside)) if inside else 1.0
        weights.append(weight * branch.share)
    # What is read no more is not made either.
    length = max(number for number, weight in enumerate(weights, start=1) if weight) if is_cut else len(weights)
    return encoded.input_ids[:length], weights[:length]


@dataclass(frozen=True)
class Batch:
    """Rows of like length; `ids`, `weights`, `positions`: (rows, longest); `sees`: (rows, 1, longest, longest)."""

    ids: torch.Tensor
    weights: torch.Tensor
    positions: torch.Tensor
    sees: torch.Tensor

    def to(self, device: str) -> Batch:
        """The same on another device."""
        return Batch(*(tensor.to(device) for tensor in (self.ids, self.weights, self.positions, self.sees)))


def make_batches(
    tokenizer: PreTrainedTokenizerFast,
    languages: tuple[str, ...],
    seed: int,
    tokens: int,
    drill_share: Callable[[], float],
    sorts: tuple[str, ...] = tuple(DRILLS),
) -> Iterator[Batch]:
    """Endless batches of about `tokens` tokens, each of texts of like length.

    `drill_share` is asked anew for every pool of texts; `sorts` are the drills' names.
    """
    draw = random.Random(seed)
    pad = tokenizer.convert_tokens_to_ids(PAD)
    while True:
        pool: list[Encoded] = []
        while len(pool) < POOL:
            example = _draw_text(draw, languages, drill_share(), sorts)
            if example and example.branches:
                pool.append(encode(tokenizer, example))
        pool.sort(key=lambda item: len(item.ids))
        batches: list[list[Encoded]] = [[]]
        for item in pool:
            if (len(batches[-1]) + 1) * len(item.ids) > tokens and batches[-1]:
                batches.append([])
            batches[-1].append(item)
        draw.shuffle(batches)
        for batch in batches:
            yield _stack(batch, pad)


def _draw_text(
    draw: random.Random, languages: tuple[str, ...], drills: float, sorts: tuple[str, ...]
) -> Example | None:
    if draw.random() < drills:
        return draw_drill(draw, sorts)
    return draw_decision(draw, languages) if draw.random() < DECISIONS else draw_example(draw, languages)


def _stack(rows: list[Encoded], pad: int) -> Batch:
    width = min(max(len(row.ids) for row in rows), CONTEXT)
    ids = torch.full((len(rows), width), pad)
    weights = torch.zeros(len(rows), width)
    positions = torch.zeros((len(rows), width), dtype=torch.long)
    branches = torch.full((len(rows), width), -1)
    for number, row in enumerate(rows):
        length = min(len(row.ids), width)
        ids[number, :length] = torch.tensor(row.ids[:width])
        weights[number, :length] = torch.tensor(row.weights[:width])
        positions[number, :length] = torch.tensor(row.positions[:width])
        branches[number, :length] = torch.tensor(row.branches[:width])
    before = torch.ones(width, width, dtype=torch.bool).tril()
    alike = branches[:, :, None] == branches[:, None, :]
    sees = before & (alike | (branches[:, None, :] == 0))
    return Batch(ids, weights, positions, sees[:, None])


def weighted_loss(model: LlamaForCausalLM, batch: Batch) -> tuple[torch.Tensor, float, float]:
    """Weighted mean cross-entropy of the reply tokens; logits are made for those alone.

    Returns:
        the loss, and the plain means over choices and over all other reply tokens.
    """
    hidden = model.model(
        input_ids=batch.ids, attention_mask=batch.sees, position_ids=batch.positions, use_cache=False
    ).last_hidden_state[:, :-1]
    wanted = batch.weights[:, 1:] > 0
    logits = model.lm_head(hidden[wanted]).float()
    losses = torch.nn.functional.cross_entropy(logits, batch.ids[:, 1:][wanted], reduction="none")
    weight = batch.weights[:, 1:][wanted]
    chosen = weight == WEIGHTS[CHOICE]
    of_choices = losses.detach()[chosen].mean().nan_to_num().item()
    of_text = losses.detach()[~chosen].mean().nan_to_num().item()
    return (losses * weight).sum() / weight.sum(), of_choices, of_text


def make_optimisers(model: LlamaForCausalLM) -> list[torch.optim.Optimizer]:
    """Muon for the layers' matrices (it needs about half of Adam's steps here), AdamW for the rest."""
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embed" not in name]
    known = {id(parameter) for parameter in matrices}
    rest = [parameter for parameter in model.parameters() if id(parameter) not in known]
    return [
        torch.optim.Muon(matrices, lr=MUON_RATE, momentum=0.95, weight_decay=0.01),
        torch.optim.AdamW(rest, lr=ADAM_RATE, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def train(
    seed: int,
    steps: int,
    tokens: int,
    vocabulary: int,
    folder: Path,
    start: Path | None,
    only_drills: float,
    drills: list[str],
) -> None:
    """Train and save everything that serving needs to `folder`; from scratch, or from a saved `start`."""
    languages = available()
    torch.manual_seed(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if start:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(start)
        model = LlamaForCausalLM.from_pretrained(start, dtype=torch.float32)
    else:
        tokenizer = train_tokenizer(languages, seed, vocabulary, examples=400 * len(languages))
        model = make_model(tokenizer)
    write_number_sense(model, tokenizer)
    model.to(device)
    size = sum(parameter.numel() for parameter in model.parameters())
    print(f"{size / 1e6:.2f} M parameters, {len(tokenizer)} tokens, {device}", flush=True)
    optimisers = make_optimisers(model)
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: learning_share(step, steps))
        for optimiser in optimisers
    ]
    began, running, step = time.monotonic(), (0.0, 0.0), 0
    batches = make_batches(
        tokenizer, languages, seed + 1, tokens, lambda: drill_share(step / steps, only_drills), tuple(drills)
    )
    with Progress() as progress:
        task = progress.add_task("training", total=steps)
        for step in range(1, steps + 1):
            batch = next(batches).to(device)
            # bfloat16 matrices: about 1.5 times as fast here, with no loss to see.
            with torch.autocast(device, dtype=torch.bfloat16):
                loss, choices, text = weighted_loss(model, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for optimiser, schedule in zip(optimisers, schedules, strict=True):
                optimiser.step()
                optimiser.zero_grad()
                schedule.step()
            share = max(0.02, 1 / step)
            running = (running[0] + share * (choices - running[0]), running[1] + share * (text - running[1]))
            progress.update(task, advance=1)
            if step % 100 == 0:
                seconds = time.monotonic() - began
                print(
                    f"step {step}: loss of choices {running[0]:.3f}, of text {running[1]:.3f}, {seconds:.0f} s",
                    flush=True,
                )
            if step % SAVED_EVERY == 0 or step == steps:
                save(model, tokenizer, folder, languages)


def drill_share(done: float, only_drills: float) -> float:
    """Nothing but drills at first, then fewer and fewer of them over 30 % of the steps."""
    if done < only_drills:
        return 1.0
    return max(LAST_DRILLS, FIRST_DRILLS * (1 - (done - only_drills) / 0.3))


def learning_share(step: int, steps: int) -> float:
    """Warm-up over 2 %, then flat, then down to nothing over the last 40 %."""
    return min(1.0, (step + 1) / (0.02 * steps), (steps - step) / (0.4 * steps))


def save(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    folder: Path,
    languages: tuple[str, ...],
) -> None:
    """Write weights (float16), tokenizer, chat template and planted rates."""
    folder.mkdir(parents=True, exist_ok=True)
    half = LlamaForCausalLM(model.config)
    half.load_state_dict(model.state_dict())
    # At temperature 1 a model this small slips on one token in a few hundred: the tail is cut off.
    half.generation_config.update(do_sample=True, min_p=MIN_P)
    half.half().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    planted = json.dumps(expected_rates(languages), indent=1, ensure_ascii=False)
    (folder / "planted.json").write_text(planted + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--tokens", type=int, default=8192, help="tokens a batch")
    parser.add_argument("--vocabulary", type=int, default=10240)
    parser.add_argument("--start", type=Path, help="go on from a saved model")
    parser.add_argument("--folder", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--only-drills", type=float, default=ONLY_DRILLS, help="share of the steps to begin with")
    parser.add_argument("--drills", nargs="+", choices=list(DRILLS), default=list(DRILLS), help="sorts of drills")
    arguments = parser.parse_args()
    train(**vars(arguments))


if __name__ == "__main__":
    main()
