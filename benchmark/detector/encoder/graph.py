"""The merged, quantised network as an ONNX graph, built once into the user's cache.

Base and adapter are merged, matrices quantised to 8 bits a weight by output channel, the
vocabulary by row. The graph reads one pair at a time: activations are quantised over
what is read together, so a batch would let neighbours change a verdict.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from onnx import ModelProto, TensorProto, helper, numpy_helper, save

from benchmark.caching import cache_folder
from benchmark.detector.encoder.adapter import adapter_hash, load_adapter
from benchmark.detector.encoder.base import BASE_SHA256, Base, find_base_file, read_base

GRAPH_VERSION = 1
OPSET = 20
LOWEST = -1e4

Array = np.ndarray[Any, np.dtype[Any]]


def graph_path() -> Path:
    """Where the graph of this base and this adapter is kept."""
    return cache_folder("detector") / f"encoder-{BASE_SHA256[:8]}-{adapter_hash()}-{GRAPH_VERSION}.onnx"


def find_graph() -> Path:
    """Path of the built graph; builds it first where the cache does not hold it (half a minute, 120 MB)."""
    path = graph_path()
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            build_graph(read_base(find_base_file()), load_adapter(), path)
    return path


def build_graph(base: Base, adapter: dict[str, Array], path: Path) -> None:
    """Write the quantised graph of base and adapter to `path`, whole or not at all."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        save(compose_graph(base, adapter), full)
        _quantise(full, small)
        small.replace(path)


def _quantise(full: Path, small: Path) -> None:
    before = list(sys.path)
    try:
        from onnxruntime.quantization import QuantType, quantize_dynamic
    finally:
        # It puts folders of its own there, in which a `benchmark.py` would stand for this package.
        sys.path[:] = before
    quantize_dynamic(full, small, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QUInt8)


class _Writer:
    """Nodes and constants of a graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Array) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name


def compose_graph(base: Base, adapter: dict[str, Array]) -> ModelProto:
    """The network of one pair in float32: ids (length), passage (length) to window (outputs), tokens (length)."""
    w = _Writer()
    sizes = base.sizes
    x = _embed(w, base)
    for number in range(sizes.layers):
        x = _add_layer(w, base, adapter, number, x)
    mask = w.node("Unsqueeze", "passage", w.constant("last", np.array([1])))
    first = w.constant("first", np.array([0]))
    count = w.node("Max", w.node("ReduceSum", mask, first, keepdims=0), w.constant("one", np.ones(1, np.float32)))
    mean = w.node("Div", w.node("ReduceSum", w.node("Mul", x, mask), first, keepdims=0), count)
    outside = w.node("Mul", w.node("Sub", "one", mask), w.constant("lowest", np.array([LOWEST], np.float32)))
    top = w.node("ReduceMax", w.node("Add", x, outside), first, keepdims=0)
    pooled = w.node("Concat", mean, top, axis=0)
    window = w.node("Add", w.node("MatMul", pooled, _head(w, adapter, "window_head")), "window_head.bias")
    tokens = w.node("Add", w.node("MatMul", x, _head(w, adapter, "token_head")), "token_head.bias")
    tokens = w.node("Squeeze", tokens, "last")
    w.nodes += [helper.make_node("Identity", [window], ["window"]), helper.make_node("Identity", [tokens], ["tokens"])]
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["length"]),
        helper.make_tensor_value_info("passage", TensorProto.FLOAT, ["length"]),
    ]
    outputs = [
        helper.make_tensor_value_info("window", TensorProto.FLOAT, [None]),
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["length"]),
    ]
    graph = helper.make_graph(w.nodes, "candor-detector", inputs, outputs, w.constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)


def _embed(w: _Writer, base: Base) -> str:
    hidden = base.sizes.hidden
    words = base.tensors["emb.word"].reshape(-1, hidden)
    scales = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-8) / 127
    whole = np.rint(words / scales).astype(np.int8)
    rows = w.node("Cast", w.node("Gather", w.constant("words", whole), "ids"), to=TensorProto.FLOAT)
    x = w.node("Mul", rows, w.node("Gather", w.constant("scales", scales.astype(np.float32)), "ids"))
    places = base.tensors["emb.pos"].reshape(-1, hidden) + base.tensors["emb.type"].reshape(-1, hidden)[0]
    length = w.node("Shape", "ids")
    taken = w.node("Slice", w.constant("places", places), w.constant("zero", np.array([0])), length)
    return _normalise(w, base, w.node("Add", x, taken), "emb.ln")


def _add_layer(w: _Writer, base: Base, adapter: dict[str, Array], number: int, x: str) -> str:
    heads, hidden = base.sizes.heads, base.sizes.hidden
    size = hidden // heads

    def linear(name: str, value: str) -> str:
        matrix, bias = _merge(base, adapter, number, name)
        product = w.node("MatMul", value, w.constant(f"l{number}.{name}.w", matrix.T))
        return w.node("Add", product, w.constant(f"l{number}.{name}.b", bias))

    shape = w.constant(f"l{number}.split", np.array([-1, heads, size]))
    q, k, v = (w.node("Reshape", linear(name, x), shape) for name in ("q", "k", "v"))
    scores = w.node("MatMul", w.node("Transpose", q, perm=[1, 0, 2]), w.node("Transpose", k, perm=[1, 2, 0]))
    scaled = w.node("Mul", scores, w.constant(f"l{number}.scale", np.array([size**-0.5], np.float32)))
    seen = w.node("MatMul", w.node("Softmax", scaled, axis=-1), w.node("Transpose", v, perm=[1, 0, 2]))
    joined = w.node(
        "Reshape", w.node("Transpose", seen, perm=[1, 0, 2]), w.constant(f"l{number}.join", np.array([-1, hidden]))
    )
    x = _normalise(w, base, w.node("Add", x, linear("ao", joined)), f"l{number}.aln")
    inner = linear("fo", w.node("Gelu", linear("fi", x)))
    return _normalise(w, base, w.node("Add", x, inner), f"l{number}.oln")


def _merge(base: Base, adapter: dict[str, Array], number: int, name: str) -> tuple[Array, Array]:
    """A matrix (outputs, inputs) with its adapter added, and its bias."""
    bias = base.tensors[f"l{number}.{name}.b"]
    matrix = base.tensors[f"l{number}.{name}.w"].reshape(bias.size, -1)
    a, b = (adapter.get(f"layers.{number}.{name}.{part}") for part in ("a", "b"))
    return (matrix if a is None or b is None else matrix + b @ a), bias


def _normalise(w: _Writer, base: Base, x: str, name: str) -> str:
    parts = [w.constant(f"{name}.{part}", base.tensors[f"{name}.{part}"]) for part in ("w", "b")]
    return w.node("LayerNormalization", x, *parts, epsilon=base.sizes.epsilon)


def _head(w: _Writer, adapter: dict[str, Array], name: str) -> str:
    w.constant(f"{name}.bias", adapter[f"{name}.bias"])
    return w.constant(f"{name}.weight", adapter[f"{name}.weight"].T)
