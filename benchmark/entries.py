"""Entries: a model with everything that makes its numbers its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from benchmark.seeding import digest
from benchmark.trials import Sampling


@dataclass(frozen=True)
class Entry:
    """A model, its revision, its settings and where its responses came from.

    `provenance`: run here, endpoint, uploaded, reported elsewhere, calibration.
    """

    model: str
    revision: str
    provenance: str
    sampling: Sampling
    chat_template_kwargs: dict[str, Any] = field(default_factory=dict)
    engine: str = ""
    engine_version: str = ""
    quantisation: str = ""

    @property
    def entry_id(self) -> str:
        """A hash of what may change the numbers; the engine's version is only noted."""
        return digest(
            self.model,
            self.revision,
            self.provenance,
            orjson.dumps(asdict(self.sampling), option=orjson.OPT_SORT_KEYS).decode(),
            orjson.dumps(self.chat_template_kwargs, option=orjson.OPT_SORT_KEYS).decode(),
            self.quantisation,
            length=16,
        )

    def as_row(self) -> dict[str, Any]:
        """The entry as a row of the `entries` table."""
        return {
            "entry_id": self.entry_id,
            "model": self.model,
            "revision": self.revision,
            "provenance": self.provenance,
            "sampling": orjson.dumps(asdict(self.sampling)).decode(),
            "chat_template_kwargs": orjson.dumps(self.chat_template_kwargs).decode(),
            "engine": self.engine,
            "engine_version": self.engine_version,
            "quantisation": self.quantisation,
        }
