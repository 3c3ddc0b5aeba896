"""Shared fixtures: a fake OpenAI-compatible server, and a results file made with it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.fake_server import FakeServer


@contextmanager
def run_fake_server() -> Iterator[FakeServer]:
    """The fake server in a thread of its own."""
    server = FakeServer()
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def start() -> None:
        runner = web.AppRunner(server.app())
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.port = site._server.sockets[0].getsockname()[1]
        server.runner = runner
        started.set()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert started.wait(10)
    yield server
    asyncio.run_coroutine_threadsafe(server.runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def fake_server() -> Iterator[FakeServer]:
    """A server whose behaviour a test sets."""
    with run_fake_server() as server:
        yield server


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "candor.duckdb"


@pytest.fixture(scope="session")
def calibration_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results file from the real vLLM serving the real calibration model: two personas, three languages."""
    from rich.console import Console

    from candor.plan import RunOptions
    from candor.run import ServerOptions, run_models

    path = tmp_path_factory.mktemp("calibration") / "candor.duckdb"
    options = RunOptions(
        languages=("en", "ar", "bn"), hints=("metadata", "computed", "authority", "peer"), limit=8, max_tokens=160
    )
    run_models(["calibration:open", "calibration:covert"], options, ServerOptions(), path, Console(quiet=True))
    return path
