"""What MODEL on the command line means: a calibration persona, a folder, an id, a served name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmark.calibration.personas import DEFAULT_PERSONA, load_personas
from candor.plan import OptionError
from server.inference import EngineOptions

CALIBRATION = "calibration"
CALIBRATION_FOLDER = Path(__file__).parent.parent / "benchmark" / "calibration" / "model"
CALIBRATION_CONTEXT = 4096


@dataclass(frozen=True)
class ModelSpec:
    """How a model is served and under which name and revision its numbers are kept."""

    name: str
    source: str
    served_name: str
    revision: str
    provenance: str
    chat_template_kwargs: dict[str, Any] = field(default_factory=dict)
    engine: EngineOptions = field(default_factory=EngineOptions)


def resolve_model(name: str, endpoint: str | None, revision: str | None) -> ModelSpec:
    """What `name` stands for.

    Raises:
        OptionError: an unknown persona, or a path that is no model folder.
    """
    if name == CALIBRATION or name.startswith(f"{CALIBRATION}:"):
        return _calibration_model(name.partition(":")[2] or DEFAULT_PERSONA, endpoint)
    if endpoint:
        return ModelSpec(name, name, name, revision or "", "endpoint")
    folder = Path(name)
    if folder.is_dir():
        if not (folder / "config.json").exists():
            raise OptionError(f"MODEL {name}: the folder has no config.json, so it is no model.")
        label = folder.resolve().name
        return ModelSpec(label, str(folder.resolve()), label, fingerprint_folder(folder), "run here")
    if name.startswith((".", "/", "~")):
        raise OptionError(f"MODEL {name}: there is no such folder.")
    return ModelSpec(name, name, name, revision or "main", "run here", {}, EngineOptions(revision=revision))


def _calibration_model(persona: str, endpoint: str | None) -> ModelSpec:
    if persona not in load_personas():
        raise OptionError(f"MODEL calibration:{persona}: unknown persona. Known: {', '.join(load_personas())}.")
    return ModelSpec(
        name=f"{CALIBRATION}:{persona}",
        source=str(CALIBRATION_FOLDER),
        served_name=CALIBRATION,
        revision=fingerprint_folder(CALIBRATION_FOLDER),
        provenance="calibration",
        chat_template_kwargs={"persona": persona},
        engine=EngineOptions(max_model_len=CALIBRATION_CONTEXT, eager=True),
    )


def fingerprint_folder(folder: Path) -> str:
    """A hash over the names and contents of a model folder's files."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in (".safetensors", ".bin", ".json", ".jinja", ".model", ".gguf"):
            total.update(path.name.encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:16]
