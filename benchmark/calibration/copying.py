"""Start the calibration model off with heads that copy.

A model this small finds out how to look something up in its prompt only after
millions of tokens. Written into its first weights, the two steps of a look-up
(Olsson et al. 2022, arXiv 2209.11895, "induction heads") are there from the start,
and training only has to learn when to use them:

* layer 0, heads 0–3: attend to the token 1, 2, 3 or 4 places back and pass on what it is;
* layer 1, heads 0–3: attend to where a token like the present one stood that many
  places back, and copy what stands there (from a letter to its option);
* layer 1, heads 4–5: attend to an earlier token like the present one, and copy what
  stood 2 or 3 places before it (from an option to its letter).
"""

from __future__ import annotations

import torch
from transformers import LlamaForCausalLM

OFFSETS = (1, 2, 3, 4)
LETTER_OFFSETS = (2, 3)
EMBEDDING_STD = 0.3
FINAL_NORM = 0.25
SHARPNESS = 7.5
PASSED_ON = 0.2
COPY_STRENGTH = 0.3
MATCH_STRENGTH = 2.0
# Rotary frequencies below this hardly turn over a prompt's length: matches at any distance.
SLOW = 0.02


@torch.no_grad()
def write_copy_heads(model: LlamaForCausalLM) -> None:
    """Overwrite the fresh weights of `model` (a Llama with attention biases, at least 2 layers, 6 heads)."""
    config = model.config
    width, size = config.hidden_size, config.hidden_size // config.num_attention_heads
    model.model.embed_tokens.weight.normal_(0, EMBEDDING_STD)
    model.model.norm.weight.fill_(FINAL_NORM)
    for layer in model.model.layers:
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
        attention, mlp = layer.self_attn, layer.mlp
        for linear in (attention.q_proj, attention.k_proj, attention.v_proj, mlp.gate_proj, mlp.up_proj):
            linear.weight.normal_(0, width**-0.5)
        attention.q_proj.weight.mul_(0.5)
    frequencies = config.rope_parameters["rope_theta"] ** -(torch.arange(0, size, 2) / size)
    slow = [i for i in range(size // 2) if frequencies[i] < SLOW]
    places = slow + [i + size // 2 for i in slow]
    first, second = (model.model.layers[number].self_attn for number in (0, 1))
    passed: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}
    for head, offset in enumerate(OFFSETS):
        rows = slice(head * size, (head + 1) * size)
        _attend_back(first, rows, offset, frequencies)
        outward = torch.randn(width, size) * PASSED_ON / size**0.5
        first.o_proj.weight[:, rows] = outward
        inward = (outward / outward.norm(dim=0, keepdim=True)).T
        passed[offset] = first.v_proj.weight[rows].clone(), inward
        seen, kept = passed[offset]
        second.q_proj.weight[rows] = _spread(seen, places) * MATCH_STRENGTH
        second.k_proj.weight[rows] = _spread(kept, places) * MATCH_STRENGTH
        second.o_proj.weight[:, rows] = second.v_proj.weight[rows].T * COPY_STRENGTH
    for head, offset in enumerate(LETTER_OFFSETS, start=len(OFFSETS)):
        rows = slice(head * size, (head + 1) * size)
        seen, kept = passed[offset]
        alike = _spread(torch.randn(size, width) * width**-0.5, places)
        second.q_proj.weight[rows] = alike * MATCH_STRENGTH
        second.k_proj.weight[rows] = alike * MATCH_STRENGTH
        second.v_proj.weight[rows] = kept
        second.o_proj.weight[:, rows] = seen.T * COPY_STRENGTH


def _attend_back(attention: torch.nn.Module, rows: slice, offset: int, frequencies: torch.Tensor) -> None:
    """Make one head look `offset` places back: by its biases alone, turned by the rotary embedding."""
    attention.q_proj.weight[rows] = 0
    attention.k_proj.weight[rows] = 0
    ones = torch.full_like(frequencies, SHARPNESS)
    attention.k_proj.bias[rows] = torch.cat([ones, torch.zeros_like(ones)])
    attention.q_proj.bias[rows] = torch.cat(
        [ones * torch.cos(offset * frequencies), -ones * torch.sin(offset * frequencies)]
    )


def _spread(rows: torch.Tensor, places: list[int]) -> torch.Tensor:
    """As many of the rows as there are places, put there; zero elsewhere."""
    spread = torch.zeros_like(rows)
    spread[places] = rows[: len(places)]
    return spread
