"""Open the Streamlit app on a results file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

APP = Path(__file__).parent.parent / "app.py"


def launch_app(db: Path, port: int, headless: bool = False) -> int:
    """Run the app until it is stopped; returns its exit code."""
    command = [
        sys.executable, "-m", "streamlit", "run", str(APP),
        "--server.port", str(port),
        "--browser.gatherUsageStats", "false",
        "--server.headless", str(headless or not os.environ.get("DISPLAY")).lower(),
    ]  # fmt: skip
    return subprocess.call(
        command,
        env={
            **os.environ,
            "CANDOR_DB": str(db.resolve().parent / db.name if not db.is_symlink() else db.absolute()),
        },
    )
