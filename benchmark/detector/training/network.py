"""The encoder in torch: the base frozen, low-rank adapters beside its matrices, heads on top."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmark.detector.encoder.adapter import HEAD_OUTPUTS, MATRICES, RANK
from benchmark.detector.encoder.base import Base

MASKED = -1e4


class AdaptedLinear(nn.Module):
    """x W + b with W frozen, and the low-rank x A B beside it (LoRA, arXiv 2106.09685); B begins at 0."""

    weight: Tensor
    bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor, adapted: bool) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.adapted = adapted
        if adapted:
            outputs, inputs = weight.shape
            self.a = nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs))
            self.b = nn.Parameter(torch.zeros(outputs, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """(…, inputs) to (…, outputs)."""
        y = functional.linear(x, self.weight, self.bias)
        return y + functional.linear(functional.linear(x, self.a), self.b) if self.adapted else y


class Layer(nn.Module):
    """One BERT layer, normalised after each sub-layer."""

    def __init__(self, base: Base, number: int, adapted: bool) -> None:
        super().__init__()
        self.heads, self.epsilon = base.sizes.heads, base.sizes.epsilon
        hidden = base.sizes.hidden
        for name in MATRICES:
            weight = torch.tensor(base.tensors[f"l{number}.{name}.w"]).clone()
            bias = torch.tensor(base.tensors[f"l{number}.{name}.b"]).clone()
            inputs = weight.numel() // bias.numel()
            self.add_module(name, AdaptedLinear(weight.view(-1, inputs), bias, adapted))
        for name in ("aln", "oln"):
            for part in ("w", "b"):
                self.register_buffer(f"{name}_{part}", torch.tensor(base.tensors[f"l{number}.{name}.{part}"]).clone())
        self.hidden = hidden

    def forward(self, x: Tensor, blocked: Tensor, dropout: float) -> Tensor:
        """x (batch, length, hidden); blocked (batch, 1, 1, length), added to the attention scores."""
        batch, length, hidden = x.shape
        split = (batch, length, self.heads, hidden // self.heads)
        q, k, v = (self.get_submodule(name)(x).view(split).transpose(1, 2) for name in ("q", "k", "v"))
        attended = functional.scaled_dot_product_attention(q, k, v, attn_mask=blocked.to(q.dtype))
        attended = self.get_submodule("ao")(attended.transpose(1, 2).reshape(batch, length, hidden))
        x = self._normalise(x + functional.dropout(attended, dropout, self.training), "aln")
        inner = functional.gelu(self.get_submodule("fi")(x))
        inner = self.get_submodule("fo")(inner)
        return self._normalise(x + functional.dropout(inner, dropout, self.training), "oln")

    def _normalise(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self.get_buffer(f"{name}_w"), self.get_buffer(f"{name}_b")
        return functional.layer_norm(x.float(), (self.hidden,), weight, bias, self.epsilon)


class PairReader(nn.Module):
    """Reads (hint, window) pairs; see `forward` for what comes out."""

    words: Tensor
    places: Tensor
    ln_w: Tensor
    ln_b: Tensor

    def __init__(self, base: Base, frozen_layers: int = 0) -> None:
        super().__init__()
        sizes = base.sizes
        hidden = sizes.hidden
        self.epsilon, self.hidden = sizes.epsilon, hidden
        self.frozen_layers = frozen_layers
        self.register_buffer("words", torch.tensor(base.tensors["emb.word"]).view(-1, hidden).bfloat16())
        positions = torch.tensor(base.tensors["emb.pos"]).view(-1, hidden)
        kind = torch.tensor(base.tensors["emb.type"]).view(-1, hidden)[0]
        self.register_buffer("places", positions + kind)
        self.register_buffer("ln_w", torch.tensor(base.tensors["emb.ln.w"]).clone())
        self.register_buffer("ln_b", torch.tensor(base.tensors["emb.ln.b"]).clone())
        self.layers = nn.ModuleList(Layer(base, n, n >= frozen_layers) for n in range(sizes.layers))
        self.window_head = nn.Linear(2 * hidden, HEAD_OUTPUTS)
        self.token_head = nn.Linear(hidden, 1)
        nn.init.normal_(self.window_head.weight, std=0.02)
        nn.init.normal_(self.token_head.weight, std=0.02)

    def forward(self, ids: Tensor, passage: Tensor, real: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """Window logits and token logits.

        Args:
            ids: (batch, length) token ids.
            passage: (batch, length), 1 where a token belongs to the window, else 0.
            real: (batch, length), 1 where a token is no padding.
            dropout: share of a sub-layer's output dropped in training.

        Returns:
            (batch, HEAD_OUTPUTS) and (batch, length).
        """
        x = self.words[ids].float() + self.places[: ids.shape[1]]
        x = functional.layer_norm(x, (self.hidden,), self.ln_w, self.ln_b, self.epsilon)
        blocked = ((1 - real) * MASKED)[:, None, None, :]
        for number, layer in enumerate(self.layers):
            if number < self.frozen_layers:
                with torch.no_grad():
                    x = layer(x, blocked, 0.0)
            else:
                x = layer(x, blocked, dropout)
        x = x.float()
        mask = passage[..., None]
        mean = (x * mask).sum(1) / mask.sum(1).clamp(min=1)
        top = (x + (mask - 1) * -MASKED).amax(1)
        return self.window_head(torch.cat([mean, top], -1)), self.token_head(x)[..., 0]
