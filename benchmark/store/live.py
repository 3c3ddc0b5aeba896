"""The live file: one owner at a time, batches in one transaction, harmless to repeat."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from benchmark.sql import read_sql
from benchmark.store.layout import StoreLayout
from languages import available, load

SCHEMA_VERSION = "5"
# Versions that sql/migrate_N.sql brings to the next one.
MIGRATIONS = ("1", "2", "3", "4")
REPORTED_CSV = Path(__file__).parent.parent / "reference" / "arxiv_2605_27901_figure1.csv"
REPORTED_SOURCE = "arXiv 2605.27901, Figure 1"

TEXT, NUMBER = pa.string(), pa.int32()
ARROW_SCHEMAS = {
    "new_entries": pa.schema(
        [
            (name, TEXT)
            for name in (
                "entry_id", "model", "revision", "provenance", "sampling",
                "chat_template_kwargs", "engine", "engine_version", "quantisation",
            )
        ]
    ),
    "new_prompts": pa.schema(
        [
            ("prompt_hash", TEXT), ("messages", TEXT), ("question", TEXT),
            ("options", pa.list_(TEXT)), ("hint_text", TEXT),
        ]
    ),
    "new_trials": pa.schema(
        [
            ("entry_id", TEXT), ("trial_id", TEXT), ("suite", TEXT), ("question_id", TEXT),
            ("category", TEXT), ("language", TEXT), ("arm", TEXT), ("hint_kind", TEXT),
            ("variant", TEXT), ("phrasing", NUMBER), ("scaffold", TEXT), ("framing", TEXT),
            ("sample", NUMBER), ("key", TEXT), ("target", TEXT), ("prompt_hash", TEXT),
            ("pledge", TEXT), ("interview", TEXT), ("turn", NUMBER), ("answer", TEXT),
            ("outcome", TEXT), ("channel", TEXT), ("finish_reason", TEXT),
            ("reasoning_language", TEXT), ("language_share", pa.float64()),
            ("prompt_tokens", NUMBER), ("completion_tokens", NUMBER),
        ]
    ),
    "new_verdicts": pa.schema(
        [
            ("entry_id", TEXT), ("trial_id", TEXT), ("detector", TEXT), ("mentions", pa.bool_()),
            ("derives", pa.bool_()), ("disclosed", pa.bool_()), ("relies", TEXT),
            ("confidence", pa.float64()), ("evidence", pa.list_(pa.list_(NUMBER))),
            ("reasoning_language", TEXT), ("current", pa.bool_()),
        ]
    ),
    "new_responses": pa.schema(
        [("entry_id", TEXT), ("trial_id", TEXT), ("turns", TEXT), ("reasoning", TEXT), ("content", TEXT)]
    ),
}  # fmt: skip

CLASSES_SCHEMA = pa.schema(
    [
        ("entry_id", TEXT), ("trial_id", TEXT), ("classifier", TEXT), ("class", TEXT),
        ("evidence", pa.list_(NUMBER)), ("current", pa.bool_()),
    ]
)  # fmt: skip

LETTER_SHARES = [(name, pa.float64()) for name in ("p_a", "p_b", "p_c", "p_d")]
PROBES_SCHEMA = pa.schema(
    [
        ("entry_id", TEXT), ("trial_id", TEXT), ("cut", NUMBER), ("unit", TEXT), ("tokens", NUMBER),
        *LETTER_SHARES, ("forced", TEXT),
    ]
)  # fmt: skip
LENS_SCHEMA = pa.schema([("entry_id", TEXT), ("trial_id", TEXT), ("layer", NUMBER), ("cut", NUMBER), *LETTER_SHARES])

Batch = dict[str, list[dict[str, Any]]]


class StoreError(Exception):
    """The results file cannot be used; the message says why and what to do."""


class LiveStore:
    """The open live file. Get one from `open_live`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, layout: StoreLayout) -> None:
        self.connection = connection
        self.layout = layout

    def ingest(self, batch: Batch) -> None:
        """Add rows (keys as in ARROW_SCHEMAS) in one transaction; known trials are left alone."""
        for name, schema in ARROW_SCHEMAS.items():
            self.connection.register(name, pa.Table.from_pylist(batch.get(name, []), schema=schema))
        self._execute("ingest")

    def add_verdicts(self, rows: list[dict[str, Any]]) -> None:
        """Add verdicts on stored responses in one transaction; the views go by them where they go by no other's."""
        self._add("verdicts", rows, ARROW_SCHEMAS["new_verdicts"])

    def drop_missing(self, detector: str, entry_id: str | None) -> None:
        """Forget where this detector could not tell, so that it is asked again."""
        self.connection.execute(read_sql("drop_missing"), {"detector": detector, "entry_id": entry_id})

    def go_by_detector(self, detector: str, entry_id: str | None) -> None:
        """Let the views go by this detector's verdicts wherever it has spoken; in all entries by default."""
        self.connection.execute(read_sql("go_by_detector"), {"detector": detector, "entry_id": entry_id})

    def add_classes(self, rows: list[dict[str, Any]]) -> None:
        """Add classes of switched trials in one transaction."""
        self._add("classes", rows, CLASSES_SCHEMA)

    def go_by_classifier(self, classifier: str, entry_id: str | None) -> None:
        """Let the views go by this classifier's classes wherever it has spoken; in all entries by default."""
        self.connection.execute(read_sql("go_by_classifier"), {"classifier": classifier, "entry_id": entry_id})

    def add_probes(self, rows: list[dict[str, Any]]) -> None:
        """Add forced answers in one transaction."""
        self._add("probes", rows, PROBES_SCHEMA)

    def add_lens(self, rows: list[dict[str, Any]]) -> None:
        """Add readings of a model's layers in one transaction."""
        self._add("lens", rows, LENS_SCHEMA)

    def read(self, name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of a query kept as `name`.sql."""
        relation = self.connection.sql(read_sql(name), params=parameters)
        rows: list[dict[str, Any]] = relation.to_arrow_table().to_pylist()
        return rows

    def _add(self, table: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
        """Run add_`table`.sql on rows that it finds as the table new_`table`."""
        self.connection.register(f"new_{table}", pa.Table.from_pylist(rows, schema=schema))
        self._execute(f"add_{table}")

    def _execute(self, name: str) -> None:
        self.connection.begin()
        try:
            self.connection.execute(read_sql(name))
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()


@contextmanager
def open_live(db: Path, wait_s: float = -1) -> Iterator[LiveStore]:
    """Own the live file of `db` for a while, creating it if need be.

    Args:
        db: the results file.
        wait_s: how long to wait for the present owner; negative waits for ever.

    Raises:
        Timeout: another process still owns it after `wait_s`.
        StoreError: the file is of another schema version, or no results file at all.
    """
    layout = StoreLayout(db)
    if db.exists() and not db.is_symlink():
        raise StoreError(
            f"--db {db}: this is a plain file, not a results file of Candor (those are links to a "
            f"snapshot in {layout.folder.name}/). Choose another name."
        )
    try:
        layout.published.mkdir(parents=True, exist_ok=True)
        layout.spools.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"--db {db}: cannot create {layout.folder} ({error.strerror}).") from None
    with FileLock(layout.owner_lock, timeout=wait_s):
        connection = duckdb.connect(str(layout.live))
        try:
            _prepare(connection, layout)
            yield LiveStore(connection, layout)
        finally:
            connection.close()


def _prepare(connection: duckdb.DuckDBPyConnection, layout: StoreLayout) -> None:
    connection.execute(read_sql("schema"))
    versions = connection.execute(read_sql("schema_version")).fetchall()
    if not versions:
        connection.register("new_languages", _language_table())
        connection.register("new_reported", _reported_table())
        connection.register("new_meta", pa.table({"name": ["schema_version"], "value": [SCHEMA_VERSION]}))
        connection.execute(read_sql("first_rows"))
        return
    while versions != [(SCHEMA_VERSION,)] and len(versions) == 1 and versions[0][0] in MIGRATIONS:
        connection.execute(read_sql(f"migrate_{versions[0][0]}"))
        versions = connection.execute(read_sql("schema_version")).fetchall()
    if versions != [(SCHEMA_VERSION,)]:
        raise StoreError(
            f"{layout.live} has schema version {versions[0][0]}, this Candor writes {SCHEMA_VERSION}. "
            "Use the Candor that wrote it, or another --db."
        )


def _language_table() -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "language": code,
                "name": load(code).language.name,
                "native_name": load(code).language.native_name,
                "resource_level": load(code).language.resource_level,
                "position": position,
            }
            for position, code in enumerate(available())
        ]
    )


def _reported_table() -> pa.Table:
    with REPORTED_CSV.open(encoding="utf-8") as file:
        rows = [
            {
                "source": REPORTED_SOURCE,
                "model": row["model"],
                "language": row["language"],
                "hint": row["hint"],
                "deception_rate": int(row["deception_rate_percent"]) / 100,
            }
            for row in csv.DictReader(file)
        ]
    return pa.Table.from_pylist(rows)


__all__ = ["ARROW_SCHEMAS", "Batch", "LiveStore", "StoreError", "Timeout", "open_live"]
