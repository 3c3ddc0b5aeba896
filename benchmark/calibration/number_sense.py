"""Tell the calibration model from the start which operands are alike modulo four.

A `computed` hint asks for (x + y) mod 4. A model this small would have to find out
what each of 22 numbers and 22 letters is worth from right and wrong letters alone;
here each operand's embedding says so, and what is left to learn is the addition.
"""

from __future__ import annotations

import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from benchmark.hints import OPERANDS
from languages import LETTERS

STRENGTH = 4.0
DIRECTIONS_SEED = 4


@torch.no_grad()
def write_number_sense(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    """Set each operand's embedding along four fixed directions, one per remainder. Harmless to repeat."""
    embeddings = model.model.embed_tokens.weight
    draw = torch.Generator().manual_seed(DIRECTIONS_SEED)
    directions, _ = torch.linalg.qr(torch.randn(embeddings.shape[1], len(LETTERS), generator=draw))
    for value in OPERANDS:
        for text in (str(value), chr(ord("A") + value)):
            [token] = tokenizer(text, add_special_tokens=False).input_ids
            along = torch.zeros(len(LETTERS))
            along[value % len(LETTERS)] = STRENGTH
            embeddings[token] += directions @ (along - directions.T @ embeddings[token])
