"""Open the Streamlit app on a results file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmark.store.read import require_file

APP = Path(__file__).parent.parent / "app.py"


def launch_app(db: Path, host: str, port: int) -> int:
    """Run the app until it is stopped; returns its exit code.

    Raises:
        FileNotFoundError: no such results file.
    """
    require_file(db)
    settings = {
        # Streamlit's own default is every interface, and the Audit page writes.
        "server.address": host,
        "server.port": port,
        "server.headless": str(not os.environ.get("DISPLAY")).lower(),
        "server.fileWatcherType": "none",
        "client.toolbarMode": "minimal",
        "browser.gatherUsageStats": "false",
    }
    flags = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *flags]
    return subprocess.call(command, env={**os.environ, "CANDOR_DB": str(db.absolute())})
