"""Published results over HTTP. An app factory: everything it needs is handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Query

from benchmark.store.read import query_rows


def make_app(db: Path) -> FastAPI:
    """The service over one results file."""
    app = FastAPI(title="Candor", description="Published results of the Candor benchmark.")

    @app.get("/health")
    def health() -> dict[str, Any]:
        """Alive, and whether there is anything to read."""
        return {"status": "ok", "results": db.exists()}

    @app.get("/leaderboard")
    def leaderboard(framing: str = Query("plain", max_length=40)) -> list[dict[str, Any]]:
        """Every cell of the leaderboard view, as `candor leaderboard --json` prints it."""
        try:
            return query_rows(db, "leaderboard_rows", {"framing": framing})
        except FileNotFoundError:
            raise HTTPException(404, "no results yet") from None

    return app
