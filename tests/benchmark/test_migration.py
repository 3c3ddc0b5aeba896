"""A results file of an older schema is brought up to date and loses nothing."""

import duckdb
from rich.console import Console

from benchmark.store import StoreLayout, open_live, publish, query
from candor.plan import RunOptions
from candor.run import ServerOptions, run

OPTIONS = RunOptions(("en",), ("metadata",), limit=2)
ADDED_IN_2 = (("trials", "scaffold"), ("trials", "pledge"), ("trials", "interview"), ("trials", "turn"))
ADDED_IN_3 = (("trials", "reasoning_language"), ("trials", "language_share"))


def test_version_1_is_migrated(fake_server, db):
    run("fake", OPTIONS, ServerOptions(fake_server.url), db, Console(quiet=True))
    before = query(db, "FROM leaderboard").to_pylist()
    with duckdb.connect(str(StoreLayout(db).live)) as live:
        for table, column in (*ADDED_IN_2, ("responses", "turns"), *ADDED_IN_3):
            live.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        live.execute("UPDATE meta SET value = '1' WHERE name = 'schema_version'")
    with open_live(db) as store:
        publish(store)
    assert query(db, "SELECT value FROM meta WHERE name = 'schema_version'").to_pylist() == [{"value": "5"}]
    assert query(db, "FROM leaderboard").to_pylist() == before
    again = run("fake", OPTIONS, ServerOptions(fake_server.url), db, Console(quiet=True))
    assert again.done == 0
