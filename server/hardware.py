"""What the machine offers for inference."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Gpu:
    """One NVIDIA GPU."""

    name: str
    memory_gib: float


def find_gpus() -> tuple[Gpu, ...]:
    """The NVIDIA GPUs that the driver lists; empty without a working driver."""
    if not shutil.which("nvidia-smi"):
        return ()
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        output = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    except (subprocess.SubprocessError, OSError):
        return ()
    rows = [line.rsplit(",", 1) for line in output.splitlines() if "," in line]
    return tuple(Gpu(name.strip(), int(memory) / 1024) for name, memory in rows)


def cpu_flags() -> frozenset[str]:
    """Instruction sets of the CPU as Linux names them; empty elsewhere."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return frozenset()
    for line in cpuinfo.read_text().splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def free_memory_gib() -> float:
    """Memory that a new process could use."""
    return float(psutil.virtual_memory().available) / 2**30
