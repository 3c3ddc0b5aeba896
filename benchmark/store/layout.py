"""Where everything of a results file lies.

candor.duckdb                 symlink to the newest published snapshot: what readers open
candor.duckdb.d/live.duckdb   the file that only its owner opens
candor.duckdb.d/published/    the last few snapshots
candor.duckdb.d/spool/        finished trials on their way in, a file an entry
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StoreLayout:
    """The paths that belong to the results file `db`."""

    db: Path

    @property
    def folder(self) -> Path:
        """The folder beside the symlink."""
        return self.db.with_name(self.db.name + ".d")

    @property
    def live(self) -> Path:
        """The file with all tables, opened by its owner alone."""
        return self.folder / "live.duckdb"

    @property
    def owner_lock(self) -> Path:
        """Held by the process that has the live file open."""
        return self.folder / "owner.lock"

    @property
    def published(self) -> Path:
        """The folder of snapshots."""
        return self.folder / "published"

    @property
    def spools(self) -> Path:
        """The folder of spools."""
        return self.folder / "spool"

    def spool(self, entry_id: str) -> Path:
        """The spool of one entry."""
        return self.spools / f"{entry_id}.jsonl"

    def spool_lock(self, entry_id: str) -> Path:
        """Held by the run that writes this spool."""
        return self.spools / f"{entry_id}.lock"
