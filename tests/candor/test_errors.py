"""What the user's own mistakes with files end in: a sentence with the path, and nothing lost."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from candor.cli import app
from candor.errors import DISK_FULL, explain
from candor.export import export_files
from candor.plan import OptionError, RunOptions, make_plan
from candor.writing import OutputError
from tests.benchmark.statistics.random_results import make_file


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOENT, "a/b: there is no such file or folder."),
        (errno.EISDIR, "a/b: this is a folder. Name a file in it."),
        (errno.ENOTDIR, "a/b: a file stands where a folder is wanted."),
        (errno.EEXIST, "a/b: this exists already."),
        (errno.EACCES, "no permission for a/b."),
        (errno.ENAMETOOLONG, "a/b: File name too long."),
    ],
)
def test_a_file_that_cannot_be_used_is_named(number, said):
    assert explain(OSError(number, os.strerror(number), "a/b")).startswith(said)


def test_errors_of_our_own_keep_their_traceback_and_their_words():
    assert explain(OSError(errno.ECONNRESET, "reset")) is None
    assert explain(pa.ArrowInvalid("tried to convert to int64")) is None
    assert explain(FileNotFoundError("there is no results file x.")) == "there is no results file x."
    assert explain(OSError(errno.ENOSPC, "No space left on device")) == DISK_FULL


def test_a_broken_parquet_file_is_named(tmp_path):
    broken = tmp_path / "broken.parquet"
    broken.write_text("junk")
    with pytest.raises(OptionError, match=r"--questions .*broken\.parquet: this cannot be read"):
        make_plan(RunOptions(questions=str(broken)))


@pytest.mark.parametrize(
    "command", [["plan"], ["uplift", "MODEL"], ["simulate"], ["score", "in.jsonl"]], ids=lambda command: command[0]
)
@pytest.mark.parametrize(("output", "message"), [(".", "this is a folder"), ("no/such/file", "there is no folder")])
def test_output_is_checked_before_the_work(tmp_path, command, output, message):
    refused = CliRunner().invoke(app, [*command, "-o", str(tmp_path / output)])
    assert isinstance(refused.exception, OutputError)
    assert "--output" in str(refused.exception)
    assert message in str(refused.exception)


def test_what_is_no_results_file_is_said(tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("something\n" * 2000)
    for db, said in ((tmp_path, "this is a folder. Name the results file"), (other, "this cannot be opened as a")):
        refused = CliRunner().invoke(app, ["sql", "select 1", "--db", str(db)])
        assert explain(refused.exception).startswith(f"--db {db}: {said}")


def test_export_into_a_file_is_refused_and_leaves_it(tmp_path):
    db = make_file(tmp_path / "candor.duckdb")
    standing = tmp_path / "out"
    standing.write_text("something\n")
    for folder in (standing, standing / "deeper"):
        with pytest.raises(OptionError, match=f"DIR '{folder}': {standing} is a file. Name a folder"):
            export_files(db, folder, "parquet")
    assert standing.read_text() == "something\n"


def test_a_failed_export_makes_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no results file"):
        export_files(tmp_path / "nowhere.duckdb", tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


def test_the_command_ends_in_one_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "candor", "plan", "-o", str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"candor: --output '{tmp_path}': this is a folder. Name a file in it.\n"
