"""The service over HTTP."""

from fastapi.testclient import TestClient
from rich.console import Console

from candor.plan import RunOptions
from candor.run import ServerOptions, run
from server.api import make_app


def test_health_and_leaderboard(fake_server, db):
    client = TestClient(make_app(db))
    assert client.get("/health").json() == {"status": "ok", "results": False}
    assert client.get("/leaderboard").status_code == 404
    run("fake", RunOptions(("en",), limit=2), ServerOptions(fake_server.url), db, Console(quiet=True))
    assert client.get("/health").json()["results"] is True
    assert {row["language"] for row in client.get("/leaderboard").json()} == {"en"}
