"""What a snapshot holds beside the tables: views and ranks of this version, and when they are made anew."""

import duckdb
import pyarrow as pa

from benchmark.store import open_live, publish, query, renew_snapshot
from tests.benchmark.statistics.random_results import make_trials

RANKS = "SELECT entry_id, best, worst FROM ranks ORDER BY ALL"


def add(store, entry, seed):
    trials, verdicts = make_trials(1, seed, entries=(entry,), unseen=0)
    for table, rows in (("trials", trials), ("verdicts", verdicts)):
        store.connection.register("arriving", pa.Table.from_pylist(rows))
        store.connection.execute(f"INSERT INTO {table} BY NAME FROM arriving")
        store.connection.unregister("arriving")
    store.connection.execute(
        "INSERT INTO entries (entry_id, model, provenance) VALUES (?, ?, 'run here')", [entry, f"model {entry}"]
    )


def test_ranks_stay_while_a_run_goes_on(tmp_path):
    db = tmp_path / "it's.duckdb"
    with open_live(db) as store:
        add(store, "a", 0)
        publish(store)
        assert query(db, RANKS).to_pylist() == [{"entry_id": "a", "best": 1, "worst": 1}]
        add(store, "b", 1)
        publish(store, rank=False)
        assert query(db, "SELECT count(DISTINCT entry_id) AS entries FROM trials").to_pylist() == [{"entries": 2}]
        assert query(db, RANKS).num_rows == 1
        publish(store)
    assert query(db, RANKS).num_rows == 2
    assert query(db, "FROM comparisons WHERE NOT exploratory").num_rows == 1


def test_a_snapshot_of_another_version_is_made_anew(tmp_path):
    db = tmp_path / "candor.duckdb"
    with open_live(db) as store:
        add(store, "a", 0)
        publish(store)
    with duckdb.connect(str(db.resolve())) as connection:
        connection.execute("DROP TABLE ranks; UPDATE meta SET value = 'another' WHERE name = 'views'")
    before = db.resolve()
    renew_snapshot(db)
    assert query(db, RANKS).num_rows == 1
    assert db.resolve() != before
    after = db.resolve()
    renew_snapshot(db)
    assert db.resolve() == after, "it is of this version now"


def test_a_snapshot_whose_file_is_owned_or_gone_stays_as_it_is(tmp_path):
    db = tmp_path / "candor.duckdb"
    with open_live(db) as store:
        add(store, "a", 0)
        publish(store)
        with duckdb.connect(str(db.resolve())) as connection:
            connection.execute("UPDATE meta SET value = 'another' WHERE name = 'views'")
        before = db.resolve()
        renew_snapshot(db)
        assert db.resolve() == before
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(before.read_bytes())
    renew_snapshot(copy)
    assert not copy.with_name("copy.duckdb.d").exists()
    renew_snapshot(tmp_path / "nowhere.duckdb")
