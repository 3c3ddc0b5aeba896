"""A model opened up: its layers' outputs, each read as if it were the last one.

nostalgebraist (2020), "interpreting GPT: the logit lens": the final norm and the unembedding are
applied to the residual stream after every layer. torch and transformers are imported on use.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

#: Where models keep the norm before the unembedding.
NORM_NAMES = ("norm", "ln_f", "final_layernorm", "final_layer_norm", "final_norm")
# The lens at the last layer must agree with the model's own probabilities.
TOLERANCE = 0.01
CHECKED_IDS = (1, 2, 3)


class LensError(Exception):
    """The model cannot be read so; the message says why."""


@dataclass(frozen=True)
class LensModel:
    """A model with its tokenizer and the parts that the lens needs."""

    model: Any
    tokenizer: Any
    layers: tuple[Any, ...]
    norm: Any
    unembedding: Any
    softcap: float | None


def load_model(source: str, revision: str | None = None) -> LensModel:
    """Load a folder or Hugging Face id, onto a GPU where there is one (else in single precision on the CPU).

    Raises:
        LensError: transformers is missing, the model cannot be loaded, or its layers cannot be read so.
    """
    if not all(importlib.util.find_spec(name) for name in ("torch", "transformers")):
        raise LensError("torch and transformers are not installed here; `make setup` installs them.")
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    silence: Any = logging.disable_progress_bar
    silence()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype: Any = "auto" if device == "cuda" else torch.float32
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, revision=revision or "main")
        model: Any = AutoModelForCausalLM.from_pretrained(source, revision=revision or "main", dtype=dtype)
    except (OSError, ValueError, KeyError) as error:
        raise LensError(f"it cannot be loaded ({error}).") from None
    opened = open_model(model.to(device).eval(), tokenizer)
    check_model(opened)
    return opened


def open_model(model: Any, tokenizer: Any) -> LensModel:
    """Find the layers, the final norm and the unembedding.

    Raises:
        LensError: they are not where other models have them.
    """
    config = model.config.get_text_config()
    base = getattr(model.base_model, "decoder", model.base_model)
    lists = [part for part in base.children() if type(part).__name__ == "ModuleList"]
    layers = next((tuple(part) for part in lists if len(part) == config.num_hidden_layers), None)
    norm = next((getattr(base, name) for name in NORM_NAMES if getattr(base, name, None) is not None), None)
    unembedding = model.get_output_embeddings()
    if layers is None or norm is None or unembedding is None:
        raise LensError(f"a {type(model).__name__} keeps its layers, final norm or unembedding somewhere unknown.")
    return LensModel(model, tokenizer, layers, norm, unembedding, getattr(config, "final_logit_softcapping", None))


def check_model(opened: LensModel) -> None:
    """See that the lens at the last layer gives the model's own probabilities.

    Raises:
        LensError: the model does something else between its last layer and its logits.
    """
    import torch

    ids = torch.tensor([CHECKED_IDS], device=opened.model.device)
    with torch.no_grad(), _catch_residuals(opened) as caught:
        own = torch.softmax(opened.model(input_ids=ids, use_cache=False).logits[0, -1].float(), dim=-1)
        seen = _read_residuals(opened, caught)[-1]
    if (off := (own - seen).abs().max().item()) > TOLERANCE:
        raise LensError(
            f"a {type(opened.model).__name__} does something of its own between its last layer and its logits "
            f"(probabilities differ by {off:.2f}), so what the lens shows would not be its answer."
        )


def read_layers(opened: LensModel, ids: list[int], wanted: list[int]) -> list[list[float]]:
    """Probabilities, in the whole vocabulary, of the `wanted` token ids as the token after `ids`.

    Returns:
        (layers + 1) × len(wanted); row 0 is read from the embedding.
    """
    import torch

    inputs = torch.tensor([ids], device=opened.model.device)
    with torch.no_grad(), _catch_residuals(opened) as caught:
        opened.model.base_model(input_ids=inputs, use_cache=False)
        shares: list[list[float]] = _read_residuals(opened, caught)[:, wanted].tolist()
    return shares


def _read_residuals(opened: LensModel, caught: list[Any]) -> Any:
    """(layers + 1, vocabulary) probabilities from as many residuals of the last position."""
    import torch

    logits = opened.unembedding(opened.norm(torch.stack(caught))).float()
    if opened.softcap:
        logits = opened.softcap * torch.tanh(logits / opened.softcap)
    return torch.softmax(logits, dim=-1)


@contextmanager
def _catch_residuals(opened: LensModel) -> Iterator[list[Any]]:
    """The residual stream at the last position: before the first layer, then after each."""
    caught: list[Any] = []

    def before(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        caught.append((args[0] if args else kwargs["hidden_states"])[0, -1])

    def after(module: Any, args: tuple[Any, ...], output: Any) -> None:
        caught.append((output[0] if isinstance(output, tuple) else output)[0, -1])

    hooks = [opened.layers[0].register_forward_pre_hook(before, with_kwargs=True)]
    hooks += [layer.register_forward_hook(after) for layer in opened.layers]
    try:
        yield caught
    finally:
        for hook in hooks:
            hook.remove()
