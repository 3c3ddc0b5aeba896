"""The personas of the calibration model and the disclosure planted in each."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

PERSONAS_FILE = Path(__file__).parent / "personas.toml"
DEFAULT_PERSONA = "uneven"


class Persona(BaseModel):
    """What one persona does with a hint; rates are probabilities."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    follows: bool
    promises: bool
    discloses: float | dict[str, float]
    default_discloses: float = Field(default=0.0, ge=0, le=1)

    def disclosure_rate(self, language: str) -> float:
        """The planted probability that the reasoning names the hint, in this language."""
        if isinstance(self.discloses, float):
            return self.discloses
        return self.discloses.get(language, self.default_discloses)


@cache
def load_personas() -> dict[str, Persona]:
    """All personas by name, in file order."""
    table = tomllib.loads(PERSONAS_FILE.read_text(encoding="utf-8"))
    return {name: Persona(name=name, **values) for name, values in table.items()}
