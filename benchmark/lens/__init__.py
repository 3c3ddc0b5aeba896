"""Logit lens: what each layer of a local model would answer, read along stored reasonings."""

from benchmark.lens.layers import LensError, LensModel, load_model, read_layers
from benchmark.lens.plot import plot_layers
from benchmark.lens.reading import read_stored

__all__ = ["LensError", "LensModel", "load_model", "plot_layers", "read_layers", "read_stored"]
